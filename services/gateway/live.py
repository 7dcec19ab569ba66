"""Live progress inside one process: from Kafka's follower to whoever watches a batch.

`Hub` knows no Kafka, no HTTP and no database. Who watches subscribes first, then reads the
batch as it stands, then drops what is older than that: nothing is missed, nothing repeats.
A watcher that is slow does not grow a queue: it skips to the newest state.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from shared.events import BatchesControl, BatchesProgress

# At one event a second and batch, half a minute of not reading.
MOST_WAITING = 32


class Closed(Exception):  # noqa: N818 - like StopIteration, it says that there is no more
    """The process is going down; nothing more will come."""


class Gone(Exception):  # noqa: N818 - likewise
    """The batch was deleted; nothing more will come."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """That a batch was deleted."""

    batch_id: UUID


class Feed:
    """What one watcher has not read yet."""

    def __init__(self) -> None:
        self._waiting: deque[BatchesProgress] = deque(maxlen=MOST_WAITING)
        self._news = asyncio.Event()
        self._closed = False
        self._gone = False

    async def next(self, after: int) -> BatchesProgress:
        """Return the next event with a higher `seq` than `after`, waiting for it.

        Where too many waited the oldest are gone, and its `seq` is more than one higher.

        Raises:
            Closed: nothing more will come.
            Gone: likewise, because the batch was deleted.
        """
        while True:
            if self._gone:
                raise Gone
            while self._waiting:
                event = self._waiting.popleft()
                if event.seq > after:
                    return event
            if self._closed:
                raise Closed
            self._news.clear()
            await self._news.wait()

    def offer(self, event: BatchesProgress) -> None:
        """Add an event; where too many wait, only the newest is kept."""
        if len(self._waiting) == MOST_WAITING:
            self._waiting.clear()
        self._waiting.append(event)
        self._news.set()

    def close(self) -> None:
        """Let the reader finish what waits, then tell it that there is no more."""
        self._closed = True
        self._news.set()

    def end(self) -> None:
        """Tell the reader that the batch was deleted."""
        self._gone = True
        self._news.set()


class Inbox:
    """What one watcher of all batches of a user has not read yet: the newest of each batch."""

    def __init__(self) -> None:
        self._newest: dict[UUID, BatchesProgress | Deleted] = {}
        self._news = asyncio.Event()
        self._closed = False

    async def next(self) -> BatchesProgress | Deleted:
        """Return what waits longest, waiting for it. A deleted batch may be anybody's.

        An event says how its batch stands as a whole: who reads slowly misses steps, and
        nothing that still holds.

        Raises:
            Closed: nothing more will come.
        """
        while not self._newest:
            if self._closed:
                raise Closed
            self._news.clear()
            await self._news.wait()
        return self._newest.pop(next(iter(self._newest)))

    def offer(self, event: BatchesProgress | Deleted) -> None:
        """Add an event; it takes the place of an older one of its batch."""
        self._newest[event.batch_id] = event
        self._news.set()

    def close(self) -> None:
        """Let the reader finish what waits, then tell it that there is no more."""
        self._closed = True
        self._news.set()


class Hub:
    """Who watches what, in this process."""

    def __init__(self) -> None:
        self._feeds: dict[UUID, set[Feed]] = defaultdict(set)
        self._inboxes: dict[UUID, set[Inbox]] = defaultdict(set)
        self._closed = False

    @contextmanager
    def subscribe(self, batch_id: UUID) -> Iterator[Feed]:
        """Return what will be said about a batch from now on."""
        feed = Feed()
        if self._closed:
            feed.close()
        self._feeds[batch_id].add(feed)
        try:
            yield feed
        finally:
            self._feeds[batch_id].discard(feed)
            if not self._feeds[batch_id]:
                del self._feeds[batch_id]

    @contextmanager
    def subscribe_to_all(self, user_id: UUID) -> Iterator[Inbox]:
        """Return what will be said about any batch of a user from now on."""
        inbox = Inbox()
        if self._closed:
            inbox.close()
        self._inboxes[user_id].add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes[user_id].discard(inbox)
            if not self._inboxes[user_id]:
                del self._inboxes[user_id]

    def publish(self, event: BatchesProgress) -> None:
        """Tell everybody who watches the batch of `event`, or all batches of its user."""
        for inbox in self._inboxes.get(event.user_id, ()):
            inbox.offer(event)
        for feed in self._feeds.get(event.batch_id, ()):
            feed.offer(event)

    def heed(self, order: BatchesControl) -> None:
        """Tell everybody whom it may concern that a batch was deleted."""
        if order.action != "delete":
            return
        for feed in self._feeds.get(order.batch_id, ()):
            feed.end()
        # Whose it was the order does not say.
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                inbox.offer(Deleted(order.batch_id))

    def close(self) -> None:
        """Send everybody away; new ones too."""
        self._closed = True
        for feeds in self._feeds.values():
            for feed in feeds:
                feed.close()
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                inbox.close()
