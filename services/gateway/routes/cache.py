"""/cache: speech that is kept, and never paid for twice."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.gateway.deps import Admin, Me, TheAudit, TheCache, TheVisitor
from services.gateway.errors import NotFoundError
from services.gateway.routes.admin_users import ADMINS
from services.gateway.speech_cache import Phrases
from services.gateway.store.audit import Deed
from services.gateway.store.spoken_texts import Likeness
from shared import catalogue
from shared.artefacts import Shelved
from shared.errors import InvalidRequestError
from shared.vocabulary import Options

router = APIRouter(prefix="/cache", tags=["cache"])

MOST_PHRASES = 500


def _not_blank(text: str) -> str:
    # What Python counts as blank is more than any pattern of JSON Schema does.
    if not text.strip():
        raise ValueError("is blank; leave it out")
    return text


Phrase = Annotated[
    str,
    StringConstraints(min_length=1, max_length=5_000, pattern=r"^[^\x00]*\S"),
    AfterValidator(_not_blank),
]


class ShelvedRead(BaseModel):
    """What is kept of one provider."""

    model_config = ConfigDict(from_attributes=True)

    provider: str = Field(
        description="Empty: whose it is was forgotten when Redis was emptied.", examples=["google"]
    )
    entries: int = Field(description="Segments of speech.", examples=[1200])
    bytes: int = Field(examples=[240000000])
    hits: int = Field(description="Found, and not bought again.", examples=[5200])
    misses: int = Field(description="Had to be spoken.", examples=[1300])
    evicted: int = Field(description="Removed: not used for longest, or cleared.")
    hit_rate: float | None = Field(description="Null where nothing was asked for.", examples=[0.8])


class CacheRead(ShelvedRead):
    """What is kept in all. Counters begin when Redis was last emptied."""

    limit_bytes: int = Field(description="What it is kept within.", examples=[5000000000])
    providers: list[ShelvedRead]


class PreloadDraft(BaseModel):
    """Phrases that shall be there before they are used."""

    model_config = ConfigDict(extra="forbid")

    voice: str = Field(
        max_length=100,
        examples=["pt-BR-Chirp3-HD-Kore"],
        json_schema_extra={"format": "voice-id"},
    )
    texts: list[Phrase] = Field(
        min_length=1, max_length=MOST_PHRASES, examples=[["Olá, e bem-vindos!"]]
    )
    options: Options = Field(
        default=Options(), description="How they will be spoken: `speaking_rate`, `style`, …"
    )


class PreloadRead(BaseModel):
    """What does it."""

    job_ids: list[UUID] = Field(
        description="A job for each text: /v1/jobs/{job_id}.",
        examples=[["8c1d3a52-8a0d-5d6f-9d34-2f6f0f5a7e10"]],
    )


class SimilarQuery(BaseModel):
    """What it must be like."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1, max_length=5_000, pattern=r"^[^\x00]*$", examples=["O segredo das abelhas"]
    )
    threshold: float = Field(default=0.5, ge=0.1, le=1, description="1: the same words.")
    language: str | None = Field(default=None, max_length=40, pattern=r"^[A-Za-z0-9-]*$")
    limit: int = Field(default=10, ge=1, le=100)


class SimilarText(BaseModel):
    """A segment that was spoken for you."""

    model_config = ConfigDict(from_attributes=True)

    text: str = Field(examples=["O segredo das abelhas."])
    language: str
    voice: str
    job_id: UUID = Field(description="The last of your jobs that has it.")
    spoken_at: datetime
    similarity: float = Field(description="The share of trigrams that both have.", examples=[0.9])


class SimilarRead(BaseModel):
    """What is like it, the most alike first."""

    items: list[SimilarText]
    complete: bool = Field(
        description="False: you have jobs whose texts are not read yet; ask again."
    )


@router.get("/stats", summary="Show what is kept")
async def read_cache_stats(_: Me, cache: TheCache) -> CacheRead:
    """Return entries, bytes, hits and misses of stored speech, of all users together."""
    found = await cache.shelf.stats()
    whole = Shelved(provider="all")
    for each in found:
        for name in ("entries", "bytes", "hits", "misses", "evicted"):
            setattr(whole, name, getattr(whole, name) + getattr(each, name))
    return CacheRead(
        **_read(whole).model_dump(),
        limit_bytes=cache.limit_bytes,
        providers=[_read(each) for each in found],
    )


@router.get("/similar", summary="Find what was spoken before")
async def read_similar_texts(
    query: Annotated[SimilarQuery, Query()], me: Me, cache: TheCache
) -> SimilarRead:
    """Return segments of your own jobs that are like a text. What others had spoken is theirs."""
    wanted = Likeness(**query.model_dump())
    found, complete = await cache.similar(me.user_id, wanted)
    return SimilarRead(
        items=[SimilarText.model_validate(each) for each in found], complete=complete
    )


@router.post(
    "/preload",
    status_code=202,
    summary="Have phrases spoken in advance",
    responses={404: {"description": "There is no such voice."}},
)
async def preload_phrases(draft: PreloadDraft, me: Me, cache: TheCache) -> PreloadRead:
    """Speak phrases now, so that they are there when a narration begins with or consists of them.

    Each becomes a job without a listed batch; repeating it changes nothing. What is kept is
    found again where the same voice speaks the same segment in the same way.
    """
    phrases = Phrases(
        user_id=me.user_id,
        texts=list(dict.fromkeys(draft.texts)),
        voice=_voice(draft.voice),
        options=draft.options.model_copy(update={"review": (), "budget_usd": None}),
    )
    return PreloadRead(job_ids=await cache.preload(phrases))


@router.delete("", status_code=202, summary="Clear stored speech", responses=ADMINS)
async def clear_cache(
    me: Admin, cache: TheCache, audit: TheAudit, visitor: TheVisitor
) -> CacheRead:
    """Remove all stored speech that is not used from now on, within minutes. Admins only.

    Finished audio stays. What jobs under way may hold goes when they cannot any more.
    """
    await cache.shelf.clear()
    deed = Deed(actor_id=me.user_id, action="cache.cleared", address=visitor.address, detail={})
    await audit.add(deed)
    return await read_cache_stats(me, cache)


def _read(shelved: Shelved) -> ShelvedRead:
    asked = shelved.hits + shelved.misses
    rate: dict[str, Any] = {"hit_rate": shelved.hits / asked if asked else None}
    counts = {name: getattr(shelved, name) for name in Shelved.__slots__}
    return ShelvedRead(**counts | rate)


def _voice(voice_id: str) -> catalogue.Voice:
    try:
        return catalogue.voice(voice_id)
    except InvalidRequestError as error:
        raise NotFoundError(str(error)) from error
