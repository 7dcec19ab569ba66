"""A pool of keys: whoever wants to call a provider leases one, when a quota has room for it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

from shared.errors import UnavailableError
from shared.quota import circuits
from shared.quota.caller import caller
from shared.quota.keys import ANONYMOUS, Key
from shared.quota.ledger import Candidate, Granted, Ledger, Postponed, Refused
from shared.quota.limits import limits_of
from shared.quota.permission import unless_stopped
from shared.quota.queue import LASTING, Place, Queue
from shared.quota.settings import Settings
from shared.quota.stored import EVERYBODY, StoredKeys
from shared.quota.verdict import ProviderError, Verdict
from shared.telemetry import calls

log = logging.getLogger(__name__)

# What did not come in time gets so many times as long.
LONGER = 2.0


@dataclass(slots=True)
class Lease:
    """A key, for one call."""

    key: Key
    model: str
    # What the same key said to the same question before: this call should do better.
    said: tuple[Verdict, ...] = ()
    # Whether it was the last that the model was asked for a while: too often it has failed.
    model_shut: bool = False
    # What the circuits are told when it is given back.
    change: circuits.Change = field(default=circuits.UNKNOWN, repr=False)

    @property
    def project(self) -> str:
        """Return whose quota is used."""
        return self.key.project

    @property
    def patience(self) -> float:
        """Return how many times as long as usual this call may take."""
        return LONGER if any(verdict.reason == "timeout" for verdict in self.said) else 1.0

    def report(self, verdict: Verdict | None) -> None:
        """Say what became of the call; None where it was served."""
        self.change = circuits.SERVED if verdict is None else circuits.change(verdict)


class Pool:
    """The keys of one provider. Replicas share what they know through the ledger."""

    def __init__(
        self,
        provider: str,
        keys: Sequence[Key],
        ledger: Ledger,
        settings: Settings,
        stored: StoredKeys | None = None,
    ) -> None:
        self._provider = provider
        self._keys = tuple(keys)
        self._stored = stored
        self._ledger = ledger
        self._settings = settings
        self._queues: dict[tuple[str, str, str], Queue] = {}
        self._held: dict[str, tuple[str, Key]] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._settling: set[asyncio.Task[Sequence[float]]] = set()
        self._turn = 0
        calls.begin(provider)

    @asynccontextmanager
    async def lease(
        self, model: str, *, tokens: int = 0, user: str | None = None, only: Key | None = None
    ) -> AsyncIterator[Lease]:
        """Wait until a key may be used for `model`, and hold it for the length of one call.

        A `ProviderError` that passes through is reported; so is a body that ends well.

        Args:
            model: What is called; a quota is a project's for one model.
            tokens: What the call will count for, about.
            user: On whose behalf; the caller of the running handler unless given.
            only: The one key that may serve: the call is about what it said before.

        Raises:
            RateLimitedError: it would take too long; `ExhaustedError` where another model may
                serve at once.
            NoKeyError: no key serves this model.
            UnavailableError: Redis is away.
        """
        user = caller.get() if user is None else user
        if self._stored is not None:
            await self._stored.refresh()
        with calls.waiting(self._provider, model):
            place = await unless_stopped(self._queue(model, user, only).take(user, tokens))
        lease = Lease(place.granted.candidate.key, model)
        self._hold(place, model)
        self._tell_left(place, model)
        began, outcome = time.monotonic(), "ok"
        try:
            yield lease
            # Reported already where the answer came and was of no use.
            if lease.change is circuits.UNKNOWN:
                lease.report(None)
        except ProviderError as error:
            lease.report(error.verdict)
            outcome = error.verdict.reason
            raise
        except BaseException:
            outcome = "broken_off"
            raise
        finally:
            calls.called(self._provider, model, time.monotonic() - began, outcome)
            shut = await self._settle(place, model, lease.change)
            lease.model_shut = shut[circuits.NAMES.index("model")] > 0

    async def aclose(self) -> None:
        """Close the connections. Leases that are still held run out."""
        for queue in self._queues.values():
            queue.close()
        if self._renewing is not None:
            self._renewing.cancel()
        await asyncio.gather(*self._settling)
        await self._ledger.aclose()

    def _queue(self, model: str, user: str, only: Key | None) -> Queue:
        # Who has keys waits for those, and so must not wait in front of everyone else.
        owner = user if user and self._own(user) else EVERYBODY
        # So must who waits for one key not wait behind, or before, who takes any.
        name = (model, owner, only.id if only else "")
        if name not in self._queues:

            async def acquire(tokens: int) -> tuple[str, Granted | Postponed | Refused]:
                if only is not None:
                    lease = uuid4().hex
                    return lease, await self._ask(lease, (only,), model, tokens)
                return await self._acquire(model, owner, tokens)

            def give_back(place: Place) -> None:
                task = asyncio.create_task(self._settle(place, model, circuits.UNKNOWN))
                self._settling.add(task)
                task.add_done_callback(self._settling.discard)

            longest = self._settings.quota_longest_wait_seconds
            said = f"{self._provider}/{model}"
            self._queues[name] = Queue(said, acquire, give_back, longest=longest)
        return self._queues[name]

    def _own(self, owner: str) -> tuple[Key, ...]:
        return self._stored.of(owner) if self._stored is not None else ()

    async def _acquire(
        self, model: str, owner: str, tokens: int
    ) -> tuple[str, Granted | Postponed | Refused]:
        if self._stored is not None:
            # Who waited for long must not be given what was disabled meanwhile.
            await self._stored.refresh()
        own = self._own(owner) if owner else ()
        common = (*self._own(EVERYBODY), *self._keys)
        lease = uuid4().hex
        if not own:
            return lease, await self._ask(lease, common or (ANONYMOUS,), model, tokens)
        answer = await self._ask(lease, own, model, tokens)
        if not common or not self._hopeless(answer):
            return lease, answer
        second = await self._ask(lease, common, model, tokens)
        return lease, answer if isinstance(second, Refused) else second

    def _hopeless(self, answer: Granted | Postponed | Refused) -> bool:
        if isinstance(answer, Postponed):
            longest = self._settings.quota_longest_wait_seconds
            return answer.seconds > longest or answer.reason in LASTING
        return isinstance(answer, Refused)

    async def _ask(
        self, lease: str, keys: Sequence[Key], model: str, tokens: int
    ) -> Granted | Postponed | Refused:
        # Of those that can serve at once the first is taken, so everyone is first in turn.
        start = self._turn % len(keys)
        self._turn += 1
        given, provider = self._settings.quota_limits, self._provider
        candidates = [
            Candidate(key, limits_of(given, provider=provider, model=model, project=key.project))
            for key in (*keys[start:], *keys[:start])
        ]
        longest = self._settings.quota_longest_wait_seconds
        return await self._ledger.acquire(
            lease, candidates, model=model, tokens=tokens, longest=longest
        )

    async def _settle(self, place: Place, model: str, change: circuits.Change) -> Sequence[float]:
        self._held.pop(place.lease, None)
        key = place.granted.candidate.key
        try:
            shut = await self._ledger.settle(place.lease, key, model=model, change=change)
        except UnavailableError as error:
            log.warning("a lease of %s is left to run out: %s", self._provider, error)
            return [0.0] * len(circuits.NAMES)
        for (of, *_), queue in self._queues.items():
            if of == model:
                queue.freed()
        for name, seconds in zip(circuits.NAMES, shut, strict=True):
            if seconds:
                calls.shut(self._provider, name, change.reason)
                where = f"{self._provider}/{model} project {key.project} key {key.id}"
                log.warning("%s: %s shut for %.1f s: %s", where, name, seconds, change.reason)
        return shut

    def _tell_left(self, place: Place, model: str) -> None:
        candidate, used = place.granted.candidate, place.granted.used_today
        # Projects of users are theirs, and too many to be labels.
        if candidate.limits.rpd > 0 and candidate.key in self._keys:
            left = max(0, candidate.limits.rpd - used)
            calls.left_today(self._provider, model, candidate.key.project, left)

    def _hold(self, place: Place, model: str) -> None:
        self._held[place.lease] = (model, place.granted.candidate.key)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        while self._held:
            await asyncio.sleep(self._settings.quota_lease_seconds / 3)
            held = [(lease, *of) for lease, of in self._held.items()]
            with suppress(UnavailableError):
                await self._ledger.renew(held)
