"""Keeps this process's catalogue as fresh as the last refresh, without a restart.

The gateway writes what providers said of their voices into a Redis hash, one field for each.
Every service reads it before its first message and every few seconds after. A Redis that
forgot changes nothing here: the gateway fills it again.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import catalogue

log = logging.getLogger(__name__)

# By provider: JSON rows, as `catalogue.of_rows` reads them.
HASH = "bolt:voices"
VERSION = "bolt:voices:version"
EVERY_SECONDS = 5.0
FIRST_SECONDS = 2.0


class VoiceNews:
    """The refreshed voices, as this process knows them."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=FIRST_SECONDS, socket_connect_timeout=FIRST_SECONDS
        )
        self._version: bytes | str | None = None

    async def follow(self, first: asyncio.Event) -> None:
        """Look for news for as long as the process lives; `first` is set after the first look."""
        try:
            while True:
                await self._look()
                first.set()
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            with suppress(RedisError, OSError):
                await self._redis.aclose()

    async def _look(self) -> None:
        try:
            version = await self._redis.get(VERSION)
            if version is None or version == self._version:
                return
            rows = await self._redis.hgetall(HASH)
        except (RedisError, OSError) as error:
            log.warning("voices are as fresh as they were: %s", error)
            return
        self._install(rows)
        self._version = version

    def _install(self, rows: Mapping[bytes | str, bytes | str]) -> None:
        try:
            news = [
                voice for text in rows.values() for voice in catalogue.of_rows(json.loads(text))
            ]
        except (ValueError, TypeError, KeyError) as error:
            # A newer gateway's; this process's own next version will read it.
            log.warning("refreshed voices cannot be read here: %s", error)
            return
        catalogue.install(news)
        log.info("%d voices differ from the bundled catalogue", len(news))
