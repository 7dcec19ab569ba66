"""/batches: ask for audio, and see how it goes."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.gateway import cursors
from services.gateway.deps import Me, MyBatch, TheAcceptance, TheBatches
from services.gateway.drafts import BatchDraft
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.store.batches import Batch, BatchFilter, as_accepted
from shared.vocabulary import TERMINAL_JOB_STATES, BatchCounts, BatchState, Mode

router = APIRouter(prefix="/batches", tags=["batches"])

_ID = "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"
_LINKS: JsonDict = {
    "self": f"/v1/batches/{_ID}",
    "results": f"/v1/batches/{_ID}/results",
    "download": f"/v1/batches/{_ID}/download",
    "events": f"/v1/batches/{_ID}/events",
    "export": f"/v1/batches/{_ID}/export",
}

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="Any text of yours. The same key with the same body is the same batch, "
        "however often it is sent.",
        examples=["2026-11-20-space-week"],
    ),
]


class BatchLinks(BaseModel):
    """Where to go from a batch."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINKS]})

    self: str
    results: str
    download: str
    events: str = Field(description="A WebSocket, or server-sent events.")
    export: str = Field(description="A spreadsheet of its jobs.")

    @classmethod
    def of(cls, batch_id: UUID) -> Self:
        """Return the links of a batch."""
        path = f"/v1/batches/{batch_id}"
        return cls(
            self=path,
            results=f"{path}/results",
            download=f"{path}/download",
            events=f"{path}/events",
            export=f"{path}/export",
        )


class BatchRead(BaseModel):
    """A batch, and how far it is."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "batch_id": _ID,
                    "name": "Space week",
                    "mode": "matrix",
                    "state": "running",
                    "paused_because": None,
                    "budget_usd": None,
                    "counts": {
                        "total": 8,
                        "queued": 2,
                        "scripting": 1,
                        "adapting": 1,
                        "awaiting_review": 0,
                        "narrating": 1,
                        "completed": 3,
                        "failed": 0,
                        "cancelled": 0,
                    },
                    "percent": 37.5,
                    "provider_calls": 41,
                    "characters": 9120,
                    "audio_seconds": 612.4,
                    "seq": 12,
                    "created_at": "2026-11-20T12:00:00Z",
                    "started_at": "2026-11-20T12:00:01Z",
                    "updated_at": "2026-11-20T12:01:30Z",
                    "completed_at": None,
                    "links": _LINKS,
                }
            ]
        },
    )

    batch_id: UUID
    name: str
    mode: Mode | None = Field(description="Null where the jobs came straight from Kafka.")
    state: BatchState
    paused_because: Literal["user", "budget"] | None = Field(
        description="What it waits for while it is paused: its user, or a higher budget."
    )
    budget_usd: float | None = Field(description="What it may cost; a resume can raise it.")
    counts: BatchCounts
    percent: float = Field(description="How many of its jobs have ended, of 100.")
    provider_calls: int = Field(description="Calls that cost money or quota.")
    characters: int
    audio_seconds: float
    seq: int = Field(description="Grows with every change; `?after_seq=` of the live events.")
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    completed_at: datetime | None
    links: BatchLinks

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Return how the API shows `batch`."""
        ended = sum(getattr(batch.counts, state) for state in TERMINAL_JOB_STATES)
        total = batch.counts.total
        fields: dict[str, Any] = {
            name: getattr(batch, name) for name in Batch.__slots__ if name in cls.model_fields
        }
        return cls(
            **fields,
            percent=round(100 * ended / total, 2) if total else 0.0,
            links=BatchLinks.of(batch.batch_id),
        )


class BatchAccepted(BatchRead):
    """A batch as it was accepted."""

    voice_reasons: dict[str, str] = Field(
        default_factory=dict,
        description="By language: why its voice was chosen, where you named none.",
        examples=[{"pt-BR": "pt-BR-Chirp3-HD-Achernar by google; chirp3-hd, GA"}],
    )


class BatchQuery(PageQuery):
    """Which batches are wanted."""

    state: BatchState | None = None
    search: str | None = Field(
        default=None, max_length=200, pattern=r"^[^\x00]*$", description="Part of the name."
    )

    def filter(self) -> BatchFilter:
        """Return what to look for: one more than wanted tells whether there is a next page."""
        after = cursors.after(self.cursor)
        return BatchFilter(state=self.state, search=self.search, after=after, limit=self.limit + 1)


class BatchPage(BaseModel):
    """Some batches, newest first."""

    items: list[BatchRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


@router.post(
    "",
    status_code=202,
    response_description="The batch was accepted, whole.",
    summary="Ask for audio",
    responses={
        202: {
            "headers": {
                "Location": {"description": "The batch.", "schema": {"type": "string"}},
                "Retry-After": {
                    "description": "When to look at it, in seconds.",
                    "schema": {"type": "integer"},
                },
            }
        }
    },
)
async def create_batch(
    body: BatchDraft,
    me: Me,
    acceptance: TheAcceptance,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> BatchAccepted:
    """Accept titles x languages x voices x variations, whole or not at all.

    Every problem of the request is reported at once, each with its JSON pointer.
    Send an `Idempotency-Key` to be able to repeat the request safely.
    """
    accepted = await acceptance.accept(me.user_id, body, idempotency_key)
    batch = BatchAccepted.of(as_accepted(accepted))
    if accepted.request is not None:
        batch.voice_reasons = accepted.request.voice_reasons
    response.headers["Location"] = batch.links.self
    response.headers["Retry-After"] = "1"
    return batch


@router.get("", summary="List batches")
async def list_batches(
    me: Me, batches: TheBatches, query: Annotated[BatchQuery, Query()], next_page: TheNextPage
) -> BatchPage:
    """Return your batches, newest first."""
    rows = await batches.page(me.user_id, query.filter())
    page = cursors.cut(rows, query.limit, lambda batch: (batch.created_at, batch.batch_id))
    next_page.link(page.next_cursor)
    return BatchPage(items=[BatchRead.of(b) for b in page.items], next_cursor=page.next_cursor)


@router.get("/{batch_id}", summary="Read a batch")
async def read_batch(batch: MyBatch) -> BatchRead:
    """Return a batch and how far it is. For live progress see its `events`."""
    return BatchRead.of(batch)
