"""Everything that lives as long as the process, and the way to it from a request."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from services.gateway.acceptance import Acceptance, Publisher
from services.gateway.admission import Admission
from services.gateway.deleting import Deleting
from services.gateway.editing import Editor
from services.gateway.estimating import Estimator
from services.gateway.insight import Insight
from services.gateway.live import Hub
from services.gateway.narrating import Waiting
from services.gateway.objects import Objects
from services.gateway.previews import Previews
from services.gateway.provider_keys import ProviderKeys
from services.gateway.putting_right import DeadLetters
from services.gateway.store.agents import AgentStore
from services.gateway.store.batches import BatchStore
from services.gateway.store.favourites import FavouriteStore
from services.gateway.store.jobs import JobStore
from services.gateway.store.preferences import PreferenceStore
from services.gateway.store.tickets import TicketStore
from services.gateway.store.usage import UsageStore
from services.gateway.voice_refresh import VoiceRefresh
from services.gateway.webhooks.telling import Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Everything that lives as long as the process."""

    admission: Admission
    batches: BatchStore
    jobs: JobStore
    tickets: TicketStore
    usage: UsageStore
    favourites: FavouriteStore
    agents: AgentStore
    preferences: PreferenceStore
    provider_keys: ProviderKeys
    voice_refresh: VoiceRefresh
    previews: Previews
    acceptance: Acceptance
    waiting: Waiting
    estimator: Estimator
    editor: Editor
    orders: Publisher
    deleting: Deleting
    dead_letters: DeadLetters
    insight: Insight
    objects: Objects
    hub: Hub
    zip_slots: asyncio.Semaphore
    telling: Telling


def resources(connection: HTTPConnection) -> Resources:
    """Return what the app's lifespan made."""
    return cast(Resources, connection.state.resources)


Everything = Annotated[Resources, Depends(resources)]
