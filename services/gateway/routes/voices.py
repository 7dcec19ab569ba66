"""/voices: who can speak."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from services.gateway import cursors
from services.gateway.routes.paging import MOST_ITEMS, PlaceQuery, TheNextPage
from services.gateway.who import InPublic
from shared import catalogue
from shared.catalogue import Voice
from shared.errors import InvalidRequestError

router = APIRouter(prefix="/voices", tags=["catalogue"])


class VoiceRead(BaseModel):
    """Somebody who speaks one language."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="What a batch names.", examples=["pt-BR-Chirp3-HD-Kore"])
    provider: str = Field(examples=["google"])
    family: str = Field(description="The provider's generation of voices.", examples=["chirp3-hd"])
    language: str = Field(examples=["pt-BR"])
    gender: str = Field(examples=["female"])
    launch_stage: str = Field(description="`GA` or `Preview`.", examples=["GA"])


class VoicePage(BaseModel):
    """Some voices, by their id."""

    items: list[VoiceRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


class VoiceQuery(PlaceQuery):
    """Which voices are wanted."""

    limit: int = Field(default=100, ge=1, le=MOST_ITEMS, description="How many at most.")
    language: str | None = Field(
        default=None,
        max_length=20,
        examples=["pt-BR"],
        json_schema_extra={"format": "language-tag"},
    )
    provider: str | None = Field(
        default=None, max_length=50, examples=["google"], json_schema_extra={"format": "provider"}
    )
    gender: Literal["female", "male", "neutral"] | None = None

    @field_validator("language", "provider")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        try:
            catalogue.voices(**{str(info.field_name): value})
        except InvalidRequestError as error:
            raise ValueError(str(error)) from error
        return value

    def find(self) -> list[tuple[int, Voice]]:
        """Return the voices, each with its place, one more than wanted."""
        found = [
            voice
            for voice in catalogue.voices(language=self.language, provider=self.provider)
            if self.gender in (None, voice.gender)
        ]
        start = cursors.position(self.cursor) + 1
        return list(enumerate(found))[start : start + self.limit + 1]


@router.get("", summary="List voices", dependencies=[InPublic])
async def list_voices(query: Annotated[VoiceQuery, Query()], next_page: TheNextPage) -> VoicePage:
    """Return voices. Any may be named; a voice whose provider has no key here will fail."""
    page = cursors.cut(query.find(), query.limit, lambda row: (row[0],))
    next_page.link(page.next_cursor)
    items = [VoiceRead.model_validate(voice) for _, voice in page.items]
    return VoicePage(items=items, next_cursor=page.next_cursor)
