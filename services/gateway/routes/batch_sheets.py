"""/batches/{id}/export and /import: a batch as a spreadsheet, there and back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.gateway.archive.names import disposition, safe
from services.gateway.deps import Everything, Me, MyBatch, TheAcceptance, TheEditor
from services.gateway.routes.batch_import import TheUpload
from services.gateway.sheets.columns import MEDIA_TYPES, Format
from services.gateway.sheets.exporting import Export
from services.gateway.sheets.returning import Change, Returned
from services.gateway.sheets.writing import CsvSheet, XlsxSheet, chunks

router = APIRouter(prefix="/batches", tags=["batches"])

MOST_SHOWN = 200


class ExportQuery(BaseModel):
    """How a batch is written down."""

    format: Format = Field(default="xlsx", description="Which kind.")
    scripts: bool = Field(default=False, description="With every text, to be changed there.")


class ChangedRow(BaseModel):
    """A row that asks its job to be another."""

    row: int = Field(description="The line of the sheet.", examples=[4])
    job_id: UUID
    fields: list[str] = Field(description="What is different.", examples=[["voice"]])

    @classmethod
    def of(cls, change: Change) -> Self:
        """Return how the API shows `change`."""
        return cls(row=change.line, job_id=change.work.job_id, fields=list(change.fields))


class ReturnRead(BaseModel):
    """What became of a sheet that came back."""

    added: int = Field(description="Rows without a job_id: new jobs.", examples=[2])
    changed: int = Field(description="Jobs that are done again, as their rows ask.", examples=[1])
    unchanged: int = Field(examples=[97])
    changes: list[ChangedRow] = Field(description=f"The first {MOST_SHOWN} of them.")
    ignored_columns: list[str] = Field(examples=[["notes"]])
    dry_run: bool = Field(description="Whether nothing was done.", examples=[False])


async def _returned(me: Me, editor: TheEditor, acceptance: TheAcceptance) -> Returned:
    speakers = await acceptance.speakers(me.user_id)
    return Returned(editor=editor, speakers=speakers, max_jobs=acceptance.max_jobs)


TheReturned = Annotated[Returned, Depends(_returned)]
DryRun = Annotated[bool, Query(description="Say what would be done, and do nothing.")]


@router.get(
    "/{batch_id}/export",
    response_class=StreamingResponse,
    summary="Export a batch as a spreadsheet",
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
)
async def export_batch(
    batch: MyBatch,
    me: Me,
    everything: Everything,
    request: Request,
    query: Annotated[ExportQuery, Query()],
) -> StreamingResponse:
    """Return every job with its state, length, cost, error and links.

    Edited and sent back to `POST …/import`, only what was changed is done again.
    """
    export = Export(
        jobs=everything.jobs,
        usage=everything.usage,
        editor=everything.editor,
        user_id=me.user_id,
        batch_id=batch.batch_id,
        base=str(request.base_url).rstrip("/"),
        scripts=query.scripts,
    )
    name = f"{safe(batch.name, instead=f'batch-{batch.batch_id}')}.{query.format}"
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    body: Any = _csv(export) if query.format == "csv" else await _xlsx(export)
    return StreamingResponse(body, headers=headers, media_type=MEDIA_TYPES[query.format])


@router.post("/{batch_id}/import", status_code=202, summary="Send an exported sheet back")
async def return_batch(
    batch: MyBatch,
    upload: TheUpload,
    me: Me,
    returned: TheReturned,
    dry_run: DryRun = False,
) -> ReturnRead:
    """Take in an exported sheet: whole or not at all, and only what is different runs.

    A row whose title, language, aspect or length was changed is written anew; another voice,
    rate or style only speaks again; a changed text is narrated as it stands. Rows without a
    `job_id` are new jobs. Jobs whose rows are missing stay as they are: to end one, cancel it.
    """
    sheet = await upload.sheet(most_rows=returned.max_jobs)
    whole, found = await returned.compare(me.user_id, batch.batch_id, sheet)
    if not dry_run:
        await returned.carry_out(me.user_id, batch.batch_id, whole, found)
    return ReturnRead(
        added=len(found.added),
        changed=len(found.changed),
        unchanged=found.unchanged,
        changes=[ChangedRow.of(change) for change in found.changed[:MOST_SHOWN]],
        ignored_columns=list(sheet.ignored),
        dry_run=dry_run,
    )


async def _csv(export: Export) -> AsyncIterator[bytes]:
    sheet = CsvSheet(export.columns)
    yield sheet.add([])
    async for rows in export.pages():
        yield sheet.add(rows)


async def _xlsx(export: Export) -> Any:
    sheet = XlsxSheet(export.columns)
    async for rows in export.pages():
        await asyncio.to_thread(sheet.add, rows)
    return chunks(await asyncio.to_thread(sheet.finish))
