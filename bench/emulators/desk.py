"""The front desk, the same for every provider: who asks, how late, what goes wrong, what counts."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bench.emulators.behaviour import Behaviour, Fault, Quota
from bench.emulators.calls import Call, CallLog
from bench.emulators.chance import draw, lognormal
from bench.emulators.identity import caller, masked
from bench.emulators.kinds import UNPAID, Kind
from bench.emulators.quotas import Breach, Domain, Ledger

_UNLIMITED = Quota()
# Neither paid for nor counted.
_FREE = frozenset({"voices", "models", "count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request is about, in words all providers share.

    Attributes:
        text: What faults may look for in it.
        amount: Input tokens; characters, of speech.
        answerable: Whether it can be answered; what cannot is not paid for.
    """

    provider: str
    operation: str
    model: str
    key: str
    fingerprint: str
    text: str = ""
    amount: int = 0
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Admission:
    """What is to become of a call.

    Attributes:
        fault: What goes wrong; None where nothing does.
        breach: The quota that is exceeded, where one is.
    """

    call: Call
    fault: Kind | None = None
    breach: Breach | None = None

    @property
    def kind(self) -> Kind | None:
        """Return what goes wrong, whoever caused it."""
        return self.breach.kind if self.breach else self.fault


@dataclass(slots=True)
class Desk:
    """Receives every call. One for all providers, so that they share a log and a behaviour."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    log: CallLog = field(default_factory=CallLog)
    ledger: Ledger = field(default_factory=Ledger)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: Counter[int] = field(default_factory=Counter)
    _struck: Counter[int] = field(default_factory=Counter)

    def set(self, behaviour: Behaviour) -> None:
        """Behave differently from now on. Faults count anew."""
        self.behaviour = behaviour
        self._seen.clear()
        self._struck.clear()

    def forget(self) -> None:
        """Forget what was asked."""
        self.log = CallLog()
        self.ledger.clear()

    @asynccontextmanager
    async def receive(
        self, asked: Asked, gone: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncIterator[Admission]:
        """Admit or refuse a call, and keep it waiting as long as its operation takes.

        `gone` returns when the caller has left: then there is nobody to keep waiting. Without
        it, the call is cancelled when that happens.
        """
        call = self._written_down(asked)
        domain = Domain(call.provider, call.project, call.model)
        admission, held = self._decided(call, asked, domain)
        started = time.monotonic()
        try:
            seconds = self._latency(call, asked) if held else 0.0
            if admission.kind is Kind.HANG:
                seconds += self.behaviour.hang_seconds
            left = await self._wait(seconds, gone)
            yield admission
            call.delivered = not left
        finally:
            call.seconds = time.monotonic() - started
            if held:
                self.ledger.release(domain)

    async def _wait(self, seconds: float, gone: Callable[[], Awaitable[None]] | None) -> bool:
        """Wait, but not for callers who left, nor when all go home; return whether one left."""
        if not seconds:
            return False
        ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(self.closing.wait())]
        if gone is not None:
            ends.append(asyncio.ensure_future(gone()))
        try:
            done, _ = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        return len(ends) > 1 and ends[1] in done

    def _written_down(self, asked: Asked) -> Call:
        who = caller(asked.key, self.behaviour.projects)
        call = Call(
            provider=asked.provider,
            operation=asked.operation,
            model=asked.model,
            project=who.project,
            mask=who.mask,
            fingerprint=asked.fingerprint,
            at=time.time(),
            amount=asked.amount,
        )
        self.log.begin(call)
        return call

    def _decided(self, call: Call, asked: Asked, domain: Domain) -> tuple[Admission, bool]:
        quota = self._quota(call)
        minute = (self.behaviour.minute_seconds, self.behaviour.window)
        admission = Admission(call)
        if self.behaviour.require_key and not call.mask:
            admission = replace(admission, fault=Kind.PERMISSION_DENIED)
        else:
            breach = self.ledger.admit(
                domain, quota, tokens=call.amount, now=call.at, minute=minute
            )
            admission = replace(admission, breach=breach)
        # A call that is refused is no call a fault can strike.
        held = admission.kind is None
        if held:
            admission = replace(admission, fault=self._fault(call, asked))
        kind = admission.kind
        call.fault, call.breach = kind or "", admission.breach is not None
        paid = asked.answerable and call.operation not in _FREE
        call.billable = paid and kind not in UNPAID
        self.log.settle(call, minute=int(call.at // minute[0]), limit=quota.rpm)
        return admission, held

    def _quota(self, call: Call) -> Quota:
        if call.operation in _FREE:
            return _UNLIMITED
        for quota in self.behaviour.quotas:
            if _matches(quota, call):
                return quota
        return _UNLIMITED

    def _fault(self, call: Call, asked: Asked) -> Kind | None:
        for index, fault in enumerate(self.behaviour.faults):
            if not _concerns(fault, call, asked):
                continue
            self._seen[index] += 1
            if self._seen[index] <= fault.skip:
                continue
            if fault.next is not None and self._struck[index] >= fault.next:
                continue
            if self._strikes(index, fault, call):
                self._struck[index] += 1
                return fault.kind
        return None

    def _strikes(self, index: int, fault: Fault, call: Call) -> bool:
        chance = draw(self.behaviour.seed, "fault", index, call.fingerprint, call.attempt)
        return chance.random() < fault.rate

    def _latency(self, call: Call, asked: Asked) -> float:
        for each in self.behaviour.latency:
            if each.operation in ("*", call.operation) and each.containing in asked.text:
                source = draw(self.behaviour.seed, "latency", call.fingerprint, call.attempt)
                seconds = lognormal(source, median=each.median, sigma=each.sigma)
                return seconds / self.behaviour.time_scale
        return 0.0


def _matches(rule: Quota | Fault, call: Call) -> bool:
    return (
        rule.provider in ("*", call.provider)
        and rule.project in ("*", call.project)
        and rule.model in ("*", call.model)
    )


def _concerns(fault: Fault, call: Call, asked: Asked) -> bool:
    if fault.key is not None and masked(fault.key.get_secret_value()) != call.mask:
        return False
    return (
        _matches(fault, call)
        and fault.operation in ("*", call.operation)
        and fault.containing in asked.text
    )
