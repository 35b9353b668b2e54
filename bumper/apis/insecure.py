"""That a forge may have any certificate is said once, by the config: urllib3 would warn at every request."""

__all__ = ["unwarned"]


def unwarned() -> None:
    """Let urllib3, which PyGithub and python-gitlab send by, be silent about it."""
    from urllib3 import disable_warnings  # noqa: PLC0415 - it comes with the libraries, which load late
    from urllib3.exceptions import InsecureRequestWarning  # noqa: PLC0415 - likewise

    disable_warnings(InsecureRequestWarning)
