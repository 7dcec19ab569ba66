"""/me/voices: the voices a user likes, by language."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from services.gateway.deps import Me, TheFavourites
from services.gateway.errors import NotFoundError
from services.gateway.routes.voices import VoiceRead
from shared import catalogue
from shared.errors import InvalidRequestError

router = APIRouter(prefix="/me/voices", tags=["catalogue"])

VoiceId = Annotated[str, Path(max_length=100, examples=["pt-BR-Chirp3-HD-Kore"])]
LanguageCode = Annotated[str | None, Query(max_length=20, examples=["pt-BR"])]


class FavouritesRead(BaseModel):
    """Voices, by language, the oldest favourite first."""

    items: list[VoiceRead]


@router.get("", summary="List your favourite voices")
async def list_favourites(
    me: Me, favourites: TheFavourites, language: LanguageCode = None
) -> FavouritesRead:
    """Return your favourites. One that its provider has withdrawn is left out."""
    found = [_known(name) for name in await favourites.all(me.user_id, language)]
    return FavouritesRead(items=[VoiceRead.model_validate(voice) for voice in found if voice])


@router.put("/{voice_id:path}", status_code=204, summary="Make a voice a favourite")
async def add_favourite(voice_id: VoiceId, me: Me, favourites: TheFavourites) -> None:
    """Remember a voice. Repeating it changes nothing."""
    voice = _known(voice_id)
    if voice is None:
        raise NotFoundError(f"no voice {voice_id!r} in the catalogue; see /v1/voices")
    await favourites.add(me.user_id, voice.language, voice.id)


@router.delete("/{voice_id:path}", status_code=204, summary="Forget a favourite voice")
async def remove_favourite(voice_id: VoiceId, me: Me, favourites: TheFavourites) -> None:
    """Forget a voice; not an error where it was not a favourite."""
    await favourites.remove(me.user_id, voice_id)


def _known(voice_id: str) -> catalogue.Voice | None:
    try:
        return catalogue.voice(voice_id)
    except InvalidRequestError:
        return None
