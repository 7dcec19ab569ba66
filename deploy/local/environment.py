"""What the caller's environment says about the local stack: the one place it is read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.paths import LOCAL

# Where a server is already given, it is used and neither started nor stopped.
PROVIDED_BY = {
    "kafka": "KAFKA_BOOTSTRAP_SERVERS",
    "postgres": "DATABASE_URL",
    "valkey": "REDIS_URL",
    "s3": "S3_ENDPOINT_URL",
}


@dataclass(frozen=True)
class Environment:
    """The variables a stack runs with, and what they ask of it."""

    variables: Mapping[str, str]

    @classmethod
    def read(cls) -> "Environment":
        """Return the environment of this process."""
        return cls(dict(os.environ))  # noqa: TID251 - a tool that hands it on whole, not a service

    @property
    def state_dir(self) -> Path:
        """Where the stack keeps what it writes."""
        given = self.variables.get("BOLT_STATE_DIR")
        return Path(given).expanduser().absolute() if given else LOCAL / "state"

    @property
    def embedded_broker(self) -> bool:
        """Whether the embedded broker is asked for, although Kafka could run."""
        return self.variables.get("BOLT_EMBEDDED_BROKER", "").lower() in {"1", "true", "yes"}

    @property
    def java_home(self) -> str | None:
        """The Java that the user prefers."""
        return self.variables.get("JAVA_HOME")

    @property
    def search_path(self) -> str:
        """Where installed programs are looked for."""
        return self.variables.get("PATH", os.defpath)

    def provided(self, server: str) -> str | None:
        """Return the address of a server that runs already, if one is given."""
        return self.variables.get(PROVIDED_BY[server]) or None
