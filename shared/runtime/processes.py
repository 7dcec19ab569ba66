"""Which processes run, and which of them are to restart: what all of them keep in Redis.

Each process writes a line about itself, and removes it when it ends; one that has not
written for a while is gone. An order to restart names processes. They go one at a time, and
only while as many are ready as there were when it was ordered: the second waits until the
first has come back. Where it does not come back, nobody else goes.
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import UnavailableError
from shared.telemetry.recent import Figures

log = logging.getLogger(__name__)

LINES = "bolt:processes:"
ORDERS = "bolt:restarts:"
# A process writes every BEAT_SECONDS; a long stall of its event loop is no death.
BEAT_SECONDS = 2.0
SILENT_SECONDS = 20.0
# An order that could not be carried out by then is forgotten.
LAPSE_SECONDS = 3_600
KEPT_SECONDS = 86_400

State = Literal["starting", "ready", "stopping"]


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a service.

    Attributes:
        seen_at: When it last wrote, by Redis's clock; both moments in seconds since 1970.
        ordered_at: When it was told to restart, if it was.
    """

    process_id: str
    service: str
    started_at: float
    state: State = "starting"
    figures: Figures = field(default_factory=Figures)
    seen_at: float = 0.0
    ordered_at: float | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """That a process is to restart, while `replicas` of its service are ready."""

    at: float
    replicas: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """All processes of all services, as Redis knows them."""

    redis: Redis

    async def of(self, service: str) -> list[Process]:
        """Return the processes of a service, the oldest first.

        Raises:
            UnavailableError: Redis did not answer.
        """
        try:
            there, orders = await self.look(service)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {error}") from error
        told = (
            replace(each, ordered_at=orders[name].at if name in orders else None)
            for name, each in there.items()
        )
        return sorted(told, key=lambda each: (each.started_at, each.process_id))

    async def look(self, service: str) -> tuple[dict[str, Process], dict[str, Order]]:
        """Return who is there, and who is to restart; raises what Redis raises."""
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.time()
            pipeline.hgetall(LINES + service)
            pipeline.hgetall(ORDERS + service)
            (seconds, _), lines, orders = await pipeline.execute()
        there, gone = {}, []
        for name, line in _read(lines):
            if seconds - line["seen_at"] <= SILENT_SECONDS:
                figures = Figures(**line.pop("figures"))
                there[name] = Process(process_id=name, service=service, figures=figures, **line)
            else:
                gone.append(name)
        if gone:
            await self._forget(service, gone)
        return there, {name: Order(**line) for name, line in _read(orders)}

    async def write(self, process: Process) -> None:
        """Keep a line about a process; raises what Redis raises."""
        seconds, _ = await self.redis.time()
        line = asdict(replace(process, seen_at=float(seconds)))
        for told_elsewhere in ("process_id", "service", "ordered_at"):
            del line[told_elsewhere]
        key = LINES + process.service
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.hset(key, process.process_id, json.dumps(line))
            pipeline.expire(key, KEPT_SECONDS)
            await pipeline.execute()

    async def leave(self, process: Process) -> None:
        """Forget a process that ends; raises what Redis raises."""
        await self._forget(process.service, [process.process_id])

    async def restart(self, service: str, process_id: str | None = None) -> list[Process]:
        """Have all processes of a service restarted, or one; return them.

        Raises:
            UnavailableError: Redis did not answer.
        """
        there = await self.of(service)
        chosen = [each for each in there if process_id in (None, each.process_id)]
        # One that comes up now is not waited for: it may never be ready.
        replicas = sum(each.state != "starting" for each in there)
        try:
            seconds, _ = await self.redis.time()
            order = json.dumps(asdict(Order(at=float(seconds), replicas=replicas)))
            if chosen:
                key = ORDERS + service
                async with self.redis.pipeline(transaction=True) as pipeline:
                    pipeline.hset(key, mapping={each.process_id: order for each in chosen})
                    pipeline.expire(key, LAPSE_SECONDS)
                    await pipeline.execute()
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {error}") from error
        return [replace(each, ordered_at=float(seconds)) for each in chosen]

    async def _forget(self, service: str, names: Collection[str]) -> None:
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.hdel(LINES + service, *names)
            pipeline.hdel(ORDERS + service, *names)
            await pipeline.execute()


def turn(process_id: str, there: Mapping[str, Process], orders: Mapping[str, Order]) -> bool:
    """Return whether it is this process that restarts now."""
    waiting = sorted((orders[name].at, name) for name in there if name in orders)
    # Who goes already is still there, and so is the first of them until it is gone.
    if not waiting or waiting[0][1] != process_id or there[process_id].state != "ready":
        return False
    ready = sum(each.state == "ready" for each in there.values())
    return ready >= orders[process_id].replicas


def _read(lines: Mapping[bytes, bytes]) -> list[tuple[str, dict[str, Any]]]:
    return [(name.decode(), json.loads(line)) for name, line in lines.items()]
