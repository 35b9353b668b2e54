"""What to do where a forge says that a repository, or the server itself, is elsewhere now."""

__all__ = ["MOVED"]

MOVED = "it has another name now: change the remote `origin`, or set `forge.slug` or `forge.url`"
