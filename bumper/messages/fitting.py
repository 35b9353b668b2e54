"""What is longer than a forge takes: cut where a reader would pause. Pure."""

from __future__ import annotations

__all__ = ["LONGEST", "cut"]

# What GitHub takes; the others take more.
LONGEST = 65_536
_CUT = "_The rest is left out: the text would be too long._"


def cut(text: str, longest: int) -> str:
    """Cut a text at an empty line, with every part that is open closed again."""
    last = f"\n\n{_CUT}\n"
    kept = text[: longest - len(last) - len("\n\n</details>")]
    empty, end = kept.rfind("\n\n"), kept.rfind("\n")
    # A table has no empty lines, and whole rows of it say more than nothing.
    kept = kept[: empty if empty > end * 0.8 else max(end, 0)]
    if kept.count("<details>") > kept.count("</details>"):
        kept += "\n\n</details>"
    return f"{kept}{last}"
