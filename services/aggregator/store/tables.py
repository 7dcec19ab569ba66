"""The tables that the fold fills, as a rebuild compares and merges them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "rebuild"
# In the order in which rows may be inserted; what is not there (yet) is left out.
TABLES = (
    *("batches", "jobs", "parked_jobs", "usage", "job_attempts", "dead_letters"),
    *("deleted_batches", "consumer_offsets"),
)
# These only grow: a row that the log does not give any more stays.
GROWING = ("job_attempts", "dead_letters", "deleted_batches", "consumer_offsets")
# What is not folded: how far watchers were told, and how far what is deleted is removed.
ANNOUNCING = (
    *("seq", "published_seq", "announced_at", "dirty", "endings", "announced_ending"),
    "rows_left",
)

_COLUMNS = """
SELECT c.table_name, c.column_name,
       EXISTS (
           SELECT FROM pg_index i JOIN pg_attribute a
             ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
           WHERE i.indisprimary AND a.attname = c.column_name
             AND i.indrelid = format('public.%I', c.table_name)::regclass
       ) AS is_key
FROM information_schema.columns c
WHERE c.table_schema = 'public' AND c.table_name = ANY($1::text[])
ORDER BY c.ordinal_position
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One of them, and the statements that a rebuild needs of it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def shadow(self) -> str:
        """Return where it is made anew."""
        return f"{SCHEMA}.{self.name}"

    def count_differences(self) -> str:
        """Count rows that are in one only, or not the same."""
        return f"SELECT count(*) {self._differing}"

    def show_differences(self) -> str:
        """Return the first of them, whole."""
        key = ", ".join(self.key)
        return (
            f"SELECT to_jsonb(l)::text AS live, to_jsonb(s)::text AS rebuilt {self._differing} "
            f"ORDER BY {key} LIMIT $1"
        )

    @property
    def grows(self) -> bool:
        """Return whether a row that the log does not give stays."""
        return self.name in GROWING

    def delete(self) -> str:
        """Remove what the log does not give."""
        return (
            f"DELETE FROM public.{self.name} l "  # noqa: S608 - names of our own, here and below
            f"WHERE NOT EXISTS (SELECT FROM {self.shadow} s WHERE {self._same_key}) "
            f"AND {self._not_kept('l')}"
        )

    def update(self) -> str:
        """Change what is not the same."""
        values = ", ".join(f"{column} = s.{column}" for column in self._folded)
        if self.name == "batches":
            values += (
                ", dirty = true, endings = l.endings + "
                "(s.completed_at IS NOT NULL AND s.state <> l.state)::int"
            )
        return (
            f"UPDATE public.{self.name} l SET {values} FROM {self.shadow} s "  # noqa: S608 - as above
            f"WHERE {self._same_key} AND {self._distinct} AND {self._not_kept('l')}"
        )

    def insert(self) -> str:
        """Add what is missing."""
        names = ", ".join(self.columns)
        return (
            f"INSERT INTO public.{self.name} ({names}) "  # noqa: S608 - as above
            f"SELECT {names} FROM {self.shadow} s WHERE {self._not_kept('s')} "
            f"ON CONFLICT DO NOTHING"
        )

    @property
    def _folded(self) -> tuple[str, ...]:
        return tuple(c for c in self.columns if c not in ANNOUNCING and c not in self.key)

    @property
    def _same_key(self) -> str:
        return " AND ".join(f"l.{column} = s.{column}" for column in self.key)

    @property
    def _distinct(self) -> str:
        # A table may be all key.
        columns = self._folded or self.key
        live, shadow = (", ".join(f"{side}.{column}" for column in columns) for side in "ls")
        return f"ROW({live}) IS DISTINCT FROM ROW({shadow})"

    @property
    def _differing(self) -> str:
        key = ", ".join(self.key)
        live_only = "false" if self.grows else f"s.{self.key[0]} IS NULL"
        both = f"s.{self.key[0]} IS NOT NULL AND {self._distinct}"
        return (
            f"FROM public.{self.name} l FULL JOIN {self.shadow} s USING ({key}) "
            f"WHERE (l.{self.key[0]} IS NULL OR {live_only} OR ({both})) "
            f"AND {self._not_kept('l')} AND {self._not_kept('s')}"
        )

    def _not_kept(self, side: str) -> str:
        kept = f"SELECT FROM {SCHEMA}.kept k WHERE k.batch_id"
        # What is deleted is deleted, also of what stays as it is until it is removed.
        if "batch_id" in self.columns and self.name != "deleted_batches":
            return f"NOT EXISTS ({kept} = {side}.batch_id)"
        return "true"


async def read_tables(connection: Any) -> Sequence[Table]:
    """Return those that are there, as they are now."""
    found = await connection.fetch(_COLUMNS, list(TABLES))
    return [
        Table(
            name,
            tuple(row["column_name"] for row in rows if row["is_key"]),
            tuple(row["column_name"] for row in rows),
        )
        for name in TABLES
        if (rows := [row for row in found if row["table_name"] == name])
    ]
