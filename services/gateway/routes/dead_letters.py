"""/admin/dead-letters: what no service could process, and sending it again."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from services.gateway import cursors
from services.gateway.deps import Admin, TheAudit, TheDeadLetters, TheVisitor
from services.gateway.errors import NotFoundError
from services.gateway.moments import Moment
from services.gateway.routes.admin_users import ADMINS
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.store.audit import Deed
from services.gateway.store.dead_letters import LetterFilter, RedriveOrder

router = APIRouter(prefix="/admin/dead-letters", tags=["admin"])

_ID = "5d5c1c4e-0f0b-5d0e-9b8e-3c7a1d2f4b60"
_JOB = "8c1d3a52-8a0d-5d6f-9d34-2f6f0f5a7e10"
MOST_IDS = 1_000

LetterId = Annotated[UUID, Path(description="The dead letter.", examples=[_ID])]
Name = Annotated[str | None, Field(max_length=200, pattern=r"^[A-Za-z0-9._-]*$")]


class LetterRead(BaseModel):
    """A record that was put aside, and why."""

    model_config = ConfigDict(from_attributes=True)

    letter_id: UUID = Field(examples=[_ID])
    topic: str = Field(
        description="Where the dead letter lies.", examples=["script.adapted.narrator.dead"]
    )
    partition: int
    at_offset: int = Field(description="Its offset there.")
    from_topic: str = Field(description="Where the record was.", examples=["script.adapted"])
    from_partition: int | None
    from_offset: int | None
    from_at: datetime | None
    service: str = Field(description="Who gave up.", examples=["narrator"])
    version: str = Field(description="Which release of it.", examples=["1.4.0"])
    kind: str = Field(description="`invalid`, `permanent`, `lasting` or `bug`.", examples=["bug"])
    error: str = Field(description="The class of the error.", examples=["KeyError"])
    code: str = Field(examples=["refused"])
    reason: str = Field(examples=["the voice refused this text"])
    attempts: int
    first_at: datetime | None = Field(description="When the first try began.")
    dead_at: datetime
    job_id: UUID | None = Field(examples=[_JOB])
    batch_id: UUID | None
    user_id: UUID | None
    run: int = Field(description="Which going of the job it was.")
    redrives: int = Field(description="How often it had been sent again before it came here.")
    bytes: int = Field(description="The size of its value.")
    sent_again: bool = Field(description="Whether it was sent again since.")


class RedriveRead(BaseModel):
    """One time that it was sent again."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(examples=[1])
    requested_by: UUID
    requested_at: datetime
    run: int | None = Field(description="The run that its job began, where it is about a job.")
    outcome: str | None = Field(
        description="`sent`; `gone`: Kafka had it no more; `too_large`. Null: not yet.",
        examples=["sent"],
    )
    settled_at: datetime | None


class LetterDetail(LetterRead):
    """The same, with the record itself."""

    key: str | None
    value: str | None = Field(description="As text; what is not UTF-8 is replaced.")
    headers: dict[str, str]
    history: list[RedriveRead] = Field(description="Every time it was sent again.")


class LetterFilters(BaseModel):
    """Which dead letters are meant. What is left out lets everything through."""

    topic: Name = Field(default=None, description="Where the record was.", examples=[None])
    service: Name = Field(default=None, examples=["narrator"])
    code: Name = Field(default=None, examples=["bug"])
    batch_id: UUID | None = None
    job_id: UUID | None = None
    since: Moment | None = Field(default=None, description="Put aside at this time or later")

    def filter(self, *, redriven: bool | None = None) -> LetterFilter:
        """Return what to look for."""
        named = {name: getattr(self, name) for name in LetterFilters.model_fields}
        return LetterFilter(**named, redriven=redriven)


class LetterQuery(LetterFilters, PageQuery):
    """Which page of which dead letters is wanted."""

    redriven: bool | None = Field(default=None, description="Whether it was sent again since.")


