"""Sends dead letters again: to the reader that failed, and to nobody else.

An order only marks rows; this loop publishes what is marked. A process that dies in between
leaves rows that another one takes, and what is published twice is the same event twice.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.gateway.store.redrives import Due, RedriveStore
from shared.errors import InvalidRequestError, UnavailableError

log = logging.getLogger(__name__)

Place = tuple[str, int, int]

AT_ONCE = 1_000
EVERY_SECONDS = 5.0
OUTAGE_SECONDS = 2.0
SENT, GONE, TOO_LARGE = "sent", "gone", "too_large"


class Kafka(Protocol):
    """What redriving needs of it."""

    async def read(self, wanted: Collection[Place]) -> Mapping[Place, Any]:
        """Return the records that are still there."""
        ...

    async def resend(self, letter: Any, value: bytes, redrive: Due) -> None:
        """Publish what is in a dead letter, and wait until the brokers have it."""
        ...


@dataclass(frozen=True, slots=True)
class Redriver:
    """The redrive loop."""

    redrives: RedriveStore
    kafka: Kafka
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Say that there is something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Send again what is marked, for ever."""
        while True:
            self._woken.clear()
            try:
                while count := await self.round():
                    log.info("sent %d dead letters again", count)
            except UnavailableError as error:
                log.warning("dead letters wait: %s", error)
                await asyncio.sleep(OUTAGE_SECONDS)
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Send a portion; return how many dead letters it had.

        Raises:
            UnavailableError: the rest is sent later.
        """
        dues = await self.redrives.take(AT_ONCE)
        if not dues:
            return 0
        try:
            records = await self.kafka.read({place for due in dues for place in _places(due)})
            outcomes = await asyncio.gather(
                *(self._send(due, records) for due in dues), return_exceptions=True
            )
        except UnavailableError:
            await self.redrives.put_back(dues)
            raise
        settled, failed = [], []
        for due, outcome in zip(dues, outcomes, strict=True):
            if isinstance(outcome, str):
                settled.append((due, outcome))
            else:
                failed.append((due, outcome))
        await self.redrives.settle(settled)
        if failed:
            await self.redrives.put_back([due for due, _ in failed])
            raise failed[0][1]
        return len(dues)

    async def _send(self, due: Due, records: Mapping[Place, Any]) -> str:
        letter, source = (records.get(place) for place in (_places(due) * 2)[:2])
        if letter is None or source is None:
            return GONE
        try:
            await self.kafka.resend(letter, source.value or b"", due)
        except InvalidRequestError:
            return TOO_LARGE
        return SENT


def _places(due: Due) -> list[Place]:
    """Return where the letter lies, and its value where that is elsewhere."""
    letter = (due.topic, due.partition, due.at_offset)
    if due.elsewhere and due.from_partition is not None and due.from_offset is not None:
        return [letter, (due.from_topic, due.from_partition, due.from_offset)]
    return [letter]
