"""Batches through the public API: who asks, what is asked, and what came of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.sampling import now
from cli.client import Client

# `tone` speaks these at once; `offline` writes at once.
LANGUAGES = (
    "pt-BR", "en-US", "es-ES", "fr-FR", "de-DE", "it-IT", "ja-JP", "hi-IN", "ar-XA", "cmn-CN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a batch.

    Attributes:
        seconds: From asking to the last word about it.
        accepted_in: From asking to the answer.
        provider_calls: That were really made.
    """

    seconds: float
    accepted_in: float
    counts: dict[str, int]
    provider_calls: int


@asynccontextmanager
async def somebody(url: str) -> AsyncIterator[Client]:
    """Yield the client of a new account."""
    async with Client(url) as bolt:
        email, password = f"bench-{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        yield bolt


def matrix(what: str, titles: int, languages: int = len(LANGUAGES)) -> dict[str, Any]:
    """Return titles x languages, to be written and spoken at once."""
    return {
        "mode": "matrix",
        "titles": [f"{what} número {number}" for number in range(titles)],
        "targets": [{"language": code, "voice": f"tone:{code}"} for code in LANGUAGES[:languages]],
        "agent": {"language": "pt-BR"},
        "options": {"target_characters": 100},
    }


async def run(bolt: Client, batch: dict[str, Any]) -> Ran:
    """Ask for a batch and watch it to its end."""
    began = now()
    accepted = await bolt.create_batch(batch)
    accepted_in = now() - began
    last: dict[str, Any] = {}
    async for message in bolt.watch(accepted["batch_id"]):
        last = message.get("batch", message)
    return Ran(now() - began, accepted_in, last["counts"], last["provider_calls"])
