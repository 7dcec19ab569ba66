"""/batches/{id}/download: everything that is done, as one ZIP."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.gateway.archive.names import disposition, safe
from services.gateway.deps import Me, MyBatch, TheArchive
from services.gateway.routes.batches import BatchRead

router = APIRouter(prefix="/batches", tags=["batches"])


@router.get(
    "/{batch_id}/download",
    response_class=StreamingResponse,
    summary="Download a batch",
    responses={
        200: {
            "description": "The archive.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def download_batch(batch: MyBatch, me: Me, archive: TheArchive) -> StreamingResponse:
    """Return a ZIP of what is done so far: audio, subtitles, scripts, manifest.csv, report.json."""
    report = BatchRead.of(batch).model_dump(mode="json")
    body = archive.stream(me.user_id, batch.batch_id, report)
    name = f"{safe(batch.name, instead=f'batch-{batch.batch_id}')}.zip"
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return StreamingResponse(body, headers=headers, media_type="application/zip")
