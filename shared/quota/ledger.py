"""What all replicas know about a provider's quotas and circuits, in Redis.

Every decision is one Lua script: nothing can happen between looking and taking. An emptied
Redis only forgets; nothing here is the only copy of anything that matters.
"""

import importlib.resources
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from shared.errors import UnavailableError
from shared.quota.circuits import Change
from shared.quota.keys import Key
from shared.quota.limits import Limits
from shared.quota.verdict import pacific_day, seconds_to_pacific_midnight

PREFIX = "bolt:quota:"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A key that could serve, and what its domain allows."""

    key: Key
    limits: Limits


@dataclass(frozen=True, slots=True)
class Granted:
    """A key may be used `wait` seconds from now, and has been used so often today."""

    wait: float
    candidate: Candidate
    used_today: int = 0


@dataclass(frozen=True, slots=True)
class Postponed:
    """No key can be used for another `seconds`."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No key will serve until a person or a long time changes something."""

    reason: str


class Ledger:
    """The quotas and circuits of one provider."""

    def __init__(
        self,
        provider: str,
        *,
        redis_url: str,
        lease_seconds: float,
        clock: Callable[[], float] | None = None,
    ) -> None:
        pool = BlockingConnectionPool.from_url(
            redis_url,
            max_connections=16,
            timeout=30,
            socket_timeout=10,
            socket_connect_timeout=5,
            health_check_interval=30,
        )
        self._redis = Redis.from_pool(pool)
        self._acquire = self._redis.register_script(_script("acquire"))
        self._settle = self._redis.register_script(_script("settle"))
        # In braces, so that a cluster keeps it all in one place.
        self._root = f"{PREFIX}{{{provider}}}:"
        self._lease_seconds = lease_seconds
        self._clock = clock
        # Who waits for a place: processes take turns.
        self._process = uuid4().hex

    async def acquire(
        self,
        lease: str,
        candidates: Sequence[Candidate],
        *,
        model: str,
        tokens: int,
        longest: float,
    ) -> Granted | Postponed | Refused:
        """Reserve the earliest moment at which one of `candidates` may be used.

        Raises:
            UnavailableError: Redis is away. Nobody is asked without a lease.
        """
        keys = [f"{self._root}circuit", self._circuit_of_model(model)]
        today = datetime.fromtimestamp(self._clock(), UTC) if self._clock else datetime.now(UTC)
        wait_for_midnight = seconds_to_pacific_midnight(today)
        arguments: list[str | float] = [self._now(), lease, self._lease_seconds, longest, tokens]
        arguments += [pacific_day(today), wait_for_midnight, self._process]
        for candidate in candidates:
            limits = candidate.limits
            keys += [*self._circuits_of_key(model, candidate.key)]
            keys += [*self._domain(model, candidate.key), self._waiting(model, candidate.key)]
            arguments += [limits.interval, limits.catch_up, limits.memory]
            arguments += [limits.tpm, limits.rpd, limits.concurrency]
        try:
            answer = await self._acquire(keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise _away(error) from error
        if answer[0] == b"granted":
            return Granted(float(answer[1]), candidates[int(answer[2])], int(answer[3]))
        if answer[0] == b"wait":
            return Postponed(float(answer[1]), answer[2].decode())
        return Refused(answer[1].decode())

    async def settle(self, lease: str, key: Key, *, model: str, change: Change) -> list[float]:
        """Give a lease back; return for how long each circuit was shut because of it.

        Raises:
            UnavailableError: Redis is away. The lease runs out by itself.
        """
        keys = [self._domain(model, key)[-1], f"{self._root}circuit"]
        keys += [self._circuit_of_model(model), *self._circuits_of_key(model, key)]
        arguments: list[str | float] = [self._now(), lease, change.reason, int(change.refuses)]
        for step in change.steps:
            arguments += [step.what, step.seconds, step.longest]
        try:
            answer = await self._settle(keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise _away(error) from error
        return [float(seconds) for seconds in answer]

    async def renew(self, leases: Sequence[tuple[str, str, Key]]) -> None:
        """Prolong leases, given as (lease, model, key); those that ran out stay so.

        Raises:
            UnavailableError: Redis is away.
        """
        try:
            seconds, micro = await self._redis.time()
            now = self._clock() if self._clock else seconds + micro / 1e6
            expires = now + self._lease_seconds
            pipeline = self._redis.pipeline(transaction=False)
            for lease, model, key in leases:
                pipeline.zadd(self._domain(model, key)[-1], {lease: expires}, xx=True, gt=True)
            await pipeline.execute()
        except (RedisError, OSError) as error:
            raise _away(error) from error

    async def stored(self, name: str) -> dict[str, str]:
        """Return the hash called `name`: sealed keys, by their id.

        Raises:
            UnavailableError: Redis is away.
        """
        try:
            # Bytes, as nothing else was asked for; the library's types leave it open.
            found = cast(dict[bytes, bytes], await self._redis.hgetall(name))
        except (RedisError, OSError) as error:
            raise _away(error) from error
        return {field.decode(): value.decode() for field, value in found.items()}

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def _now(self) -> str:
        return repr(self._clock()) if self._clock else ""

    def _circuit_of_model(self, model: str) -> str:
        return f"{self._root}circuit:model:{model}"

    def _circuits_of_key(self, model: str, key: Key) -> tuple[str, str, str]:
        start = f"{self._root}circuit:"
        domain = f"domain:{key.project}/{model}"
        return f"{start}project:{key.project}", f"{start}{domain}", f"{start}key:{key.id}"

    def _domain(self, model: str, key: Key) -> list[str]:
        name = f"{key.project}/{model}"
        return [f"{self._root}{part}:{name}" for part in ("rate", "tokens", "leases")]

    def _waiting(self, model: str, key: Key) -> str:
        return f"{self._root}waiting:{key.project}/{model}"


def _script(name: str) -> str:
    return importlib.resources.files("shared.quota").joinpath(f"{name}.lua").read_text("utf-8")


def _away(error: Exception) -> UnavailableError:
    return UnavailableError(f"Redis did not answer: {error}")
