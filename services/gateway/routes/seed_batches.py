"""/batches/...: the first names of batches."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.gateway import cursors, sockets
from services.gateway.deps import (
    Everything,
    Me,
    MyBatch,
    TheAcceptance,
    TheArchive,
    TheJobs,
)
from services.gateway.drafts import BatchDraft
from services.gateway.pointing import pointing
from services.gateway.routes.batch_download import download_batch
from services.gateway.routes.batches import IdempotencyKey
from services.gateway.routes.paging import PlaceQuery, TheNextPage
from services.gateway.seeds import asking
from services.gateway.seeds.asking import TitlesDraft
from services.gateway.seeds.jobs import BatchSeen, ResultSeen
from services.gateway.store.batches import Batch, as_accepted
from services.gateway.store.jobs import JobFilter
from services.gateway.watching import Watch
from shared.events import BatchesSubmitted
from shared.expansion import expand

router = APIRouter(prefix="/batches", tags=["first names"])

MOST_JOBS = 10_000
ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The archive.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class BatchBegun(BaseModel):
    """A batch as it was accepted."""

    batch_id: UUID = Field(examples=["5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])
    status: str = Field(examples=["queued"])
    total_jobs: int
    job_ids: list[UUID]

    @classmethod
    def of(cls, event: BatchesSubmitted) -> "BatchBegun":
        """Return how it was shown then."""
        jobs = expand(event.batch_id, event.request) if event.request else []
        seen = BatchSeen.of(as_accepted(event))
        return cls(
            batch_id=event.batch_id,
            status=seen.status,
            total_jobs=event.total_jobs,
            job_ids=[job.job_id for job in jobs],
        )


class ResultsSeen(BaseModel):
    """Some jobs of a batch."""

    batch_id: UUID
    results: list[ResultSeen]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


class ResultsQuery(PlaceQuery):
    """Which part of them."""

    limit: int = Field(default=25, ge=1, le=200, description="How many at most.")


@router.post("/create", status_code=202, summary="As POST /v1/batches")
async def seed_create_batch(
    body: BatchDraft, me: Me, acceptance: TheAcceptance, idempotency_key: IdempotencyKey = None
) -> BatchBegun:
    """Accept titles x languages x voices x variations."""
    return BatchBegun.of(await acceptance.accept(me.user_id, body, idempotency_key))


@router.post("/generate", status_code=202, summary="As POST /v1/batches, in Portuguese")
async def seed_generate_batch(
    body: TitlesDraft, me: Me, acceptance: TheAcceptance, idempotency_key: IdempotencyKey = None
) -> BatchBegun:
    """Accept titles, how many variations of each, and who writes.

    Gemini is called with your keys of /me/apikeys, or the installation's; the `X-API-Key` that
    once carried one is not needed.
    """
    with pointing(asking.renamed):
        return BatchBegun.of(await acceptance.accept(me.user_id, body.draft(), idempotency_key))


@router.get("/{batch_id}/status", summary="As GET /v1/batches/{id}/status")
async def seed_batch_status(batch: MyBatch, me: Me, jobs: TheJobs) -> BatchSeen:
    """Return how far a batch is, and each of its jobs. The same path is a WebSocket, too."""
    listed = await jobs.page(me.user_id, batch.batch_id, JobFilter(limit=MOST_JOBS))
    return BatchSeen.of(batch, listed)


@router.websocket("/{batch_id}/status")
async def seed_watch_batch(socket: WebSocket, batch_id: str, everything: Everything) -> None:
    """Send how far the batch is with every change, once a second at most, until it ends."""
    me = await sockets.admit(socket, everything.admission, everything.tickets)
    if me is None:
        return
    wanted = sockets.identify(batch_id)

    async def read() -> Batch | None:
        return await everything.batches.get(me.user_id, wanted)

    async def states() -> Any:
        async for message in watch.messages():
            if message["type"] == "snapshot":
                yield message["batch"]
            elif message["type"] == "progress" and (batch := await read()):
                yield _shape(batch)

    with everything.hub.subscribe(wanted) as feed:
        watch = Watch(feed=feed, read=read, shape=_shape)
        await sockets.send_all(socket, states())


@router.get("/{batch_id}/results", summary="As GET /v1/batches/{id}/results")
async def seed_batch_results(
    batch: MyBatch,
    me: Me,
    jobs: TheJobs,
    query: Annotated[ResultsQuery, Query()],
    next_page: TheNextPage,
) -> ResultsSeen:
    """Return jobs, 25 a page."""
    wanted = JobFilter(after_position=cursors.position(query.cursor), limit=query.limit + 1)
    rows = await jobs.page(me.user_id, batch.batch_id, wanted)
    page = cursors.cut(rows, query.limit, lambda job: (job.position,))
    next_page.link(page.next_cursor)
    return ResultsSeen(
        batch_id=batch.batch_id,
        results=[ResultSeen.of(job) for job in page.items],
        next_cursor=page.next_cursor,
    )


async def _zip(batch: MyBatch, me: Me, archive: TheArchive) -> StreamingResponse:
    return await download_batch(batch, me, archive)


Zip = Annotated[StreamingResponse, Depends(_zip)]


@router.get(
    "/{batch_id}/download",
    response_class=StreamingResponse,
    summary="As GET /v1/batches/{id}/download",
    responses=ZIP,
)
async def seed_download_batch(archive: Zip) -> StreamingResponse:
    """Return a ZIP of what is done so far."""
    return archive


@router.get(
    "/{batch_id}/download-all",
    response_class=StreamingResponse,
    summary="As GET /v1/batches/{id}/download",
    responses=ZIP,
)
async def seed_download_all(archive: Zip) -> StreamingResponse:
    """Return a ZIP of what is done so far."""
    return archive


def _shape(batch: Batch) -> dict[str, Any]:
    return BatchSeen.of(batch).model_dump(mode="json")
