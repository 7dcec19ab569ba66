"""/languages: what can be spoken."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.who import InPublic
from shared import catalogue

router = APIRouter(prefix="/languages", tags=["catalogue"])


class LanguageRead(BaseModel):
    """A language in a region."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="BCP 47 tag.", examples=["pt-BR"])
    name: str = Field(description="In English.", examples=["Portuguese (Brazil)"])
    name_pt: str = Field(description="In Portuguese.", examples=["Português (Brasil)"])
    voices: int = Field(description="How many voices speak it.", examples=[82])


class LanguageList(BaseModel):
    """Every language, by its code."""

    items: list[LanguageRead]


@router.get("", summary="List languages", dependencies=[InPublic])
async def list_languages() -> LanguageList:
    """Return every language that somebody in the catalogue speaks."""
    found = [LanguageRead.model_validate(language) for language in catalogue.languages()]
    return LanguageList(items=found)
