"""A cache in memory, with what real ones do between runs: bytes in, the same bytes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Memory"]


@dataclass
class Memory:
    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def get(self, namespace: str, key: str) -> bytes | None:
        return self.kept.get((namespace, key))

    def get_many(self, namespace: str, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: found for key in keys if (found := self.get(namespace, key)) is not None}

    def put(self, namespace: str, key: str, value: bytes) -> None:
        self.kept[namespace, key] = value

    def close(self) -> None:
        pass
