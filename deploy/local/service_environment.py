"""What the services find in their environment, beyond the caller's own."""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import s3
from deploy.local.environment import Environment
from deploy.local.state import State


@dataclass(frozen=True)
class Endpoints:
    """Where the servers are; empty for one that a stack does not have."""

    kafka: str = ""
    database_url: str = ""
    redis_url: str = ""
    s3: str = ""


def for_services(endpoints: Endpoints, state: State, environment: Environment) -> dict[str, str]:
    """Return the variables every service gets. What the caller set stays as it is."""
    env = {
        "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka,
        "DATABASE_URL": endpoints.database_url,
        "REDIS_URL": endpoints.redis_url,
        "STORAGE": "local",
        "STORAGE_LOCAL_ROOT": str(state.directory / "artefacts"),
    }
    if endpoints.s3:
        env["S3_ENDPOINT_URL"] = endpoints.s3
    if endpoints.s3 and not environment.provided("s3"):
        env["AWS_ACCESS_KEY_ID"] = s3.ACCESS_KEY
        env["AWS_SECRET_ACCESS_KEY"] = s3.SECRET_KEY
        env["AWS_REGION"] = s3.REGION
    given = environment.variables
    return {name: given.get(name) or value for name, value in env.items() if value}


def for_gateway(state: State, environment: Environment) -> dict[str, str]:
    """Return what only the gateway gets: the key it signs its tokens with.

    It is made once and kept, so that a restart does not log everybody out.
    """
    if environment.variables.get("JWT_SECRET"):
        return {}
    secret = _kept(state.directory / "jwt-secret", lambda: secrets.token_urlsafe(48))
    return {"JWT_SECRET": secret}


def for_sealing(state: State, environment: Environment) -> dict[str, str]:
    """Return what keys of providers and secrets of webhooks are kept under, made once, too."""
    if environment.variables.get("KEYS_KEK"):
        return {}
    return {"KEYS_KEK": _kept(state.directory / "keys-kek", _new_kek)}


def _new_kek() -> str:
    return f"local:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _kept(file: Path, make: Callable[[], str]) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        # Never readable by others, not even between being made and being restricted.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(make())
    return file.read_text()
