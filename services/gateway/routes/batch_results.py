"""/batches/{id}/results: the jobs of a batch, with what they made."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.gateway import cursors
from services.gateway.deps import Me, MyBatch, TheJobs
from services.gateway.routes.jobs import JobRead
from services.gateway.routes.paging import MOST_ITEMS, PlaceQuery, TheNextPage
from services.gateway.store.jobs import JobFilter
from shared.vocabulary import JobState

router = APIRouter(prefix="/batches", tags=["batches"])


Sort = Literal[
    "position",
    "title",
    "-title",
    "language",
    "-language",
    "state",
    "-state",
    "audio_seconds",
    "-audio_seconds",
    "updated_at",
    "-updated_at",
]


class ResultQuery(PlaceQuery):
    """Which jobs are wanted."""

    limit: int = Field(default=25, ge=1, le=MOST_ITEMS, description="How many at most.")
    state: JobState | None = None
    language: str | None = Field(
        default=None, max_length=20, pattern=r"^[^\x00]*$", examples=["pt-BR"]
    )
    voice: str | None = Field(
        default=None, max_length=100, pattern=r"^[^\x00]*$", examples=["pt-BR-Chirp3-HD-Kore"]
    )
    search: str | None = Field(
        default=None, max_length=200, pattern=r"^[^\x00]*$", description="Part of the title."
    )
    sort: Sort = Field(
        default="position",
        description="The batch's own order, or by what; with `-`, the largest first.",
    )

    def filter(self) -> JobFilter:
        """Return what to look for: one more than wanted tells whether there is a next page."""
        return JobFilter(
            state=self.state,
            language=self.language,
            voice=self.voice,
            search=self.search,
            sort=self.sort,
            after_position=cursors.position(self.cursor),
            limit=self.limit + 1,
        )


class ResultPage(BaseModel):
    """Some jobs of a batch."""

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
    wanted = query.filter()
    rows = await jobs.page(me.user_id, batch.batch_id, wanted)
    last = wanted.after_position + query.limit
    page = cursors.cut(
        rows, query.limit, lambda job: (job.position if query.sort == "position" else last,)
    )
    next_page.link(page.next_cursor)
    return ResultPage(items=[JobRead.of(j) for j in page.items], next_cursor=page.next_cursor)
