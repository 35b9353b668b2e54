"""What registries of one maker do their own way, as data; which is which is known by the host. Pure.

Only what cannot be found out by asking stands here.
"""

from __future__ import annotations

import re

__all__ = ["largest_page"]

# More than any registry grants; one that grants less gives less, or refuses and is asked for 1000.
_LARGEST = 10_000
_SMALLER = re.compile(
    r".+\.dkr[.-]ecr[.-].+|public\.ecr\.aws"  # ECR answers 405 above 1000
    r"|registry\.gitlab\.com",  # its registry answers 400 above 1000
    re.ASCII,
)


def largest_page(host: str) -> int:
    """Give how many tags to ask for at once."""
    return 1000 if _SMALLER.fullmatch(host) else _LARGEST
