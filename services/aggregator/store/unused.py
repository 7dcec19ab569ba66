"""The table `unused_artefacts`: objects that may go."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from services.aggregator.store.database import Connection

_ADD = """
INSERT INTO unused_artefacts (key, due_at)
SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS u(key, due_at) ORDER BY key
ON CONFLICT (key) DO UPDATE SET due_at = greatest(unused_artefacts.due_at, excluded.due_at)
"""
# Whoever takes one has it until it is due again; a process that dies loses it.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT key, hidden FROM unused_artefacts
    WHERE due_at <= now() ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE unused_artefacts u SET due_at = now() + $1::interval, hidden = true
FROM due WHERE u.key = due.key
RETURNING u.key, due.hidden
"""
_KEPT = "SELECT DISTINCT key FROM kept_artefacts WHERE key = ANY($1::text[])"
_FORGET = "DELETE FROM unused_artefacts WHERE key = ANY($1::text[])"
_AGAIN = "UPDATE unused_artefacts SET hidden = false WHERE key = ANY($1::text[])"


async def add(connection: Connection, due: Mapping[str, datetime]) -> None:
    """Have objects looked at, not before they are due."""
    await connection.execute(_ADD, list(due), list(due.values()))


async def take(connection: Connection, grace: timedelta, limit: int) -> dict[str, bool]:
    """Return what is due, and whether it was hidden before; from now on it is."""
    found = await connection.fetch(_TAKE, grace, limit)
    return {row["key"]: row["hidden"] for row in found}


async def kept(connection: Connection, keys: Collection[str]) -> set[str]:
    """Return which of these some row refers to."""
    return {row["key"] for row in await connection.fetch(_KEPT, list(keys))}


async def forget(connection: Connection, keys: Collection[str]) -> None:
    """Look at these no more: they are gone, or somebody's."""
    await connection.execute(_FORGET, list(keys))


async def again(connection: Connection, keys: Collection[str]) -> None:
    """Hide these once more: somebody used them meanwhile."""
    await connection.execute(_AGAIN, list(keys))
