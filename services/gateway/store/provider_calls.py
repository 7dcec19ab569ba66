"""How providers answered all services, by the hour: counters in Redis."""

from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from redis.exceptions import RedisError

from shared.errors import UnavailableError
from shared.telemetry.hourly import BOUNDS, HOUR_SECONDS

PREFIX = "bolt:calls:"
# The counters are kept for so many days.
DAYS = 35


class Hashes(Protocol):
    """What is needed of Redis."""

    def pipeline(self, *, transaction: bool) -> Any:
        """Return a pipeline."""
        ...

    def hgetall(self, name: str) -> Awaitable[Any]:
        """Return a whole hash."""
        ...


@dataclass(slots=True)
class Answers:
    """How one model of a provider answered.

    Attributes:
        outcomes: How often, by outcome: "ok", or the category of the error.
        buckets: How many calls took at most so many seconds, and more than the bound before.
    """

    provider: str
    model: str
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    buckets: Counter[float] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        """Return how many calls were made."""
        return self.outcomes.total()

    @property
    def mean_seconds(self) -> float | None:
        """Return how long a call took on average."""
        return self.seconds / self.calls if self.calls else None

    def quantile(self, share: float) -> float | None:
        """Return in how many seconds that share of the calls was answered, interpolated."""
        if not (wanted := self.buckets.total() * share):
            return None
        seen, low = 0, 0.0
        for bound in BOUNDS:
            count = self.buckets[bound]
            if count and seen + count >= wanted:
                return low + (bound - low) * (wanted - seen) / count
            seen, low = seen + count, bound
        return low

    def count(self, outcome: str, what: str, count: int) -> None:
        """Take in one counter."""
        match what:
            case "calls":
                self.outcomes[outcome] += count
            case "ms":
                self.seconds += count / 1_000
            case bound:
                self.buckets[float(bound)] += count


@dataclass(frozen=True, slots=True)
class ProviderCalls:
    """The counters of every service together."""

    redis: Hashes

    async def between(self, since: datetime, until: datetime) -> list[Answers]:
        """Return how each model answered, whole hours, as far back as it is known.

        Raises:
            UnavailableError: Redis did not answer.
        """
        last = int(until.timestamp()) // HOUR_SECONDS
        first = max(int(since.timestamp()) // HOUR_SECONDS, last - DAYS * 24)
        try:
            async with self.redis.pipeline(transaction=False) as pipeline:
                for hour in range(first, last + 1):
                    pipeline.hgetall(f"{PREFIX}{hour}")
                found = await pipeline.execute()
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error
        answers: dict[tuple[str, str], Answers] = {}
        for hour in found:
            for provider, model, outcome, what, count in _counters(hour):
                key = provider, model
                answers.setdefault(key, Answers(*key)).count(outcome, what, count)
        return sorted(answers.values(), key=lambda each: (-each.calls, each.provider, each.model))


def _counters(hour: dict[bytes, bytes]) -> Iterator[tuple[str, str, str, str, int]]:
    for name, count in hour.items():
        parts = name.decode().split("|")
        if len(parts) == 4:
            yield parts[0], parts[1], parts[2], parts[3], int(count)
