"""The gateway as a process of its own, for tests against real servers."""

import base64
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from shared.runtime.create_topics import Settings as TopicSettings
from shared.runtime.create_topics import create
from tests.support.waiting import until


@dataclass(frozen=True, slots=True)
class Servers:
    """What a gateway needs around it."""

    kafka: str
    redis_url: str
    database_url: str
    folder: Path


@contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "services.gateway.app:build", "--factory"]
    process = subprocess.Popen([*command, "--port", port], env=env)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@asynccontextmanager
async def gateway(
    servers: Servers, **changes: str
) -> AsyncIterator[tuple[subprocess.Popen[bytes], str]]:
    """Start a gateway, wait until it is ready, and return it with its address."""
    await create(TopicSettings(kafka_bootstrap_servers=servers.kafka))
    env = dict(os.environ) | {  # noqa: TID251 - a child inherits it
        "KAFKA_BOOTSTRAP_SERVERS": servers.kafka,
        "REDIS_URL": servers.redis_url,
        "DATABASE_URL": servers.database_url,
        "STORAGE": "local",
        "STORAGE_LOCAL_ROOT": str(servers.folder / "artefacts"),
        "JWT_SECRET": "s" * 40,
        "KEYS_KEK": f"k1:{base64.b64encode(b'k' * 32).decode()}",
    }
    with running(env | changes) as (process, address):
        async with httpx2.AsyncClient(base_url=address) as client:

            async def ready() -> bool:
                assert process.poll() is None, "the gateway ended"
                try:
                    return (await client.get("/health/ready")).status_code == 200
                except httpx2.TransportError:
                    return False

            await until(ready, seconds=60)
        yield process, address
