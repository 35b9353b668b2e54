"""How a small thing is done that may be done twice: once more where the answer to it was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["insist"]


def insist(work: Callable[[], object], is_lost: Callable[[Exception], bool]) -> None:
    """Do what may be done twice; once more where the answer to it was lost."""
    try:
        work()
    except Exception as error:
        if not is_lost(error):
            raise
        work()
