"""What users do while things go wrong: they send batches, watch them, pause and cancel."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.sampling import now
from cli.client import Client
from cli.errors import ApiError, UnreachableError

LANGUAGES = ("pt-BR", "en-US", "es-ES", "fr-FR", "de-DE", "it-IT", "ja-JP", "hi-IN")
ARRIVALS = 30
HTTP_CONFLICT, HTTP_SERVER_ERROR = 409, 500
ENDED = frozenset({"completed", "failed", "cancelled"})


@dataclass(slots=True)
class Watched:
    """A batch and what its user saw of it.

    Attributes:
        seqs: The sequence numbers of what was shown, in order.
        completed: The completed jobs of what was shown, in order.
        seconds: From sending it until it was shown as ended.
    """

    name: str
    batch_id: str
    jobs: int
    seqs: list[int] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)
    ended: int = 0
    state: str = ""
    seconds: float = 0.0

    def see(self, message: dict[str, Any]) -> None:
        """Take down a message of the WebSocket."""
        shown = message.get("batch", message)
        if "counts" not in shown:
            return
        if "seq" in message:
            self.seqs.append(message["seq"])
        self.completed.append(shown["counts"]["completed"])
        self.ended = sum(shown["counts"][state] for state in ENDED)
        self.state = shown["state"]


@dataclass(slots=True)
class Load:
    """The users of one gateway."""

    url: str
    batches: list[Watched] = field(default_factory=list)

    @property
    def jobs(self) -> int:
        """Return how many jobs were asked for."""
        return sum(batch.jobs for batch in self.batches)

    @property
    def ended(self) -> int:
        """Return how many were shown as ended."""
        return sum(batch.ended for batch in self.batches)

    async def batch(
        self, name: str, jobs: int, *, orders: Sequence[tuple[float, str]] = ()
    ) -> Watched:
        """Send a batch as a user of its own; return it once it has ended.

        Args:
            name: What its titles begin with; no two batches share a script.
            jobs: About how many; a multiple of the languages is met exactly.
            orders: What its user orders about it, each after a share of its jobs has ended.
        """
        async with self._user() as bolt:
            began = now()
            asked = request(name, jobs)
            accepted = await bolt.create_batch(asked)
            total = len(asked["titles"]) * len(asked["targets"])
            watched = Watched(name, accepted["batch_id"], total)
            self.batches.append(watched)
            waiting = list(orders)
            async for message in bolt.watch(watched.batch_id):
                watched.see(message)
                while waiting and watched.ended >= waiting[0][0] * total:
                    await _order(bolt, watched.batch_id, waiting.pop(0)[1])
        watched.seconds = now() - began
        return watched

    @asynccontextmanager
    async def _user(self) -> AsyncIterator[Client]:
        async with Client(self.url) as bolt:
            await _arrive(bolt)
            yield bolt


async def _arrive(bolt: Client) -> None:
    for patience in reversed(range(ARRIVALS)):
        email, password = f"chaos-{uuid4().hex}@example.com", uuid4().hex
        try:
            await bolt.register(email, password)
            await bolt.sign_in(email, password)
        except (ApiError, UnreachableError) as error:
            # Told that something is away, one comes again; with another address, since the
            # account may have been made and its answer lost.
            if not patience or (isinstance(error, ApiError) and error.status < HTTP_SERVER_ERROR):
                raise
            await asyncio.sleep(1)
        else:
            return


def request(name: str, jobs: int) -> dict[str, Any]:
    """Return a batch of about so many jobs."""
    languages = LANGUAGES[: min(len(LANGUAGES), jobs)]
    titles = max(1, jobs // len(languages))
    return {
        "mode": "matrix",
        "titles": [f"{name}: história número {number}" for number in range(titles)],
        "targets": [{"language": code, "voice": f"{code}-Chirp3-HD-Kore"} for code in languages],
        "agent": {"language": "pt-BR"},
        "options": {"target_characters": 300},
    }


async def _order(bolt: Client, batch_id: str, what: str) -> None:
    try:
        if what == "pause for a while":
            await bolt.order(batch_id, "pause")
            await asyncio.sleep(3)
            await bolt.order(batch_id, "resume")
        else:
            await bolt.order(batch_id, what)
    except ApiError as error:
        # Who is shown late what happens orders late, and is told that it is over.
        if error.status != HTTP_CONFLICT:
            raise