class LetterPage(BaseModel):
    """Some dead letters, newest first."""

    items: list[LetterRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


class RedriveCreate(LetterFilters):
    """What is to be sent again: some by id, all that a filter lets through, or all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"service": "narrator", "code": "bug"}]}
    )

    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=MOST_IDS)
    all: StrictBool = Field(default=False, description="Every dead letter there is.")
    again: StrictBool = Field(default=False, description="Also those that were sent again before.")
    try_only: StrictBool = Field(
        default=False, description="Say how many it would be, and do nothing."
    )

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        chosen = self.ids or any(getattr(self, name) for name in LetterFilters.model_fields)
        if bool(chosen) == self.all:
            raise ValueError("give ids or a filter, or all=true without them")
        return self


class RedriveResult(BaseModel):
    """What became of the order, in dead letters."""

    model_config = ConfigDict(from_attributes=True)

    redriven: int = Field(description="Are sent again now.", examples=[41])
    already: int = Field(description="Were sent again before, and are not again.", examples=[0])
    moved_on: int = Field(
        description="Their jobs completed, were cancelled, or are on their way again.", examples=[1]
    )


@router.get("", summary="List dead letters", responses=ADMINS)
async def list_dead_letters(
    _: Admin,
    dead: TheDeadLetters,
    query: Annotated[LetterQuery, Query()],
    next_page: TheNextPage,
) -> LetterPage:
    """Return what was put aside, newest first, as far back as Kafka keeps it."""
    wanted = query.filter(redriven=query.redriven)
    rows = await dead.letters.page(wanted, cursors.after(query.cursor), query.limit + 1)
    page = cursors.cut(rows, query.limit, lambda letter: (letter.dead_at, letter.letter_id))
    next_page.link(page.next_cursor)
    items = [LetterRead.model_validate(letter) for letter in page.items]
    return LetterPage(items=items, next_cursor=page.next_cursor)


@router.get("/{letter_id}", summary="Read a dead letter", responses=ADMINS)
async def read_dead_letter(letter_id: LetterId, _: Admin, dead: TheDeadLetters) -> LetterDetail:
    """Return a dead letter and its record, byte for byte as far as it is text."""
    letter = await dead.letters.get(letter_id)
    if letter is None:
        raise NotFoundError(f"there is no dead letter {letter_id}")
    content = await dead.content(letter)
    if content is None:
        raise NotFoundError(f"Kafka does not have dead letter {letter_id} any more")
    return LetterDetail(
        **LetterRead.model_validate(letter).model_dump(),
        key=None if content.key is None else content.key.decode("utf-8", "replace"),
        value=None if content.value is None else content.value.decode("utf-8", "replace"),
        headers=dict(content.headers),
        history=[RedriveRead.model_validate(redrive) for redrive in content.redrives],
    )


@router.post("/redrive", status_code=202, summary="Send dead letters again", responses=ADMINS)
async def redrive_dead_letters(
    body: RedriveCreate, me: Admin, dead: TheDeadLetters, audit: TheAudit, visitor: TheVisitor
) -> RedriveResult:
    """Send dead letters again to the service that failed, and to no other reader of the topic.

    Each at most once, unless `again`: repeating the order does nothing. A job that failed
    begins a new run at the stage where it failed.
    """
    order = RedriveOrder(
        wanted=body.filter(),
        ids=body.ids,
        again=body.again,
        try_only=body.try_only,
        by=me.user_id,
    )
    verdicts = await dead.redrive(order)
    if verdicts.redriven and not body.try_only:
        detail = body.model_dump(mode="json", exclude_defaults=True)
        await audit.add(
            Deed(
                actor_id=me.user_id,
                action="dead_letters.redriven",
                address=visitor.address,
                detail=detail | {"redriven": verdicts.redriven},
            )
        )
    return RedriveResult.model_validate(verdicts, from_attributes=True)
