"""Rows of texts as CSV or XLSX: row by row, so that no sheet is in memory whole."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from services.gateway.sheets.columns import TEMPLATE, Format, harmless

IN_MEMORY = 4 * 1024 * 1024
# What XML cannot carry, and no cell needs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# More than this and Excel calls the workbook broken.
_MOST_CELL = 32_767
_WIDTHS = {"title": 48, "job_id": 38, "script": 60, "error": 40, "voice": 28, "audio": 40}

Cell = str | int | float | None

_EXAMPLES: tuple[tuple[Cell, ...], ...] = (
    ("Why is the sky dark at night?", "pt-BR", "pt-BR-Chirp3-HD-Kore", "", 3, 1, ""),
    ("Why is the sky dark at night?", "en-US", "", "hook: open with a question", 3, 1.1, "calm"),
)


class CsvSheet:
    """A CSV file, a piece at a time, in UTF-8 with the mark by which Excel knows it."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)
        self._text.write("\ufeff")
        self._writer.writerow(columns)

    def add(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """Add rows; return what is new of the file."""
        self._writer.writerows([_safe(cell) for cell in row] for row in rows)
        new = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return new


class XlsxSheet:
    """A workbook with one sheet, written to a file of its own as it grows."""

    def __init__(self, columns: Sequence[str]) -> None:
        # Only here: it is a tenth of the gateway's start, and few ask for sheets.
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("batch")
        self._sheet.freeze_panes = "A2"
        for number, name in enumerate(columns):
            letter = chr(ord("A") + number)
            self._sheet.column_dimensions[letter].width = _WIDTHS.get(name, 14)
        self._sheet.append(list(columns))

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            self._sheet.append([_safe(cell, most=_MOST_CELL) for cell in row])

    def finish(self) -> IO[bytes]:
        """Return the file, at its beginning. Who takes it closes it."""
        file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        self._book.save(file)
        file.seek(0)
        return file


def template(format: Format) -> bytes:
    """Return a sheet to begin with."""
    if format == "csv":
        return CsvSheet(TEMPLATE).add(_EXAMPLES)
    sheet = XlsxSheet(TEMPLATE)
    sheet.add(_EXAMPLES)
    with sheet.finish() as file:
        return file.read()


def chunks(file: IO[bytes], size: int = 256 * 1024) -> Iterator[bytes]:
    """Yield what a file holds, and close it."""
    with file:
        while chunk := file.read(size):
            yield chunk


def _safe(cell: Cell, *, most: int | None = None) -> Cell:
    if not isinstance(cell, str):
        return cell
    return harmless(_CONTROL.sub("", cell))[:most]
