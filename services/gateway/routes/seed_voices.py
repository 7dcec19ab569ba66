"""/tts/voices, /tts/languages: the first names of the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.gateway.errors import InvalidFieldsError
from services.gateway.problems import FieldError
from services.gateway.routes.languages import LanguageRead
from services.gateway.routes.voices import VoiceRead
from shared import catalogue
from shared.errors import InvalidRequestError

router = APIRouter(prefix="/tts", tags=["first names"])


class VoiceSeen(VoiceRead):
    """Somebody who speaks one language."""

    voice_id: str = Field(description="The same as `id`.", examples=["pt-BR-Chirp3-HD-Kore"])
    language_code: str = Field(description="The same as `language`.", examples=["pt-BR"])


class VoicesSeen(BaseModel):
    """Everybody who speaks."""

    total: int = Field(description="How many there are.", examples=[3600])
    voices: list[VoiceSeen]


class LanguagesSeen(BaseModel):
    """Everything that is spoken."""

    total: int = Field(description="How many there are.", examples=[130])
    languages: list[LanguageRead]


@router.get("/voices", summary="As GET /v1/voices, all at once")
async def seed_voices(
    language: Annotated[
        str | None,
        Query(max_length=20, examples=["pt-BR"], json_schema_extra={"format": "language-tag"}),
    ] = None,
) -> VoicesSeen:
    """Return every voice, or those of one language."""
    try:
        found = catalogue.voices(language=language)
    except InvalidRequestError as error:
        detail = FieldError(pointer="/language", detail=str(error), place="query")
        raise InvalidFieldsError([detail]) from error
    voices = [
        VoiceSeen(
            **VoiceRead.model_validate(voice).model_dump(),
            voice_id=voice.id,
            language_code=voice.language,
        )
        for voice in found
    ]
    return VoicesSeen(total=len(voices), voices=voices)


@router.get("/languages", summary="As GET /v1/languages")
async def seed_languages() -> LanguagesSeen:
    """Return every language that somebody in the catalogue speaks."""
    found = [LanguageRead.model_validate(language) for language in catalogue.languages()]
    return LanguagesSeen(total=len(found), languages=found)
