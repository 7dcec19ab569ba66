"""The state made anew beside the one in use, compared with it, and put in its place.

The tables of the fold are made a second time in a schema of their own, where the very same
statements fill them. The switch is one transaction that changes only rows that differ:
readers see the old state until it commits, and grants, keys and statistics stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import asyncpg

from services.aggregator.store.database import STATE_LOCK
from services.aggregator.store.tables import SCHEMA, TABLES, Table, read_tables
from shared.errors import InvalidRequestError
from shared.postgres import outages

_ONLY_ONE = 7_205_117
_MAKE = f"""
DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;
CREATE SCHEMA {SCHEMA};
CREATE UNLOGGED TABLE {SCHEMA}.job_log (LIKE public.job_log INCLUDING DEFAULTS);
CREATE UNLOGGED TABLE {SCHEMA}.kept (batch_id uuid PRIMARY KEY);
CREATE UNLOGGED TABLE {SCHEMA}.unused_artefacts
    (LIKE public.unused_artefacts INCLUDING DEFAULTS, PRIMARY KEY (key));
CREATE UNLOGGED TABLE {SCHEMA}.run_artefacts
    (LIKE public.run_artefacts, PRIMARY KEY (job_id, key));
"""
_MAKE_TABLE = """
CREATE UNLOGGED TABLE {shadow} (LIKE public.{name} INCLUDING DEFAULTS);
ALTER TABLE {shadow} ADD PRIMARY KEY ({key}), SET (fillfactor = 60);
"""
_INDEX = f"""
CREATE INDEX ON {SCHEMA}.jobs (batch_id);
CREATE INDEX ON {SCHEMA}.batches (created_at) WHERE completed_at IS NULL;
"""
# The log tells of every deletion while it has not lost an order; and here nothing is lost.
_DELETED = f"INSERT INTO {SCHEMA}.deleted_batches SELECT * FROM public.deleted_batches"  # noqa: S608 - as above
# What the log does not know, or not to its beginning, stays as it is; so does what is left of
# deleted batches, of which nobody knows any more how old they were.
_KEEP = f"""
INSERT INTO {SCHEMA}.kept
SELECT batch_id FROM public.deleted_batches
UNION
SELECT batch_id FROM public.batches b
WHERE NOT EXISTS (SELECT FROM {SCHEMA}.batches s WHERE s.batch_id = b.batch_id)
   OR b.created_at <= $1
"""  # noqa: S608 - a constant of ours, here and below
# The order of arrival cannot be told from the log: where it is known it stays.
_ARRIVALS = f"""
UPDATE {SCHEMA}.jobs s SET position = l.position FROM public.jobs l
WHERE l.job_id = s.job_id AND s.position >= 1000000000 AND l.position >= 1000000000
  AND s.position <> l.position
