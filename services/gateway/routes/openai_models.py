"""/models and /audio/voices: what an OpenAI client may ask for."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from services.gateway.deps import Me
from services.gateway.errors import InvalidFieldsError, NotFoundError
from services.gateway.openai import voices as openai_voices
from services.gateway.problems import FieldError
from shared import catalogue
from shared.errors import InvalidRequestError

router = APIRouter(tags=["openai"])

# The day this API began to speak so: clients insist on a time.
CREATED = 1_763_596_800


class ModelRead(BaseModel):
    """Something that speaks."""

    id: str = Field(examples=["tts-1"])
    object: Literal["model"] = "model"
    created: int = Field(default=CREATED, description="Seconds since 1970.")
    owned_by: str = Field(examples=["bolt-ia"])


class ModelList(BaseModel):
    """Everything that speaks."""

    object: Literal["list"] = "list"
    data: list[ModelRead]


class OpenAIVoice(BaseModel):
    """Somebody who speaks."""

    id: str = Field(description="What `voice` takes.", examples=["pt-BR-Chirp3-HD-Kore"])
    name: str = Field(examples=["Kore"])
    language: str | None = Field(
        description="BCP 47 tag; null for names of OpenAI's, which speak any.", examples=["pt-BR"]
    )
    gender: str | None = Field(examples=["female"])
    model: str = Field(description="Whose voice it is; `model` takes it.", examples=["google"])


class OpenAIVoices(BaseModel):
    """Everybody who speaks."""

    voices: list[OpenAIVoice]


@router.get("/models", summary="List models, as OpenAI does")
async def list_models(_: Me) -> ModelList:
    """Return what `model` may be: a name of OpenAI's, or whose voices are wanted."""
    return ModelList(data=_models())


@router.get("/models/{model}", summary="Read a model, as OpenAI does")
async def read_model(model: Annotated[str, Path(examples=["tts-1"])], _: Me) -> ModelRead:
    """Return one of them."""
    for each in _models():
        if each.id == model:
            return each
    raise NotFoundError(f"no model {model[:100]!r}; see /v1/models")


@router.get("/audio/voices", summary="List voices for OpenAI clients")
async def list_openai_voices(
    _: Me,
    language: Annotated[
        str | None,
        Query(max_length=20, examples=["pt-BR"], json_schema_extra={"format": "language-tag"}),
    ] = None,
) -> OpenAIVoices:
    """Return what `voice` may be: names of OpenAI's, then every voice of the catalogue."""
    try:
        found = catalogue.voices(language=language)
    except InvalidRequestError as error:
        detail = FieldError(pointer="/language", detail=str(error), place="query")
        raise InvalidFieldsError([detail]) from error
    names = [
        OpenAIVoice(
            id=name, name=name.title(), language=None, gender=None, model=openai_voices.MODELS[0]
        )
        for name in openai_voices.NAMES
    ]
    return OpenAIVoices(
        voices=names
        + [
            OpenAIVoice(
                id=voice.id,
                name=voice.name,
                language=voice.language,
                gender=voice.gender,
                model=voice.provider,
            )
            for voice in found
        ]
    )


def _models() -> list[ModelRead]:
    ours = [ModelRead(id=name, owned_by="bolt-ia") for name in openai_voices.MODELS]
    return ours + [ModelRead(id=name, owned_by=name) for name in openai_voices.providers()]
