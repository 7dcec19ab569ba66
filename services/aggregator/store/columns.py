"""Rows as arrays, one for each column: PostgreSQL takes them in without parsing JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

# What PostgreSQL cannot store is left out: an error text with a NUL in it must still end its job.
NUL = "\x00"


class Columns:
    """The columns of one statement's rows, in the order in which rows give their values.

    Args:
        columns: Their names and PostgreSQL types: "job_id uuid, title text".
    """

    def __init__(self, columns: str) -> None:
        pairs = [each.split() for each in columns.split(",")]
        self.names = tuple(name for name, _ in pairs)
        self._types = tuple(kind for _, kind in pairs)

    @property
    def rows(self) -> str:
        """Return the rows as a statement reads them: a table `u`, out of its arguments."""
        arrays = ", ".join(f"${n}::{_sent(each)}[]" for n, each in enumerate(self._types, start=1))
        values = ", ".join(
            f"{name}::jsonb" if kind == "jsonb" else name
            for name, kind in zip(self.names, self._types, strict=True)
        )
        names = ", ".join(self.names)
        # OFFSET: or every mention of a document would parse it once more.
        return f"(SELECT {values} FROM unnest({arrays}) AS v({names}) OFFSET 0) AS u"  # noqa: S608 - ours

    def of(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return the statement's arguments."""
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        if not columns:
            return [()] * len(self.names)
        return [
            _storable(values) if of_type == "text" else values
            for of_type, values in zip(self._types, columns, strict=True)
        ]


def _sent(kind: str) -> str:
    # Documents are made elsewhere, from any object; the pool's own codec would quote them.
    return "text" if kind == "jsonb" else kind


def _storable(values: Sequence[str | None]) -> Sequence[str | None]:
    if not any(value and NUL in value for value in values):
        return values
    return [value and value.replace(NUL, "") for value in values]
