"""bumper keeps the container images of a Git repository current.

The version is below.
"""

__version__ = "0.1.0"
