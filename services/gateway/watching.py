"""What somebody who watches a batch is told: a snapshot, then every change, then the end.

Transport does not matter here: WebSocket sends these as they are, server-sent events will.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from services.gateway.errors import NotFoundError
from services.gateway.live import Deleted, Feed, Gone, Inbox
from services.gateway.store.batches import Batch
from services.gateway.telling import Telling
from shared.events import BatchesProgress
from shared.vocabulary import TERMINAL_BATCH_STATES

# Proxies cut connections that are silent for a minute.
PING_SECONDS = 20.0
DELETED = "the batch was deleted"

Message = dict[str, Any]
Shape = Callable[[Batch], Message]
Read = Callable[[], Awaitable[Batch | None]]

_telling = Telling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One watcher of one batch.

    Attributes:
        feed: What is said about the batch, subscribed to before `read` is first called.
        read: Returns the batch as the database has it.
        shape: Returns a batch as the API shows it.
        ping_seconds: How long there may be silence.
    """

    feed: Feed
    read: Read
    shape: Callable[[Batch], Message]
    ping_seconds: float = PING_SECONDS

    async def messages(self, after_seq: int | None = None) -> AsyncIterator[Message]:
        """Yield what to send, until the batch has ended.

        Args:
            after_seq: The last `seq` the watcher has seen, where it comes back.

        Raises:
            NotFoundError: the watcher has no such batch, or not any more.
            Closed: the process is going down.
        """
        batch = await self.read()
        if batch is None:
            raise NotFoundError("you have no such batch")
        # The end may be in the row before it has a `seq` of its own.
        if after_seq != batch.seq or batch.state in TERMINAL_BATCH_STATES:
            yield self._snapshot(batch)
        while batch.state not in TERMINAL_BATCH_STATES:
            try:
                async with asyncio.timeout(self.ping_seconds):
                    event = await self.feed.next(batch.seq)
            except TimeoutError:
                # Silence may be an outage of Kafka: the database knows better.
                newer = await self.read()
                if newer is None:
                    raise NotFoundError(DELETED) from None
                if newer.seq > batch.seq:
                    batch = newer
                    yield self._snapshot(batch)
                else:
                    yield {"type": "ping"}
                continue
            except Gone:
                yield {"type": "deleted", "seq": batch.seq, "batch_id": str(batch.batch_id)}
                raise NotFoundError(DELETED) from None
            follows = event.seq == batch.seq + 1
            batch = _moved(batch, event)
            yield _telling.progress(event) if follows else self._snapshot(batch)

    def _snapshot(self, batch: Batch) -> Message:
        return {"type": "snapshot", "seq": batch.seq, "batch": self.shape(batch)}


async def all_batches(
    inbox: Inbox, open_batches: Callable[[], Awaitable[list[Batch]]], shape: Shape
) -> AsyncIterator[Message]:
    """Yield what to tell somebody who watches everything: what is open, then every change.

    Args:
        inbox: What is said, subscribed to before `open_batches` is called.
        open_batches: Returns the batches that have not ended, as the database has them.
        shape: Returns a batch as the API shows it.

    Raises:
        Closed: the process is going down.
    """
    known = await open_batches()
    yield {"type": "snapshot", "batches": [shape(batch) for batch in known]}
    seqs = {batch.batch_id: batch.seq for batch in known}
    while True:
        try:
            async with asyncio.timeout(PING_SECONDS):
                event = await inbox.next()
        except TimeoutError:
            yield {"type": "ping"}
            continue
        if isinstance(event, Deleted):
            if seqs.pop(event.batch_id, None) is not None:
                yield {"type": "deleted", "batch_id": str(event.batch_id)}
            continue
        if event.seq > seqs.get(event.batch_id, 0):
            seqs[event.batch_id] = event.seq
            yield _telling.progress(event)
        if event.state in TERMINAL_BATCH_STATES:
            # Of batches that ended nobody needs a memory; one that runs again says so anew.
            seqs.pop(event.batch_id, None)


def _moved(batch: Batch, event: BatchesProgress) -> Batch:
    ended = event.state in TERMINAL_BATCH_STATES
    return replace(
        batch,
        state=event.state,
        counts=event.counts,
        provider_calls=event.provider_calls,
        audio_seconds=event.audio_seconds,
        seq=event.seq,
        updated_at=event.occurred_at,
        completed_at=event.occurred_at if ended else None,
    )
