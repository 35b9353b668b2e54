"""Amazon ECR: a password for the identity that AWS knows this machine by. Needs the extra `aws`.

The password is asked of AWS by botocore, with its own chain of identities; it lasts twelve hours.
Source: Amazon ECR API Reference, "GetAuthorizationToken"; the registry's names in "Private registries".
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from bumper.errors import BumperError
from bumper.keychains.base import Credentials

__all__ = ["Ecr"]

_HOST = re.compile(
    r"\d{12}\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d+)\."
    r"(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn|amazonaws\.eu)",
    re.ASCII,
)
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Ecr:
    """Every private ECR registry."""

    def credentials(
        self,
        registry: str,
        account: str | None = None,
        repository: str = "",  # noqa: ARG002 - one password for all repositories
    ) -> Credentials | None:
        """Ask AWS for the password of a registry; None for other hosts, and without the extra.

        Raises:
            BumperError: AWS refuses, or cannot be reached.
        """
        match = _HOST.fullmatch(registry)
        if match is None or account is not None:
            return None
        try:
            from botocore.config import Config  # noqa: PLC0415 - an extra, 0.3 s to import
            from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError  # noqa: PLC0415 - as above
            from botocore.session import Session  # noqa: PLC0415 - as above
        except ImportError:
            return None
        config = Config(
            connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 2}
        )
        try:
            client: Any = Session().create_client("ecr", region_name=match["region"], config=config)
            answer: dict[str, Any] = client.get_authorization_token()
            pair = base64.b64decode(answer["authorizationData"][0]["authorizationToken"]).decode()
        except NoCredentialsError:
            return None
        except (BotoCoreError, ClientError, KeyError, IndexError, ValueError) as error:
            message = f"{registry}: AWS gave no password ({type(error).__name__})"
            hint = "the identity needs ecr:GetAuthorizationToken and ecr:BatchGetImage"
            raise BumperError(message, code="aws", hint=hint) from None
        username, _, secret = pair.partition(":")
        return Credentials(username, secret, "AWS, by GetAuthorizationToken")
