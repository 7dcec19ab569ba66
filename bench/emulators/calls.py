"""The call log: every call, what became of it, and who would pay for it."""

import hashlib
import json
import re
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.emulators.quotas import Domain

# A long benchmark must not fill the memory: counts are kept for ever, calls are not.
_KEPT = 100_000
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(slots=True, kw_only=True)
class Call:
    """One call. It never holds a key.

    Attributes:
        mask: The start of the sha256 of its key.
        fingerprint: A hash of what was asked; equal requests have equal ones.
        status: What was answered, as HTTP says it; 0 until then.
        fault: What went wrong, and `breach` whether a quota did.
        billable: Whether the provider would charge for it.
        delivered: Whether the answer was taken.
        amount: Input tokens; characters, of speech.
    """

    provider: str
    operation: str
    model: str
    project: str
    mask: str
    fingerprint: str
    at: float
    attempt: int = 1
    status: int = 0
    fault: str = ""
    breach: bool = False
    billable: bool = False
    delivered: bool = False
    seconds: float = 0.0
    amount: int = 0


@dataclass(slots=True)
class _Minute:
    admitted: int = 0
    breaches: int = 0
    amount: int = 0


@dataclass(slots=True)
class CallLog:
    """What was asked since the start, or since it was cleared."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_KEPT))
    billable: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)
    minutes: dict[Domain, dict[int, _Minute]] = field(default_factory=dict)
    limits: dict[Domain, int | None] = field(default_factory=dict)

    def begin(self, call: Call) -> None:
        """Take down a call that has come in."""
        self.attempts[call.fingerprint] += 1
        call.attempt = self.attempts[call.fingerprint]
        self.calls.append(call)
        self.totals["calls"] += 1

    def settle(self, call: Call, *, minute: int, limit: int | None) -> None:
        """Take down what was decided about it, in which minute, under which limit."""
        domain = Domain(call.provider, call.project, call.model)
        self.limits[domain] = limit
        used = self.minutes.setdefault(domain, {}).setdefault(minute, _Minute())
        used.breaches += call.breach
        if not call.breach:
            used.admitted += 1
            used.amount += call.amount
        self.totals["breaches"] += call.breach
        if call.fault:
            self.faults[call.fault] += 1
        if call.billable:
            self.totals["billable"] += 1
            self.billable[call.fingerprint] += 1

    def summary(self) -> dict[str, Any]:
        """Return the counts."""
        return {
            "calls": self.totals["calls"],
            "billable": self.totals["billable"],
            "breaches": self.totals["breaches"],
            "fingerprints": len(self.billable),
            # Paid more than once for the same: what exactly-once work never does.
            "repeated": sum(count - 1 for count in self.billable.values()),
            "faults": dict(self.faults),
            "quotas": [self._quota(domain) for domain in self.minutes],
        }

    def report(self) -> dict[str, Any]:
        """Return the counts, the billable calls by fingerprint, and the calls."""
        calls = [asdict(call) for call in self.calls]
        return self.summary() | {"billable_by_fingerprint": dict(self.billable), "log": calls}

    def _quota(self, domain: Domain) -> dict[str, Any]:
        minutes, limit = self.minutes[domain], self.limits[domain]
        used = [{"minute": number, **asdict(each)} for number, each in sorted(minutes.items())]
        for each in used:
            each["utilisation"] = each["admitted"] / limit if limit else None
        return asdict(domain) | {"rpm": limit, "minutes": used}


def fingerprint(*what: Any) -> str:
    """Return a hash of a request, whichever way its fields are spelt or ordered."""
    text = json.dumps(_plain(what), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_HUMP.sub(r"_\1", name).lower(): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
