"""Adds what this process counted to what all of them did, in Redis, every few seconds."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.telemetry import hourly

log = logging.getLogger(__name__)

PREFIX = "bolt:calls:"
EVERY_SECONDS = 2.0
REDIS_SECONDS = 5.0
# A little longer than the longest period anybody asks for by default.
KEPT_SECONDS = 35 * 86_400


async def add_up(redis: Redis) -> None:
    """Add once; what Redis does not take is kept for the next time."""
    if not (counts := hourly.take()):
        return
    try:
        async with redis.pipeline(transaction=True) as pipeline:
            for (hour, field), count in counts.items():
                pipeline.hincrby(f"{PREFIX}{hour}", field, count)
            for hour in {hour for hour, _ in counts}:
                pipeline.expire(f"{PREFIX}{hour}", KEPT_SECONDS)
            await pipeline.execute()
    except (RedisError, OSError) as error:
        # Maybe it was added and only the answer was lost: then a few calls count twice.
        hourly.give_back(counts)
        log.debug("calls are not added up yet: %s", error)


@asynccontextmanager
async def adding_up(redis_url: str) -> AsyncIterator[None]:
    """Add up while the context is open, and once more at its end."""
    redis = Redis.from_url(
        redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    task = asyncio.create_task(_for_ever(redis))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await add_up(redis)
        await redis.aclose()


async def _for_ever(redis: Redis) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await add_up(redis)