"""  # noqa: S608 - as above
_LINES = f"""
INSERT INTO public.job_log (job_id, at, stage, message)
SELECT job_id, at, stage, message FROM {SCHEMA}.job_log l
WHERE EXISTS (SELECT FROM public.jobs j WHERE j.job_id = l.job_id)
EXCEPT ALL
SELECT job_id, at, stage, message FROM public.job_log
"""  # noqa: S608 - as above
# What was deleted here a moment ago is still to be removed there.
_LEFT = """
UPDATE public.deleted_batches d SET rows_left = true
WHERE NOT rows_left AND EXISTS (SELECT FROM public.batches b WHERE b.batch_id = d.batch_id)
"""
_RUNS = f"""
INSERT INTO public.run_artefacts SELECT r.* FROM {SCHEMA}.run_artefacts r
WHERE EXISTS (SELECT FROM public.jobs j WHERE j.job_id = r.job_id)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - as above
_UNUSED = f"""
INSERT INTO public.unused_artefacts (key, due_at) SELECT key, due_at FROM {SCHEMA}.unused_artefacts
ON CONFLICT DO NOTHING
"""  # noqa: S608 - as above
_MISSING = f"""
SELECT batch_id FROM {SCHEMA}.batches s
WHERE NOT EXISTS (SELECT FROM public.batches b WHERE b.batch_id = s.batch_id)
"""  # noqa: S608 - as above
_ANNOUNCED = f"""
UPDATE {SCHEMA}.batches SET
    seq = $2, published_seq = $2, endings = $3, announced_ending = $4, dirty = $5
WHERE batch_id = $1
"""  # noqa: S608 - as above
_ROWS = f"SELECT * FROM {SCHEMA}.batches WHERE batch_id = ANY($1::uuid[])"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the log says; None where there is none."""

    table: str
    key: str
    live: Mapping[str, Any] | None
    rebuilt: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Announced:
    """What was last said of a batch, as the log has it."""

    seq: int
    endings: int
    announced_ending: int
    dirty: bool


class Shadow:
    """A connection of its own, the tables it made, and the lock that it may take."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._tables: Sequence[Table] = ()

    async def __aenter__(self) -> Self:
        with outages():
            self._connection = await asyncpg.connect(
                self._url, server_settings={"application_name": "bolt-rebuild", "timezone": "UTC"}
            )
            if not await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", _ONLY_ONE):
                await self._connection.close()
                raise InvalidRequestError("another rebuild runs on this database; wait for its end")
            await self._make()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if not self._connection.is_closed():
            await self._connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            # Closing the session gives the lock back.
            await self._connection.close()

    async def _make(self) -> None:
        self._tables = await read_tables(self._connection)
        await self._connection.execute(_MAKE)
        for table in self._tables:
            key = ", ".join(table.key)
            await self._connection.execute(
                _MAKE_TABLE.format(shadow=table.shadow, name=table.name, key=key)
            )
        await self._connection.execute(_INDEX)
        await self._connection.execute(_DELETED)

    async def begin(self) -> None:
        """Stop the live fold, once what it is at has ended, until `commit` or `abandon`."""
        with outages():
            await self._connection.execute("BEGIN")
            await self._connection.execute("SELECT pg_advisory_xact_lock($1)", STATE_LOCK)

    async def commit(self) -> None:
        """Let everybody see the state as it is now, and the live fold go on from there."""
        with outages():
            await self._connection.execute("COMMIT")

    async def abandon(self) -> None:
        """Leave everything as it was."""
        if not self._connection.is_closed():
            await self._connection.execute("ROLLBACK")

    async def positions(self) -> dict[tuple[str, int], int]:
        """Return how far the live fold is."""
        with outages():
            found = await self._connection.fetch(
                "SELECT topic, partition, next_offset FROM public.consumer_offsets"
            )
        return {(row["topic"], row["partition"]): row["next_offset"] for row in found}

    async def keep(self, horizon: datetime | None) -> int:
        """Mark what stays as it is: batches as old as `horizon`, or unknown to the log."""
        with outages():
            await self._connection.execute(f"TRUNCATE {SCHEMA}.kept")
            status = await self._connection.execute(_KEEP, horizon)
            await self._connection.execute(_ARRIVALS)
        return _count(status)

    async def missing(self) -> list[dict[str, Any]]:
        """Return the rebuilt batches that are not in use."""
        with outages():
            found = [row["batch_id"] for row in await self._connection.fetch(_MISSING)]
            return [dict(row) for row in await self._connection.fetch(_ROWS, found)]

    async def announce(self, announced: Mapping[UUID, Announced]) -> None:
        """Go on with the numbers that watchers have seen."""
        values = [
            (batch_id, a.seq, a.endings, a.announced_ending, a.dirty)
            for batch_id, a in announced.items()
        ]
        with outages():
            await self._connection.executemany(_ANNOUNCED, values)

    async def differences(self, limit: int) -> tuple[dict[str, int], list[Difference]]:
        """Return how many rows differ, by table, and the first of each."""
        counts: dict[str, int] = {}
        found: list[Difference] = []
        with outages():
            for table in self._tables:
                if table.name == "consumer_offsets":
                    continue
                counts[table.name] = await self._connection.fetchval(table.count_differences())
                rows = await self._connection.fetch(table.show_differences(), limit)
                found += [_difference(table, row) for row in rows]
        return counts, found

    async def switch(self) -> dict[str, int]:
        """Make the live rows what the rebuilt ones are; return how many changed, by table."""
        changed: dict[str, int] = dict.fromkeys(TABLES, 0)
        with outages():
            for table in reversed(self._tables):
                if not table.grows:
                    changed[table.name] += await self._run(table.delete())
            for table in self._tables:
                changed[table.name] += await self._run(table.update())
                changed[table.name] += await self._run(table.insert())
            changed["job_log"] = await self._run(_LINES)
            for statement in (_RUNS, _UNUSED):
                await self._run(statement)
            await self._run(_LEFT)
        return changed

    async def _run(self, statement: str) -> int:
        return _count(await self._connection.execute(statement))


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])


def _difference(table: Table, row: Mapping[str, Any]) -> Difference:
    import json

    live, rebuilt = (json.loads(row[name]) if row[name] else None for name in ("live", "rebuilt"))
    known = live or rebuilt or {}
    key = " ".join(str(known[column]) for column in table.key)
    if live and rebuilt:
        names: Iterable[str] = [name for name in live if live[name] != rebuilt[name]]
        live, rebuilt = ({name: each[name] for name in names} for each in (live, rebuilt))
    return Difference(table.name, key, live, rebuilt)
