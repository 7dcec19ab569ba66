"""What a database is made of: its tables in order, and whose they are."""

import re
from collections.abc import Collection, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from shared.postgres.migrate import Migration

# What the aggregator writes it folds from the log, and can fold again.
FOLDED_BY = "aggregator"
OWNED = re.compile(r"-- owner: (\w+)\n(?:-- readers: [\w, ]+\n)?CREATE TABLE (\w+)")

_RELATIONS = """
SELECT c.relname AS name, c.relkind::text AS kind
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
_REFERENCES = """
SELECT child.relname AS child, parent.relname AS parent
FROM pg_constraint r
JOIN pg_class child ON child.oid = r.conrelid JOIN pg_class parent ON parent.oid = r.confrelid
WHERE r.contype = 'f' AND child.relnamespace = 'public'::regnamespace
"""
_COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'
ORDER BY ordinal_position
"""
_SEQUENCES = """
SELECT sequencename AS name, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}
MIGRATIONS = "schema_migrations"


def folded(migrations: Sequence[Migration]) -> set[str]:
    """Return the tables that the log gives again."""
    owned = (found for migration in migrations for found in OWNED.findall(migration.sql))
    return {table for owner, table in owned if owner == FOLDED_BY}


async def relations(connection: Any) -> dict[str, str]:
    """Return what there is, each with its kind as DROP calls it."""
    return {row["name"]: KINDS[row["kind"]] for row in await connection.fetch(_RELATIONS)}


async def tables(connection: Any) -> list[str]:
    """Return the tables that hold data, each after those that it refers to."""
    names = sorted(name for name, kind in (await relations(connection)).items() if kind == "TABLE")
    before: dict[str, set[str]] = {name: set() for name in names if name != MIGRATIONS}
    for row in await connection.fetch(_REFERENCES):
        if row["child"] != row["parent"]:
            before[row["child"]].add(row["parent"])
    return list(TopologicalSorter(before).static_order())


async def columns(connection: Any, table: str) -> list[str]:
    """Return the columns of a table that are written."""
    return [row["column_name"] for row in await connection.fetch(_COLUMNS, table)]


async def sequences(connection: Any) -> dict[str, int]:
    """Return where each sequence has got."""
    return {row["name"]: row["last_value"] for row in await connection.fetch(_SEQUENCES)}


async def applied(connection: Any) -> dict[str, str]:
    """Return the migrations it has had, each with its hash; none where it is new."""
    if await connection.fetchval("SELECT to_regclass('public.schema_migrations')") is None:
        return {}
    rows = await connection.fetch("SELECT name, sha256 FROM schema_migrations ORDER BY name")
    return {row["name"]: row["sha256"] for row in rows}


async def filled(connection: Any, names: Collection[str]) -> list[str]:
    """Return those of the tables that have a row."""
    asked = 'SELECT EXISTS (SELECT FROM public."{}")'
    return [name for name in names if await connection.fetchval(asked.format(name))]


async def empty(connection: Any, names: Collection[str]) -> None:
    """Remove every row."""
    if names:
        listed = ", ".join(f'public."{name}"' for name in names)
        await connection.execute(f"TRUNCATE {listed} RESTART IDENTITY CASCADE")


async def drop(connection: Any, kinds: Mapping[str, str]) -> None:
    """Remove every table and all that hangs on them."""
    for name, kind in sorted(kinds.items(), key=_tables_first):
        await connection.execute(f'DROP {kind} IF EXISTS public."{name}" CASCADE')


def _tables_first(each: tuple[str, str]) -> bool:
    return each[1] != "TABLE"
