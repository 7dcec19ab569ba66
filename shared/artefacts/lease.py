"""The right to make one result: held by one process, renewed while it works, gone when it dies."""

import asyncio
import contextlib
import logging
from typing import Self
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import UnavailableError

log = logging.getLogger(__name__)

PREFIX = "bolt:lease:"
# A process that was killed blocks its results for this long and no longer.
LEASE_SECONDS = 15.0
RENEW_SECONDS = 4.0
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 1.0

# Only the holder may renew or give up: the token says who that is.
_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class Lease:
    """One attempt at holding the lease called `key`."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._key = PREFIX + key
        self._token = uuid4().hex
        self._renewing: asyncio.Task[None] | None = None
        self._pause = FIRST_WAIT_SECONDS

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._renewing is None:
            return
        self._renewing.cancel()
        # Not released, it runs out by itself.
        with contextlib.suppress(RedisError, OSError):
            await self._redis.eval(_RELEASE, 1, self._key, self._token)

    async def acquire(self) -> bool:
        """Return whether the lease is ours now; from then on it is renewed.

        Raises:
            UnavailableError: Redis cannot be reached. Nobody makes anything without a lease:
                it would be paid for twice.
        """
        try:
            won = await self._redis.set(
                self._key, self._token, nx=True, px=int(LEASE_SECONDS * 1_000)
            )
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error
        if won:
            self._renewing = asyncio.create_task(self._renew())
        return bool(won)

    async def wait(self) -> None:
        """Wait a little longer than last time for whoever holds it."""
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 1.5, LONGEST_WAIT_SECONDS)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            milliseconds = int(LEASE_SECONDS * 1_000)
            try:
                held = await self._redis.eval(_RENEW, 1, self._key, self._token, milliseconds)
                if not held:
                    # Redis was emptied or we were stopped for long: take it again if it is free.
                    await self._redis.set(self._key, self._token, nx=True, px=milliseconds)
            except (RedisError, OSError) as error:
                log.warning("lease %s not renewed: %s", self._key, error)
