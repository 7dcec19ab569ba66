"""Which processes run, and which of them are to restart: what all of them keep in Redis.

Each process writes a line about itself, and removes it when it ends; one that has not
written for a while is gone. An order to restart names processes. They go one at a time, and
after the first only while as many are ready as there were when it was ordered: the second
waits until the first has come back. Where it does not come back, nobody else goes.
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
# When a process of a service went last.
WENT = "bolt:restarted:"
# A process writes every BEAT_SECONDS; a long stall of its event loop is no death.
BEAT_SECONDS = 2.0
SILENT_SECONDS = 20.0
# Who has written so lately runs for certain: a count of those is waited for.
FRESH_SECONDS = 5.0
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
class Service:
    """What is known of a service now.

    Attributes:
        there: Its processes.
        orders: By process: that it is to restart.
        went_at: When one of them went last, by Redis's clock; 0 where none did lately.
    """

    there: Mapping[str, Process]
    orders: Mapping[str, Order] = field(default_factory=dict)
    went_at: float = 0.0

    def may_go(self, process_id: str) -> bool:
        """Return whether it is this process that restarts now."""
        waiting = sorted((self.orders[name].at, name) for name in self.there if name in self.orders)
        # Who goes already is still there, and so is the first of them until it is gone.
        if not waiting or waiting[0][1] != process_id or self.there[process_id].state != "ready":
            return False
        order = self.orders[process_id]
        ready = sum(each.state == "ready" for each in self.there.values())
        # Nobody has to come back before the first of them goes.
        return self.went_at < order.at or ready >= order.replicas


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
            known = await self.look(service)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {error}") from error
        told = (
            replace(each, ordered_at=known.orders[name].at if name in known.orders else None)
            for name, each in known.there.items()
        )
        return sorted(told, key=lambda each: (each.started_at, each.process_id))

    async def look(self, service: str) -> Service:
        """Return who is there, and who is to restart; raises what Redis raises."""
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.time()
            pipeline.hgetall(LINES + service)
            pipeline.hgetall(ORDERS + service)
            pipeline.get(WENT + service)
            (seconds, _), lines, orders, went_at = await pipeline.execute()
        there, gone = {}, []
        for name, line in _read(lines):
            if seconds - line["seen_at"] <= SILENT_SECONDS:
                figures = Figures(**line.pop("figures"))
                there[name] = Process(process_id=name, service=service, figures=figures, **line)
            else:
                gone.append(name)
        if gone:
            await self._forget(service, gone)
        return Service(
            there=there,
            orders={name: Order(**line) for name, line in _read(orders)},
            went_at=float(went_at or 0),
        )

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

    async def goes(self, process: Process) -> None:
        """Keep that a process goes, to restart; raises what Redis raises."""
        await self.write(process)
        seconds, micros = await self.redis.time()
        await self.redis.set(WENT + process.service, seconds + micros / 1e6, ex=LAPSE_SECONDS)

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
        try:
            seconds, micros = await self.redis.time()
            at = seconds + micros / 1e6
            # One that comes up now is not waited for: it may never be ready.
            fresh = [each for each in there if at - each.seen_at <= FRESH_SECONDS]
            replicas = sum(each.state != "starting" for each in fresh)
            if chosen:
                await self._order(service, chosen, Order(at=at, replicas=replicas))
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {error}") from error
        return [replace(each, ordered_at=at) for each in chosen]

    async def _order(self, service: str, chosen: Collection[Process], order: Order) -> None:
        line = json.dumps(asdict(order))
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.hset(ORDERS + service, mapping={each.process_id: line for each in chosen})
            pipeline.expire(ORDERS + service, LAPSE_SECONDS)
            await pipeline.execute()

    async def _forget(self, service: str, names: Collection[str]) -> None:
        async with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.hdel(LINES + service, *names)
            pipeline.hdel(ORDERS + service, *names)
            await pipeline.execute()


def _read(lines: Mapping[bytes, bytes]) -> list[tuple[str, dict[str, Any]]]:
    return [(name.decode(), json.loads(line)) for name, line in lines.items()]
