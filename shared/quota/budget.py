"""What batches may cost: a hard limit in US dollars, held in Redis for all replicas.

Before a call its price is held; it is spent when the answer is there. What was spent is
counted anew from the table of usage (by the aggregator) where Redis has forgotten it, and
until then nobody spends anything.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import BadSpeechError, StoppedError, UnavailableError
from shared.quota.permission import Call

PREFIX = "bolt:budget:"
REMEMBERED_SECONDS = 30 * 86_400
# A process that died in a call may have been billed for it: after this it counts as spent.
HELD_SECONDS = 900
WAIT_SECONDS = 0.25
REDIS_SECONDS = 10.0

# Returns what becomes of the call ("unknown", "spent", "wait" or "held"), and what is spent.
_HOLD = """
local spent = redis.call('hget', KEYS[1], 'spent')
if not spent then return {'unknown', '0'} end
spent = tonumber(spent)
local held, now = 0, tonumber(ARGV[4])
local all = redis.call('hgetall', KEYS[1])
for i = 1, #all, 2 do
  if all[i] ~= 'spent' then
    local amount, ends = string.match(all[i + 1], '([^|]+)|([^|]+)')
    if tonumber(ends) < now then
      redis.call('hdel', KEYS[1], all[i])
      redis.call('hincrbyfloat', KEYS[1], 'spent', amount)
      spent = spent + tonumber(amount)
    else
      held = held + tonumber(amount)
    end
  end
end
local amount, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
if spent + amount > limit then return {'spent', tostring(spent)} end
if spent + held + amount > limit then return {'wait', tostring(spent)} end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2] .. '|' .. ARGV[5])
redis.call('expire', KEYS[1], ARGV[6])
return {'held', tostring(spent)}
"""
_SPEND = """
redis.call('hdel', KEYS[1], ARGV[1])
if redis.call('hexists', KEYS[1], 'spent') == 1 then
  redis.call('hincrbyfloat', KEYS[1], 'spent', ARGV[2])
end
return 1
"""


class Budgets:
    """The budgets of batches. An async context."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        self._hold = self._redis.register_script(_HOLD)
        self._spend = self._redis.register_script(_SPEND)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._redis.aclose()

    async def know(self, spent: dict[UUID, float]) -> None:
        """Say what batches have spent, of those that nothing is known of.

        Raises:
            UnavailableError: Redis is away.
        """
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for batch_id, usd in spent.items():
                    pipeline.hsetnx(_key(batch_id), "spent", repr(usd))
                    pipeline.expire(_key(batch_id), REMEMBERED_SECONDS)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error

    @asynccontextmanager
    async def hold(
        self, batch_id: UUID, estimate_usd: float, *, limit_usd: float
    ) -> AsyncIterator[Call]:
        """Hold the price of one call while it is made.

        Raises:
            StoppedError: what was spent and this call are more than the batch may cost.
            UnavailableError: Redis is away, or does not know yet what was spent.
        """
        name = uuid4().hex
        await self._wait(batch_id, name, estimate_usd, limit_usd)
        call = Call(estimate_usd)
        try:
            yield call
        except BadSpeechError:
            # Useless, and billed.
            await self._end(batch_id, name, call.cost_usd)
            raise
        except BaseException:
            await asyncio.shield(self._end(batch_id, name, 0.0))
            raise
        await asyncio.shield(self._end(batch_id, name, call.cost_usd))

    async def _wait(self, batch_id: UUID, name: str, estimate: float, limit: float) -> None:
        while True:
            now = time.time()
            held = (name, repr(estimate), repr(limit), now, now + HELD_SECONDS)
            try:
                answer, spent = await self._hold(
                    keys=[_key(batch_id)], args=[*held, REMEMBERED_SECONDS]
                )
            except (RedisError, OSError) as error:
                raise UnavailableError(f"Redis did not answer: {error}") from error
            match answer.decode():
                case "held":
                    return
                case "unknown":
                    raise UnavailableError(f"what batch {batch_id} has spent is being counted")
                case "spent":
                    raise StoppedError(
                        "budget",
                        f"{float(spent):.2f} USD of a budget of {limit:.2f} USD are spent, "
                        f"and the next call costs up to {estimate:.4f} USD",
                    )
            await asyncio.sleep(WAIT_SECONDS)

    async def _end(self, batch_id: UUID, name: str, cost: float) -> None:
        try:
            await self._spend(keys=[_key(batch_id)], args=[name, repr(cost)])
        except (RedisError, OSError):
            # What is held runs out, and counts as spent then.
            return


def _key(batch_id: UUID) -> str:
    return f"{PREFIX}{batch_id}"
