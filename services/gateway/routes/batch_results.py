"""/batches/{id}/results: the jobs of a batch, with what they made."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.gateway import cursors
from services.gateway.deps import Me, MyBatch, TheJobs
from services.gateway.routes.jobs import JobRead
from services.gateway.routes.paging import MOST_ITEMS, PageQuery, TheNextPage
from services.gateway.store.jobs import JobFilter
from shared.vocabulary import JobState

router = APIRouter(prefix="/batches", tags=["batches"])


class ResultQuery(PageQuery):
    """Which jobs are wanted."""

    limit: int = Field(default=25, ge=1, le=MOST_ITEMS, description="How many at most.")
    state: JobState | None = None
    language: str | None = Field(
        default=None, max_length=20, pattern=r"^[^\x00]*$", examples=["pt-BR"]
    )

    def filter(self) -> JobFilter:
        """Return what to look for: one more than wanted tells whether there is a next page."""
        return JobFilter(
            state=self.state,
            language=self.language,
            after_position=cursors.position(self.cursor),
            limit=self.limit + 1,
        )


class ResultPage(BaseModel):
    """Some jobs of a batch, in its own order."""

    items: list[JobRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


@router.get("/{batch_id}/results", summary="List the jobs of a batch")
async def list_results(
    batch: MyBatch,
    me: Me,
    jobs: TheJobs,
    query: Annotated[ResultQuery, Query()],
    next_page: TheNextPage,
) -> ResultPage:
    """Return jobs: titles, then variations, then languages. Empty for a moment after a batch."""
    rows = await jobs.page(me.user_id, batch.batch_id, query.filter())
    page = cursors.cut(rows, query.limit, lambda job: (job.position,))
    next_page.link(page.next_cursor)
    return ResultPage(items=[JobRead.of(j) for j in page.items], next_cursor=page.next_cursor)
