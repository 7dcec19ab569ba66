"""/batches/{id}/review and /jobs/{id}/approve, /reject: texts that somebody reads first."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.gateway import cursors
from services.gateway.deps import Me, MyBatch, MyWork, TheEditor, TheJobs
from services.gateway.routes.job_script import etag
from services.gateway.routes.jobs import JobRead
from services.gateway.routes.paging import MOST_ITEMS, PlaceQuery
from services.gateway.store.jobs import JobFilter
from services.gateway.texts import Text
from shared.vocabulary import JobState

router = APIRouter(tags=["review"])

NOT_HELD: dict[int | str, dict[str, Any]] = {
    409: {"description": "The job does not wait for review."}
}


class ReviewQuery(PlaceQuery):
    """Which jobs are wanted."""

    limit: int = Field(default=25, ge=1, le=MOST_ITEMS, description="How many at most.")
    language: str | None = Field(
        default=None, max_length=20, pattern=r"^[^\x00]*$", examples=["pt-BR"]
    )


class ReviewItem(BaseModel):
    """A job whose text waits to be read."""

    job: JobRead
    text: str = Field(description="What is to be spoken.", examples=["Bees dance."])
    etag: str = Field(description="Of the text, for If-Match.", examples=['"2c26b46b68ffc68f"'])
    detail: str = Field(description="Why it waits.", examples=["the text in pt-BR waits"])
    since: datetime | None = Field(examples=["2026-11-20T12:00:00Z"])


class ReviewPage(BaseModel):
    """Some jobs that wait for review, in the order of their batch."""

    items: list[ReviewItem]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


class Rejection(BaseModel):
    """Why a text is not approved."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field(
        default="", max_length=1_000, description="For the log.", examples=["too formal"]
    )
    again: StrictBool = Field(
        default=False,
        description="Write the script once more with the note in mind, instead of ending the job.",
    )


NO_REASON = Rejection()


class Reviewed(BaseModel):
    """What goes on."""

    job_id: str = Field(examples=["8c1d3a52-8a0d-5d6f-9d34-2f6f0f5a7e10"])
    decision: str = Field(description="approved, rejected or again.", examples=["approved"])


@router.get("/batches/{batch_id}/review", summary="List the texts that wait for review")
async def list_reviews(
    batch: MyBatch,
    me: Me,
    jobs: TheJobs,
    editor: TheEditor,
    query: Annotated[ReviewQuery, Query()],
) -> ReviewPage:
    """Return the jobs of a batch that wait to be approved, each with its text."""
    wanted = JobFilter(
        state=JobState.AWAITING_REVIEW,
        language=query.language,
        after_position=cursors.position(query.cursor),
        limit=query.limit + 1,
    )
    rows = await jobs.page(me.user_id, batch.batch_id, wanted)
    page = cursors.cut(rows, query.limit, lambda job: (job.position,))
    works = await editor.works.all(me.user_id, [job.job_id for job in page.items])
    items = []
    for job in page.items:
        # One that was approved since is not in the queue any more.
        work = works.get(job.job_id)
        if work is not None and work.held is not None:
            text = await editor.text(work)
            items.append(
                ReviewItem(
                    job=JobRead.of(job),
                    text=text.content,
                    etag=etag(text.ref),
                    detail=work.detail or "",
                    since=work.parked_at,
                )
            )
    return ReviewPage(items=items, next_cursor=page.next_cursor)


@router.post(
    "/jobs/{job_id}/approve", status_code=202, responses=NOT_HELD, summary="Approve a text"
)
async def approve_job(work: MyWork, editor: TheEditor) -> Reviewed:
    """Narrate a job that waits for review, with its text as it stands."""
    await editor.approve(work)
    return Reviewed(job_id=str(work.job_id), decision="approved")


@router.post("/jobs/{job_id}/reject", status_code=202, responses=NOT_HELD, summary="Refuse a text")
async def reject_job(
    work: MyWork, editor: TheEditor, body: Annotated[Rejection, Body()] = NO_REASON
) -> Reviewed:
    """End a job that waits for review; or, with `again`, have its script written once more."""
    await editor.reject(work, body.note, again=body.again)
    return Reviewed(job_id=str(work.job_id), decision="again" if body.again else "rejected")
