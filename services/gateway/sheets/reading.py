"""From the bytes of a CSV or XLSX file to rows of texts, whatever somebody sends."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.errors import InvalidFieldsError
from services.gateway.problems import FieldError

MOST_COLUMNS = 100
# Empty ones too: a workbook may have a million of them before its next word.
MOST_LINES = 50_000
MOST_CELL = 120_000
# A workbook of ten thousand rows has a few megabytes; what grows beyond is meant to.
MOST_INFLATED = 60_000_000
MOST_MEMBERS = 500
_CHUNK = 1_000_000

_DELIMITERS = (";", ",", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Line:
    """A row, and which line of the sheet it is, from 1."""

    number: int
    cells: tuple[str, ...]


class UnreadableError(InvalidFieldsError):
    """The file is no sheet, or not one that will be read."""

    def __init__(self, detail: str, *, row: int | None = None) -> None:
        super().__init__([FieldError(pointer="/file", detail=detail, row=row)])


def read(data: bytes, *, most_rows: int) -> list[Line]:
    """Return the rows of a sheet that say anything; the first is its headings.

    Args:
        data: CSV in UTF-8, UTF-16 or Windows-1252, by `;`, `,` or tabs; or an XLSX workbook,
            of which the first sheet is read. Which of them follows from the content.
        most_rows: Beyond this the file is refused.

    Raises:
        UnreadableError: it is neither, or it is too large.
    """
    rows = _workbook(data) if data.startswith(b"PK\x03\x04") else _text(data)
    found: list[Line] = []
    for number, cells in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise UnreadableError(f"more than {MOST_LINES} lines; delete empty ones", row=number)
        if not any(cells):
            continue
        if len(found) > most_rows:
            raise UnreadableError(f"more than {most_rows} rows; split the file", row=number)
        found.append(Line(number, tuple(cells)))
    if not found:
        raise UnreadableError("the sheet is empty; GET /v1/batches/import/template shows one")
    return found


def _text(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    head, _, rest = text.partition("\n")
    said = head.strip().lower()
    delimiter = said[4:5] if said.startswith("sep=") else ""
    # Excel's own way to name the delimiter is a line before the headings.
    body = "\n" + rest if delimiter else text
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter or _delimiter(text))
    try:
        for cells in reader:
            _check(cells, reader.line_num)
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableError(f"not CSV: {error}", row=reader.line_num) from error


def _decoded(data: bytes) -> str:
    if b"\x00" in data[:1_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("neither CSV nor XLSX; save it as one of them")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # Excel on Windows; of its 256 values five mean nothing, and stand for themselves.
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for part in head.split('"')[::2])
    return max(_DELIMITERS, key=bare.count) if any(map(bare.count, _DELIMITERS)) else ","


def _workbook(data: bytes) -> Iterator[list[str]]:
    _weigh(data)
    try:
        # Only here: it is a tenth of the gateway's start, and few send sheets.
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, row in enumerate(_rows(sheet), start=1):
                cells = [_cell(value) for value in row]
                _check(cells, number)
                yield cells
        finally:
            book.close()
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError) as error:
        # The library has no errors of its own for a workbook that is none.
        raise UnreadableError("not an XLSX workbook that can be read; save it anew") from error


def _rows(sheet: Any) -> Iterable[tuple[object, ...]]:
    rows: Iterable[tuple[object, ...]] = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return rows


def _weigh(data: bytes) -> None:
    """Refuse an archive that grows without measure, whatever it says of its own size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise UnreadableError(f"a workbook of {len(members)} files will not be read")
            size = 0
            for member in members:
                with archive.open(member) as file:
                    while chunk := file.read(_CHUNK):
                        size += len(chunk)
                        _refuse(chunk, size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableError("not an XLSX workbook that can be read; save it anew") from error


def _refuse(chunk: bytes, size: int) -> None:
    if size > MOST_INFLATED:
        raise UnreadableError(f"unpacked, the workbook has more than {MOST_INFLATED} bytes")
    if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
        raise UnreadableError("a workbook with document types of its own will not be read")


def _check(cells: list[str], number: int) -> None:
    if len(cells) > MOST_COLUMNS:
        raise UnreadableError(f"more than {MOST_COLUMNS} columns", row=number)
    if any(len(cell) > MOST_CELL for cell in cells):
        raise UnreadableError(f"a cell of more than {MOST_CELL} characters", row=number)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value).strip()
