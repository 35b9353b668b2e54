"""`python -m bumper` and the two console scripts. Nothing but the door to `cli.app`."""

from __future__ import annotations

import gc
import sys

__all__ = ["GARBAGE", "main"]

# What a run makes it keeps: 50,000 new objects instead of 700 before they are looked through.
GARBAGE = (50_000, 20, 100)


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(*GARBAGE)
    # Imported here: the version and a crash in an import must not cost a start of the whole program.
    from bumper.cli.app import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
