"""Makes what is known of the whole from the gateway's settings. `app` calls it."""

from functools import partial

from services.gateway.acceptance import Publisher
from services.gateway.analysing import Analytics
from services.gateway.insight import Insight
from services.gateway.settings import Settings
from services.gateway.speech_cache import SpeechCache
from services.gateway.store.analytics import AnalyticsStore
from services.gateway.store.database import Database
from services.gateway.store.provider_calls import ProviderCalls
from services.gateway.store.queues import QueueStore
from services.gateway.store.spoken_texts import SpokenTextStore
from services.gateway.system import System
from shared.artefacts import Artefacts, Shelf
from shared.runtime.groups import groups
from shared.runtime.processes import Fleet
from shared.topics import STAGES


def create(
    settings: Settings, database: Database, room: Artefacts, publisher: Publisher, release: str
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
        system=System(
            version=release,
            queues=QueueStore(database),
            services=partial(groups, settings.kafka_bootstrap_servers, (*STAGES, "aggregator")),
            fleet=Fleet(room.redis),
        ),
    )
