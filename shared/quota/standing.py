"""How providers stand right now: who gave keys for them, and whose circuits are open."""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.quota.ledger import PREFIX
from shared.quota.stored import EVERYBODY, place

log = logging.getLogger(__name__)

# A choice of now may be a little behind; asking for every job would cost more than it is worth.
FRESH_SECONDS = 2.0
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How providers stand.

    Attributes:
        owners: By provider: the users whose keys it may be called with; `EVERYBODY` for all.
        unwell: By provider: why it had better not be asked now.
    """

    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unwell: Mapping[str, str] = field(default_factory=dict)

    def keyed(self, user: str) -> frozenset[str]:
        """Return the providers that stored keys serve `user` with."""
        may = {user, EVERYBODY}
        return frozenset(name for name, owners in self.owners.items() if owners & may)


class Standings:
    """Looks, at most every `FRESH_SECONDS`. Without Redis nothing is known, and nothing assumed."""

    def __init__(
        self,
        providers: Sequence[str],
        redis_url: str,
        *,
        keys: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = tuple(providers)
        self._redis = Redis.from_url(
            redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        )
        # Whether stored keys can be opened here.
        self._keys = keys
        self._clock = clock
        self._seen: tuple[float, Standing] = (float("-inf"), Standing())

    async def now(self) -> Standing:
        """Return how they stand."""
        due, standing = self._seen
        if self._clock() < due:
            return standing
        try:
            standing = await self._look()
        except (RedisError, OSError) as error:
            log.warning("how providers stand is not known: %s", error)
            standing = Standing()
        self._seen = (self._clock() + FRESH_SECONDS, standing)
        return standing

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _look(self) -> Standing:
        seconds, micro = await self._redis.time()
        pipeline = self._redis.pipeline(transaction=False)
        for name in self._providers:
            pipeline.hmget(f"{PREFIX}{{{name}}}:circuit", ["until", "reason"])
            pipeline.hvals(place(name))
        found = await pipeline.execute()
        circuits = dict(zip(self._providers, found[::2], strict=True))
        stored = dict(zip(self._providers, found[1::2], strict=True))
        now = seconds + micro / 1e6
        return Standing(
            {name: _owners(rows) for name, rows in stored.items()} if self._keys else {},
            {name: why for name, circuit in circuits.items() if (why := _open(circuit, now))},
        )


def _owners(rows: Sequence[bytes]) -> frozenset[str]:
    return frozenset(str(json.loads(row)["user_id"]) for row in rows)


def _open(circuit: Sequence[Any], now: float) -> str:
    until, reason = circuit
    left = float(until or 0) - now
    said = (reason or b"").decode() or "it fails"
    return f"its circuit is open for {left:.0f} s more: {said}" if left > 0 else ""
