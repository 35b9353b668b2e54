"""Azure Container Registry: an identity token for whom Azure knows this machine or user. Needs the extra `azure`.

azure-identity asks Microsoft Entra for an access token, by its own chain of identities; the registry
exchanges that for an identity token of its own, which lasts three hours and works as one of `docker login`.
Source: Azure's "AAD-OAuth" page on the registry's token exchange; azure-identity's documentation.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

from bumper import redact
from bumper.errors import BumperError
from bumper.keychains.base import Credentials

__all__ = ["Azure"]

_HOST = re.compile(r"[a-z0-9]{5,50}(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)", re.ASCII)
# The registries' own audience: one that is closed to tokens of the resource manager takes it too.
_SCOPE = "https://containerregistry.azure.net/.default"
# Who has a token instead of a password is called so by the registry's documentation.
_USER = "00000000-0000-0000-0000-000000000000"
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Azure:
    """Every Azure Container Registry; `base` is where a host answers."""

    base: str = "https://{host}"

    def credentials(
        self,
        registry: str,
        account: str | None = None,
        repository: str = "",  # noqa: ARG002 - one token for all repositories
    ) -> Credentials | None:
        """Ask Azure for an identity token; None for other hosts, and without the extra or an identity.

        Raises:
            BumperError: Azure or the registry refuses, or cannot be reached.
        """
        if account is not None or not _HOST.fullmatch(registry):
            return None
        try:
            from azure.core.exceptions import AzureError  # noqa: PLC0415 - an extra, 0.3 s to import
            from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - as above
        except ImportError:
            return None
        # It tells at length what it could not do; we say it in one sentence.
        logging.getLogger("azure").setLevel(logging.CRITICAL)
        try:
            access = _access(DefaultAzureCredential(process_timeout=_SECONDS))
            if access is None:
                return None
            token = _exchanged(self.base.format(host=registry), registry, access)
        except (AzureError, ValueError, TypeError, KeyError) as error:
            message = f"{registry}: Azure gave no identity token ({type(error).__name__})"
            hint = "the identity needs the role AcrPull, or Container Registry Repository Reader"
            raise BumperError(message, code="azure", hint=hint) from None
        return Credentials(_USER, token, "Azure, by its identities", identity_token=True)


def _access(chain: Any) -> str | None:  # noqa: ANN401 - the extra's own class
    """Give the access token of the first identity that there is; a refused one is an error."""
    from azure.identity import CredentialUnavailableError  # noqa: PLC0415 - see above

    for identity in chain.credentials:
        try:
            found = str(identity.get_token(_SCOPE).token)
        except CredentialUnavailableError:
            continue
        redact.learn(found)
        return found
    return None


def _exchanged(base: str, registry: str, access: str) -> str:
    """Give the registry's identity token for an access token; no redirect is followed."""
    from azure.core import PipelineClient  # noqa: PLC0415 - see above
    from azure.core.rest import HttpRequest  # noqa: PLC0415 - as above

    def as_anybody(request: Any) -> Any:  # noqa: ANN401 - of requests, whose .netrc would speak else
        return request

    form = {"grant_type": "access_token", "service": registry, "access_token": access}
    with PipelineClient[Any, Any](base, policies=[]) as client:
        request = HttpRequest("POST", f"{base}/oauth2/exchange", data=form)
        answer = client.send_request(
            request, connection_timeout=_SECONDS, read_timeout=_SECONDS, auth=as_anybody
        )
        answer.raise_for_status()
        return str(answer.json()["refresh_token"])
