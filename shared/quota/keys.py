"""A provider's keys, and the projects whose quotas they draw on."""

from dataclasses import dataclass
from hashlib import sha256

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        project: The user's name for whose quota it draws on. Keys of one project share it.
        secret: What a request carries. Hidden from `repr`, and so from logs.
    """

    project: str
    secret: SecretStr

    @property
    def id(self) -> str:
        """Return what the key is called wherever it may be seen."""
        return _digest(self.secret.get_secret_value())


# For what asks for no key: an emulator, a service account.
ANONYMOUS = Key("default", SecretStr(""))


def parse(given: str) -> tuple[Key, ...]:
    """Return the keys of `given` ("project:key" or "key", comma-separated), each once, in order."""
    found: dict[str, Key] = {}
    for entry in filter(None, map(str.strip, given.split(","))):
        project, _, secret = (part.strip() for part in entry.rpartition(":"))
        if secret:
            # A key of no named project is a project of its own.
            found.setdefault(secret, Key(project or _digest(secret), SecretStr(secret)))
    return tuple(found.values())


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:8]
