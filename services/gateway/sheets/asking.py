"""From the rows of a sheet to what a client could have asked for in JSON. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.gateway.drafts import BatchDraft
from services.gateway.errors import InvalidFieldsError
from services.gateway.problems import FieldError, pointer
from services.gateway.sheets.columns import PLACES, TEMPLATE, TOLD, as_written, known
from services.gateway.sheets.reading import Line, UnreadableError

# What rows with a language say themselves: what holds for all stands back.
_ROWS_SAY = frozenset({"titles", "languages", "voices", "variations"})
_WHOLE = frozenset({"variation"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose headings were understood.

    Attributes:
        headings: By column, as they are written.
        rows: By row: column to text, without empty ones; `lines` are their numbers.
        ignored: Headings that mean nothing here.
    """

    headings: dict[str, str]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]
    ignored: tuple[str, ...]

    def locate(self, error: FieldError) -> FieldError:
        """Return `error` with the line and the column of what it points to."""
        parts = error.pointer.split("/")[1:]
        if len(parts) < 2 or parts[0] != "rows" or not parts[1].isdigit():
            return error
        index = int(parts[1])
        column = _column(parts[2:])
        return error.model_copy(
            update={
                "row": self.lines[index] if index < len(self.lines) else None,
                "column": self.headings.get(column, column) if column else None,
            }
        )


def understood(lines: Sequence[Line]) -> Sheet:
    """Return a sheet by its headings.

    Raises:
        UnreadableError: there is no title among them, or one of them is there twice.
    """
    head, *body = lines
    names = [known(cell) for cell in head.cells]
    headings: dict[str, str] = {}
    for name, cell in zip(names, head.cells, strict=True):
        if name in headings:
            raise UnreadableError(f"{cell!r} and {headings[name]!r} are one column", row=1)
        if name is not None:
            headings[name] = cell
    if "title" not in headings:
        raise UnreadableError(
            f"no column 'title' in the first line; there may be: {', '.join(TEMPLATE)}",
            row=head.number,
        )
    rows = tuple(
        {
            name: as_written(cell)
            for name, cell in zip(names, line.cells, strict=False)
            if name and name not in TOLD and cell
        }
        for line in body
    )
    ignored = tuple(c for n, c in zip(names, head.cells, strict=True) if n is None and c)
    return Sheet(headings, rows, tuple(line.number for line in body), ignored)


def drafted(sheet: Sheet, common: dict[str, Any]) -> BatchDraft:
    """Return the batch that a sheet asks for.

    A sheet without languages is a list of titles, which `common` says the rest about; with
    languages, it says itself what `common` would say of them.

    Args:
        sheet: The sheet.
        common: What holds for all of it: the fields of a batch.

    Raises:
        InvalidFieldsError: what is wrong, and where in the sheet.
    """
    if "language" in sheet.headings:
        body: dict[str, Any] = {"rows": [row_of(cells) for cells in sheet.rows]}
        common = {name: value for name, value in common.items() if name not in _ROWS_SAY}
    else:
        body = {"titles": [cells.get("title", "") for cells in sheet.rows]}
    return checked(sheet, {"mode": "matrix", **common, **body})


def checked(sheet: Sheet, body: dict[str, Any]) -> BatchDraft:
    """Return `body` as a draft.

    Raises:
        InvalidFieldsError: what is wrong, and where in the sheet.
    """
    try:
        return BatchDraft.model_validate(body)
    except ValidationError as error:
        raise InvalidFieldsError([sheet.locate(e) for e in _errors(error)]) from error


def row_of(cells: dict[str, str]) -> dict[str, Any]:
    """Return a row as a request has it."""
    row: dict[str, Any] = {"title": "", "language": ""}
    for name, text in cells.items():
        if name in PLACES:
            outer, inner = PLACES[name]
            value: Any = text if name == "style" else _number(text)
            row.setdefault(outer, {})[inner] = value
        elif name not in ("job_id", "script"):
            row[name] = _number(text) if name in _WHOLE else text
    return row


def _number(text: str) -> object:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _column(parts: Sequence[str]) -> str:
    for name, place in PLACES.items():
        if tuple(parts[:2]) == place:
            return name
    return parts[0] if parts else ""


def _errors(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(pointer=pointer(found["loc"]), detail=found["msg"].removeprefix("Value error, "))
        for found in error.errors()
    ]
