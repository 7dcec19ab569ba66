"""Counts what each project asks of each model, and says when it is too much."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bench.emulators.behaviour import Quota
from bench.emulators.kinds import Kind

_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Domain:
    """What a quota is counted by."""

    provider: str
    project: str
    model: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A quota that would be exceeded.

    Attributes:
        kind: Which.
        limit: What it is.
        wait: Seconds until there is room again.
        tier: Whose limit it is: "free" or "paid".
    """

    kind: Kind
    limit: int
    wait: float
    tier: str


@dataclass(slots=True)
class _Count:
    asked: deque[tuple[float, int]] = field(default_factory=deque)
    tokens: int = 0
    days: Counter[date] = field(default_factory=Counter)
    running: int = 0


class Ledger:
    """Admits calls and refuses those too many. What is refused uses nothing up."""

    def __init__(self) -> None:
        self._counts: dict[Domain, _Count] = {}

    def admit(
        self, domain: Domain, quota: Quota, *, tokens: int, now: float, minute: tuple[float, str]
    ) -> Breach | None:
        """Count a call at `now`, or return why it may not be made.

        `minute` is how long one lasts and whether it slides. Every admitted call must be
        released when it is done.
        """
        count = self._counts.setdefault(domain, _Count())
        _forget(count, now, *minute)
        if breach := _breach(count, quota, tokens, now, minute):
            return breach
        count.asked.append((now, tokens))
        count.tokens += tokens
        count.days[_day(now)] += 1
        count.running += 1
        return None

    def release(self, domain: Domain) -> None:
        """Say that an admitted call is done."""
        if domain in self._counts:
            self._counts[domain].running -= 1

    def clear(self) -> None:
        """Forget what was asked; what is running still runs."""
        for count in self._counts.values():
            count.asked.clear()
            count.days.clear()
            count.tokens = 0


def _forget(count: _Count, now: float, seconds: float, window: str) -> None:
    start = now - seconds if window == "sliding" else now // seconds * seconds
    # In a sliding window a call exactly one minute old no longer counts.
    while count.asked and (
        count.asked[0][0] <= start if window == "sliding" else count.asked[0][0] < start
    ):
        count.tokens -= count.asked.popleft()[1]


def _breach(
    count: _Count, quota: Quota, tokens: int, now: float, minute: tuple[float, str]
) -> Breach | None:
    seconds, window = minute
    oldest = count.asked[0][0] if count.asked else now
    start = oldest if window == "sliding" else now // seconds * seconds
    wait = start + seconds - now
    asked = (
        (Kind.CONCURRENCY, quota.concurrency, count.running + 1, 1.0),
        (Kind.QUOTA_DAY, quota.rpd, count.days[_day(now)] + 1, wait),
        (Kind.QUOTA_MINUTE, quota.rpm, len(count.asked) + 1, wait),
        (Kind.QUOTA_TOKENS, quota.tpm, count.tokens + tokens, wait),
    )
    for kind, limit, used, delay in asked:
        if limit is not None and used > limit:
            free = quota.tier == "free" and limit == 0
            return Breach(Kind.QUOTA_FREE_TIER if free else kind, limit, delay, quota.tier)
    return None


def _day(now: float) -> date:
    # Google's days begin at midnight in California.
    return datetime.fromtimestamp(now, UTC).astimezone(_PACIFIC).date()
