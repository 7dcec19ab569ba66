"""Makes a result once, however many ask for it, in however many processes.

The object store is the truth: what lies there under a fingerprint is never made again.
Redis only saves looking (the index) and keeps two processes from making the same thing at
the same time (the lease). Losing all of Redis costs time, and nothing that was paid for.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from redis.asyncio import Redis

from shared.artefacts.index import Index
from shared.artefacts.lease import Lease
from shared.errors import InvalidRequestError, StoppedError
from shared.providers.storage import Storage, Stored
from shared.telemetry import stages
from shared.vocabulary import ArtefactRef

Make = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Artefact:
    """A result, and whether this call made it.

    Attributes:
        ref: Where it lies.
        fresh: True for the one caller whose `make` ran; only that one spent anything.
    """

    ref: ArtefactRef
    fresh: bool


class Artefacts:
    """The room. An async context: open it before the first call."""

    def __init__(self, storage: Storage, *, redis_url: str, ttl_days: int = 30) -> None:
        self.storage = storage
        self._index = Index(redis_url, ttl_days=ttl_days)
        self._making: dict[str, asyncio.Task[Artefact]] = {}
        self._stack = AsyncExitStack()

    @property
    def redis(self) -> Redis:
        """Return where the index is kept."""
        return self._index.redis

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.storage)
        await self._stack.enter_async_context(self._index)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._stack.aclose()

    async def once(
        self, kind: str, fingerprint: str, make: Make, *, media_type: str, provider: str = ""
    ) -> Artefact:
        """Return the result called `fingerprint`, making it if nobody has.

        Args:
            kind: The folder it lives in: "script", "adapted", "speech", "narration".
            fingerprint: From `shared.artefacts.fingerprint`.
            make: Called by at most one process at a time; returns the object's bytes.
            media_type: What the bytes are.
            provider: Who makes it: what is known of speech is counted by that.

        Raises:
            UnavailableError: the store or Redis cannot be reached.
        """
        wanted = _Wanted(_key(kind, fingerprint), make, media_type, provider)
        found = await self._once(wanted)
        stages.artefact(kind, fresh=found.fresh)
        return found

    async def _once(self, wanted: "_Wanted") -> Artefact:
        while True:
            if (ref := await self._index.get(wanted.key, provider=wanted.provider)) is not None:
                return Artefact(ref, fresh=False)
            if (task := self._making.get(wanted.key)) is None:
                return await self._lead(wanted)
            try:
                # Shielded: one who waits may be cancelled without cancelling the one who makes.
                return Artefact((await asyncio.shield(task)).ref, fresh=False)
            except StoppedError:
                # The one who made it was told to stop, not we: somebody else takes over.
                continue
            except asyncio.CancelledError:
                if _is_cancelled():
                    raise
                # Likewise where it was cut off.

    async def put(self, kind: str, data: bytes, *, media_type: str) -> ArtefactRef:
        """Store bytes under their own hash: for parts of a result, and inputs worth sharing."""
        key = _key(kind, hashlib.sha256(data).hexdigest())
        return _ref(await self.storage.put(key, data, media_type=media_type))

    async def get(self, ref: ArtefactRef) -> bytes:
        """Return an artefact's bytes.

        Raises:
            InvalidRequestError: there is no such object, or it is not the one meant.
            UnavailableError: the store cannot be reached.
        """
        data = await self.storage.get(ref.key)
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise InvalidRequestError(f"the object {ref.key!r} is not the one referred to")
        return data

    async def hide(self, key: str) -> None:
        """Have the index forget an object: who uses it from now on brings it back there."""
        await self._index.forget(key)

    async def discard(self, key: str, *, grace: timedelta) -> bool:
        """Remove a hidden object; return whether it is gone.

        It is not where somebody has found it since it was hidden, wrote it within `grace`, or
        is making it now.

        Raises:
            UnavailableError: the store or Redis cannot be reached.
        """
        async with Lease(self._index.redis, key) as lease:
            if not await lease.acquire() or await self._index.knows(key):
                return False
            stored = await self.storage.head(key)
            if stored is None:
                return True
            if stored.changed_at > time.time() - grace.total_seconds():
                return False
            await self.storage.delete(key)
            return True

    async def _lead(self, wanted: "_Wanted") -> Artefact:
        task = asyncio.create_task(self._make_once(wanted))
        self._making[wanted.key] = task
        task.add_done_callback(lambda _: self._making.pop(wanted.key, None))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            # Who asked is gone (shutdown, a handler's time limit): stop paying.
            task.cancel()
            raise

    async def _make_once(self, wanted: "_Wanted") -> Artefact:
        async with Lease(self._index.redis, wanted.key) as lease:
            while not await lease.acquire():
                await lease.wait()
                if (ref := await self._index.get(wanted.key, provider=wanted.provider)) is not None:
                    return Artefact(ref, fresh=False)
            if (stored := await self.storage.head(wanted.key)) is not None:
                await self._index.put(_ref(stored), provider=wanted.provider)
                return Artefact(_ref(stored), fresh=False)
            return await self._made(wanted, await wanted.make())

    async def _made(self, wanted: "_Wanted", data: bytes) -> Artefact:
        ref = _ref(await self.storage.put(wanted.key, data, media_type=wanted.media_type))
        await self._index.put(ref, provider=wanted.provider, fresh=True)
        return Artefact(ref, fresh=True)


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    make: Make
    media_type: str
    provider: str


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _key(kind: str, fingerprint: str) -> str:
    # Two levels: object stores and file systems both dislike one folder with a million names.
    return f"{kind}/{fingerprint[:2]}/{fingerprint}"


def _ref(stored: Stored) -> ArtefactRef:
    return ArtefactRef(
        key=stored.key,
        sha256=stored.sha256,
        bytes=stored.bytes,
        media_type=stored.media_type,
    )
