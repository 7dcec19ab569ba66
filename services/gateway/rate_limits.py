"""How often somebody may ask. Counted in Redis, so that replicas count together.

Where Redis is away nobody is counted and nobody is refused: it is said in the log.
"""

import asyncio
import logging
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.gateway.errors import TooManyRequestsError
from shared.errors import UnavailableError

log = logging.getLogger(__name__)

# A request does not wait longer than this to be counted ...
PATIENCE_SECONDS = 0.25
# ... and after one has waited in vain the next ones do not.
RECOVERY_SECONDS = 5.0
_SHAPE = re.compile(r"\s*(?P<name>[a-z]+)\s*=\s*(?P<count>\d+)/(?P<seconds>\d+)s\s*")
NAMES = ("read", "write", "submit", "sign", "password", "refused")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds, all at once or spread."""

    name: str
    count: int
    seconds: int

    @property
    def policy(self) -> str:
        """Return it as an item of `RateLimit-Policy`."""
        return f'"{self.name}";q={self.count};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Verdict:
    """What counting one request came to.

    Attributes:
        remaining: How many more may come now; below 0 where this one may not.
        seconds: Until one may come (where refused), or until as many as ever may.
    """

    remaining: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer says about a limit."""

    limit: Limit
    verdict: Verdict

    def headers(self) -> dict[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers."""
        left, seconds = max(self.verdict.remaining, 0), math.ceil(self.verdict.seconds)
        return {
            "RateLimit-Policy": self.limit.policy,
            "RateLimit": f'"{self.limit.name}";r={left};t={seconds}',
        }


class Counter(Protocol):
    """Where requests are counted."""

    async def take(self, key: str, limit: Limit) -> Verdict:
        """Count one request, unless it is one too many."""
        ...

    async def forget(self, key: str) -> None:
        """Count from nothing again."""
        ...


def parse(text: str) -> dict[str, Limit]:
    """Return the limits in "read=6000/60s,write=1200/60s"; a class that is absent has none.

    Raises:
        ValueError: it is written otherwise.
    """
    limits: dict[str, Limit] = {}
    for part in filter(str.strip, text.split(",")):
        match = _SHAPE.fullmatch(part)
        if (
            not match
            or match["name"] not in NAMES
            or not int(match["count"]) * int(match["seconds"])
        ):
            raise ValueError(f"{part!r}: write read=6000/60s, for one of {', '.join(NAMES)}")
        limits[match["name"]] = Limit(match["name"], int(match["count"]), int(match["seconds"]))
    return limits


@dataclass(slots=True)
class RateLimits:
    """Counts requests, and refuses those that are too many."""

    limits: Mapping[str, Limit]
    counter: Counter
    clock: Callable[[], float] = time.monotonic
    _away_until: float = field(default=-math.inf, init=False)

    async def take(self, name: str, who: str) -> Standing | None:
        """Count a request of `who`; None where there is no limit, or no counting now.

        Raises:
            TooManyRequestsError: it is one too many.
        """
        limit = self.limits.get(name)
        if limit is None or self.clock() < self._away_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                verdict = await self.counter.take(f"{name} {who}", limit)
        except (UnavailableError, TimeoutError) as error:
            self._give_up(error)
            return None
        standing = Standing(limit, verdict)
        if verdict.remaining < 0:
            raise TooManyRequestsError(
                f"{limit.count} {limit.name} requests in {limit.seconds} s are too many; "
                f"come back in {math.ceil(verdict.seconds)} s",
                headers={"Retry-After": str(math.ceil(verdict.seconds)), **standing.headers()},
            )
        return standing

    async def forgive(self, name: str, who: str) -> None:
        """Count from nothing again."""
        if name not in self.limits or self.clock() < self._away_until:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.counter.forget(f"{name} {who}")
        except (UnavailableError, TimeoutError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._away_until = self.clock() + RECOVERY_SECONDS
        log.warning("nobody is counted for %s s: %r", RECOVERY_SECONDS, error)
