"""Every error bumper raises on purpose. Pure.

    BumperError                   a sentence for a person, a stable `code`, a `hint`
    ├── UsageError                the command line asks for something that cannot be (exit 2)
    │   └── ConfigError           mistakes in the config file, all of them at once (exit 2)
    ├── EnvironmentFailure        nothing could be done: Git, token, network (exit 3)
    │   ├── WorktreeError         Git refused, or the folder is not what it should be
    │   └── ForgeError            the forge refused
    ├── InvalidReferenceError           a text is not an image reference
    ├── TextError                 a file's text cannot be read as what it claims to be
    ├── NotifyError               one channel could not be told (the run goes on)
    ├── EditError                 an edit would change more than it may; the file stays as it was
    └── RegistryError             one repository could not be asked (the others go on)
        ├── NotFoundError         no such repository or tag, or it is hidden from us
        ├── DeniedError           the registry wants other credentials
        ├── RateLimitedError      the registry asks us to slow down
        └── UnreachableError      no usable answer: name, connection, TLS, time, 5xx, not a registry

An error names what happened and where; `hint` says what to do. Codes are part of the public surface.
Anything else that escapes is a bug (exit 5).
"""

from __future__ import annotations

__all__ = [
    "BumperError",
    "ConfigError",
    "DeniedError",
    "EditError",
    "EnvironmentFailure",
    "ForgeError",
    "InvalidReferenceError",
    "NotFoundError",
    "NotifyError",
    "RateLimitedError",
    "RegistryError",
    "TextError",
    "UnreachableError",
    "UsageError",
    "WorktreeError",
]


class BumperError(Exception):
    """The root: a message that ends no sentence with a traceback.

    Args:
        message: What happened and where, in one line.
        code: Stable, lower case with dashes, such as `registry-denied`; the class's own if None.
        hint: What the reader can do; the class's own if None, "" for nothing.
    """

    code = "error"
    hint = ""

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if hint is not None:
            self.hint = hint


class UsageError(BumperError):
    """The command line asks for something that cannot be."""

    code = "usage"


class ConfigError(UsageError):
    """The config file has mistakes; `problems` holds one `file:line: what` each, in file order."""

    code = "config"

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class EnvironmentFailure(BumperError):  # noqa: N818 - the class of exit code 3, not one error
    """Nothing could be done here: Git, the token or the network is missing."""

    code = "environment"


class WorktreeError(EnvironmentFailure):
    """Git refused, or the folder is not a repository we can work in."""

    code = "git"


class ForgeError(EnvironmentFailure):
    """The forge refused a request."""

    code = "forge"


class InvalidReferenceError(BumperError, ValueError):
    """A text is not an image reference."""

    code = "reference"


class NotifyError(BumperError):
    """One channel could not be told; the message holds neither its address nor a secret."""

    code = "notify"


class TextError(BumperError):
    """A text cannot be read as what it claims to be (YAML, JSON, UTF-8), or is too large or deep.

    `line` counts from 1, None if the whole text is meant.
    """

    code = "unreadable"
    hint = "mend the file, or leave it out by `files.exclude` in the config"

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        code: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.line = line


class EditError(BumperError):
    """An edit would change something else than the planned bytes; the file stays as it was."""

    code = "edit-refused"


class RegistryError(BumperError):
    """A registry could not be asked for one repository; the other repositories go on."""

    code = "registry"


class NotFoundError(RegistryError):
    """The registry has no such repository or tag, or hides it from us."""

    code = "registry-not-found"
    hint = "check the spelling; a private repository may need credentials under `registries:`"


class DeniedError(RegistryError):
    """The registry wants other credentials (401, 403)."""

    code = "registry-denied"
    hint = "name the registry and its credentials under `registries:` in the config"


class RateLimitedError(RegistryError):
    """The registry asks us to slow down (429); `retry_after` is in seconds, None if not said."""

    code = "registry-rate-limited"
    hint = "log in to raise the limit, or run later"

    def __init__(
        self, message: str, *, retry_after: float | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class UnreachableError(RegistryError):
    """No usable answer: name, connection, TLS, time, a 5xx, or something that is no registry."""

    code = "registry-unreachable"
    hint = "check the host name, the network and `registries.<host>.insecure`"
