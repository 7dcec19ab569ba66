"""Requests, counted in Redis by the generic cell rate algorithm: one number for each counter.

The number is when the counter would be empty again, in microseconds of Redis' own clock, so
that replicas need not agree about the time.
"""

import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

from redis.exceptions import RedisError

from services.gateway.rate_limits import Limit, Verdict
from shared.errors import UnavailableError

_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = tonumber(ARGV[1])
local each = window / tonumber(ARGV[2])
local empty = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = empty + each
if after - now > window + 1 then
  return {-1, string.format('%.0f', after - now - window)}
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {math.floor((window + 1 - (after - now)) / each), string.format('%.0f', after - now)}
"""


class Scripts(Protocol):
    """The commands of Redis that counting needs."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Awaitable[Any]:
        """Run a script."""
        ...

    def delete(self, *names: str) -> Awaitable[Any]:
        """Forget keys."""
        ...


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Counters that are shared by every gateway.

    Every method raises `UnavailableError` where Redis cannot be reached.
    """

    redis: Scripts

    async def take(self, key: str, limit: Limit) -> Verdict:
        """Count one request, unless it is one too many."""
        try:
            remaining, microseconds = await self.redis.eval(
                _TAKE, 1, _name(key), limit.seconds * 1_000_000, limit.count
            )
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error
        return Verdict(int(remaining), int(microseconds) / 1_000_000)

    async def forget(self, key: str) -> None:
        """Count from nothing again."""
        try:
            await self.redis.delete(_name(key))
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error


def _name(key: str) -> str:
    # A key holds addresses of people; Redis need not know them.
    return f"bolt:rate:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}"
