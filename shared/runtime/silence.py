"""Notices a consumer that hears nothing although there is something to hear.

A client may lose its way after a rebalance or a restart of the brokers and wait for ever,
connected and quiet. What the brokers say about the ends of its partitions tells.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiokafka.errors import KafkaError

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class Silence:
    """Watches one consumer.

    Attributes:
        stuck: Whether it has been behind, and heard nothing, at two looks in a row.
    """

    def __init__(self) -> None:
        self.stuck = False
        self._heard = False
        self._behind = False

    def heard(self) -> None:
        """Say that a record came."""
        self._heard = True

    async def watch(self, consumer: Callable[[], Any], busy: Callable[[], bool]) -> None:
        """Look once a minute, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look(consumer(), busy=busy())

    async def look(self, consumer: Any, *, busy: bool) -> None:
        """Look once. A consumer with work in hand may be waiting for room."""
        quiet, self._heard = not self._heard, False
        if consumer is None or busy or not quiet:
            self._behind = False
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                behind = await _behind(consumer)
        except (KafkaError, TimeoutError, OSError) as error:
            # An outage is not silence: nobody is told to restart for that.
            log.info("the ends of partitions are not known: %r", error)
            behind = False
        if behind and self._behind:
            log.critical("no records arrive although there are some")
            self.stuck = True
        self._behind = behind


async def _behind(consumer: Any) -> bool:
    held = consumer.assignment() - consumer.paused()
    if not held:
        return False
    ends = await consumer.end_offsets(list(held))
    return any([ends[tp] > await consumer.position(tp) for tp in held])
