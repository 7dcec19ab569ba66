"""Run with: python -m uvicorn services.narrator.app:build --factory."""

from faststream.asgi.types import ASGIApp

from services.narrator.cast import Cast
from services.narrator.desks import Desks
from services.narrator.handler import Narrator
from services.narrator.settings import Settings
from services.narrator.speaking import Speaker
from services.narrator.standing_in import StandIns
from services.narrator.studio import Studio
from shared.artefacts import Artefacts
from shared.events import ScriptAdapted
from shared.providers import storage, tts
from shared.runtime import Service


def build() -> ASGIApp:
    """Wire narrator from its settings."""
    settings = Settings()
    service = Service("narrator", settings)
    artefacts = Artefacts(
        storage.create(settings.storage),
        redis_url=settings.redis_url,
        ttl_days=settings.artefact_ttl_days,
    )
    cast = Cast()
    desks = Desks(settings.narrator_encoders)
    presence = tts.presence(settings.redis_url)
    narrator = Narrator(
        artefacts=artefacts,
        speaker=Speaker(artefacts, cast),
        studio=Studio(artefacts, desks),
        speakers=presence,
        report=service.report,
        stand_ins=StandIns(settings.stand_in_families, settings.narrator_voice_patience_seconds),
    )
    return service.stage(
        consumes=ScriptAdapted, handle=narrator, uses=[artefacts, cast, presence, desks]
    )
