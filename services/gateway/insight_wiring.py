"""Makes what is known of the whole from the gateway's settings. `app` calls it."""

from services.gateway.acceptance import Publisher
from services.gateway.analysing import Analytics
from services.gateway.insight import Insight
from services.gateway.settings import Settings
from services.gateway.speech_cache import SpeechCache
from services.gateway.store.analytics import AnalyticsStore
from services.gateway.store.database import Database
from services.gateway.store.provider_calls import ProviderCalls
from services.gateway.store.spoken_texts import SpokenTextStore
from shared.artefacts import Artefacts, Shelf


def create(
    settings: Settings, database: Database, room: Artefacts, publisher: Publisher
) -> Insight:
    """Wire it from the gateway's settings."""
    # A job may hold speech for as long as one try of it may take.
    shelf = Shelf(room.storage, room.redis, grace_seconds=settings.handler_seconds)
    return Insight(
        analytics=Analytics(AnalyticsStore(database), ProviderCalls(room.redis)),
        cache=SpeechCache(
            shelf=shelf,
            texts=SpokenTextStore(database),
            room=room,
            publisher=publisher,
            limit_bytes=settings.cache_speech_bytes,
        ),
    )
