"""Google's Artifact Registry and Container Registry: the application default credentials as a password.

Needs the extra `google`. The access token is asked of Google by google-auth and lasts an hour.
Source: Google Cloud's documentation, "Configure authentication to Artifact Registry for Docker".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bumper.errors import BumperError
from bumper.keychains.base import Credentials

__all__ = ["Google"]

_HOST = re.compile(r"(?:(?:us|eu|asia)\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev", re.ASCII)
_SCOPE = "https://www.googleapis.com/auth/cloud-platform.read-only"


@dataclass(frozen=True, slots=True)
class Google:
    """Every Docker registry of Google's."""

    def credentials(
        self,
        registry: str,
        account: str | None = None,
        repository: str = "",  # noqa: ARG002 - one token for all repositories
    ) -> Credentials | None:
        """Ask Google for an access token; None for other hosts, and without the extra or an identity.

        Raises:
            BumperError: Google refuses, or cannot be reached.
        """
        if account is not None or not _HOST.fullmatch(registry):
            return None
        try:
            import google.auth  # noqa: PLC0415 - an extra
            from google.auth import exceptions  # noqa: PLC0415 - as above
            from google.auth.transport.requests import Request  # noqa: PLC0415 - as above
        except ImportError:
            return None
        try:
            found: Any = google.auth.default(scopes=[_SCOPE])[0]
            found.refresh(Request())
        except exceptions.DefaultCredentialsError:
            return None
        except exceptions.GoogleAuthError as error:
            message = f"{registry}: Google gave no access token ({type(error).__name__})"
            hint = "the identity needs the role Artifact Registry Reader"
            raise BumperError(message, code="google", hint=hint) from None
        return Credentials("oauth2accesstoken", str(found.token), "Google, by default credentials")
