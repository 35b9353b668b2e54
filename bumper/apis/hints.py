"""What to do where a forge is not what it was said to be: elsewhere, or with a certificate of its own. Pure."""

__all__ = ["MOVED", "TLS", "unusable"]

MOVED = "it has another name now: change the remote `origin`, or set `forge.slug` or `forge.url`"
TLS = "give the CA that signed its certificate as `forge.ca`"


def unusable(error: Exception) -> str:
    """Give what to do after an error of a library that gave no usable answer."""
    return TLS if "SSL" in type(error).__name__ else "check `forge.url` and the network"
