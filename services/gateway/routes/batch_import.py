"""/batches/import: a batch from a spreadsheet, and a sheet to begin with."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from pydantic import BaseModel, Field, Json

from services.gateway.archive.names import disposition
from services.gateway.deps import Me, TheAcceptance
from services.gateway.errors import InvalidFieldsError
from services.gateway.routes.batches import BatchRead, IdempotencyKey
from services.gateway.sheets.asking import Sheet, drafted, understood
from services.gateway.sheets.columns import MEDIA_TYPES, Format
from services.gateway.sheets.reading import read
from services.gateway.sheets.writing import template
from services.gateway.store.batches import as_accepted

router = APIRouter(prefix="/batches", tags=["batches"])

SheetFile = Annotated[UploadFile, File(description="CSV or XLSX, with headings in the first line.")]
Common = Annotated[
    Json[dict[str, Any]] | None,
    Form(
        description="JSON: what holds for all rows (`name`, `agent`, `options`, `languages`, "
        "`voices`, …), as POST /v1/batches takes it.",
        examples=['{"name": "Space week", "options": {"target_minutes": 3}}'],
    ),
]


@dataclass(frozen=True, slots=True)
class Upload:
    """A sheet, and what holds for all of it."""

    file: UploadFile
    common: dict[str, Any]

    async def sheet(self, *, most_rows: int) -> Sheet:
        """Return the sheet, understood."""
        data = await self.file.read()
        return await asyncio.to_thread(lambda: understood(read(data, most_rows=most_rows)))


def _upload(file: SheetFile, common: Common = None) -> Upload:
    return Upload(file, common or {})


TheUpload = Annotated[Upload, Depends(_upload)]


class ImportRead(BaseModel):
    """What became of a sheet."""

    batch: BatchRead
    rows: int = Field(description="How many rows were read.", examples=[120])
    ignored_columns: list[str] = Field(
        description="Headings that mean nothing here.", examples=[["notes"]]
    )


@router.get(
    "/import/template",
    response_class=Response,
    summary="A spreadsheet to begin with",
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
)
async def read_import_template(
    me: Me,  # noqa: ARG001 - only users may ask
    format: Annotated[Format, Query(description="Which kind.")] = "xlsx",
) -> Response:
    """Return a sheet with its headings, and two rows that show how they are filled."""
    data = await asyncio.to_thread(template, format)
    headers = {"Content-Disposition": disposition(f"batch-template.{format}")}
    return Response(data, headers=headers, media_type=MEDIA_TYPES[format])


@router.post("/import", status_code=202, summary="Ask for audio with a spreadsheet")
async def import_batch(
    upload: TheUpload,
    me: Me,
    acceptance: TheAcceptance,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ImportRead:
    """Accept a CSV or XLSX file as a batch, whole or not at all: a row is a job.

    `title` and `language` are required; `voice`, `variation`, `aspect`, `minutes`, `rate` and
    `style` may be there. Without a column `language` the rows are titles, and `common` says in
    which languages. Every problem is reported at once, with its line and its column.
    """
    sheet = await upload.sheet(most_rows=acceptance.max_jobs)
    draft = drafted(sheet, upload.common)
    try:
        accepted = await acceptance.accept(me.user_id, draft, idempotency_key)
    except InvalidFieldsError as error:
        raise InvalidFieldsError([sheet.locate(found) for found in error.errors]) from error
    batch = BatchRead.of(as_accepted(accepted))
    response.headers["Location"] = batch.links.self
    return ImportRead(batch=batch, rows=len(sheet.rows), ignored_columns=list(sheet.ignored))
