"""The app over all the fakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, cast
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from services.gateway.acceptance import Acceptance
from services.gateway.admission import Admission
from services.gateway.analysing import Analytics
from services.gateway.app import State, assemble
from services.gateway.defaults import Defaults
from services.gateway.deleting import Deleting
from services.gateway.editing import Editor
from services.gateway.estimating import Estimator
from services.gateway.estimating.forecast import Setup
from services.gateway.estimating.rules import Rules
from services.gateway.insight import Insight
from services.gateway.live import Hub
from services.gateway.narrating import Waiting
from services.gateway.objects import Objects
from services.gateway.previews import Previews
from services.gateway.provider_keys import ProviderKeys
from services.gateway.resources import Resources
from services.gateway.settings import Settings
from services.gateway.speech_cache import SpeechCache
from services.gateway.store.tickets import TicketStore
from services.gateway.system import System
from services.gateway.tokens import Tokens
from services.gateway.voice_refresh import VoiceRefresh
from shared.quota.vault import Vault
from tests.support.admitting import FakeCounter, admission
from tests.support.agents import FakeAgents, FakePreferences
from tests.support.analysed import (
    FakeCalls,
    FakeFleet,
    FakeQueues,
    FakeShelf,
    FakeSpokenTexts,
    FakeSums,
    a_narrator,
)
from tests.support.artefacts import FakeArtefacts
from tests.support.deletions import FakeDeletions
from tests.support.editing import FakeVersions, FakeWorks
from tests.support.gateway.batches import FakeBatches, FakePublisher, FakeSubmissions
from tests.support.gateway.installation import settings, vault_of
from tests.support.gateway.jobs import FakeJobs
from tests.support.gateway.provider_keys import FakeMirror, FakeProviderKeys
from tests.support.gateway.rows import ME
from tests.support.gateway.spending import FakeHistory, FakeUsage
from tests.support.gateway.storage import FakeKeys, FakeStorage
from tests.support.gateway.voices import FakeFavourites, FakeProviders, FakeVoices
from tests.support.letters import FakeDeadLetters
from tests.support.people import FakePeople

# Whose app it is that starts now.
_WHOSE: ContextVar["FakeGateway"] = ContextVar("whose")


@cache
def assembled(settings: Settings) -> FastAPI:
    """Return the routes of every gateway with these settings.

    FastAPI makes a route ready when it is first asked for: once, and not for every test.
    """
    return assemble(settings, _lifespan)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[State]:
    yield {"resources": _WHOSE.get().resources()}


@dataclass
class FakeGateway:
    """The app, and everything it reaches."""

    people: FakePeople = field(default_factory=FakePeople)
    counter: FakeCounter = field(default_factory=FakeCounter)
    submissions: FakeSubmissions = field(default_factory=FakeSubmissions)
    publisher: FakePublisher = field(default_factory=FakePublisher)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    usage: FakeUsage = field(default_factory=FakeUsage)
    favourites: FakeFavourites = field(default_factory=FakeFavourites)
    agents: FakeAgents = field(default_factory=FakeAgents)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    provider_keys: FakeProviderKeys = field(default_factory=FakeProviderKeys)
    mirror: FakeMirror = field(default_factory=FakeMirror)
    providers: FakeProviders = field(default_factory=FakeProviders)
    voices: FakeVoices = field(default_factory=FakeVoices)
    vault: Vault | None = field(default_factory=lambda: vault_of("old"))
    storage: FakeStorage = field(default_factory=FakeStorage)
    keys: FakeKeys = field(default_factory=FakeKeys)
    room: FakeArtefacts = field(default_factory=FakeArtefacts)
    history: FakeHistory = field(default_factory=FakeHistory)
    dead: FakeDeadLetters = field(default_factory=FakeDeadLetters)
    works: FakeWorks = field(default_factory=FakeWorks)
    versions: FakeVersions = field(default_factory=FakeVersions)
    sums: FakeSums = field(default_factory=FakeSums)
    calls: FakeCalls = field(default_factory=FakeCalls)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    spoken: FakeSpokenTexts = field(default_factory=FakeSpokenTexts)
    fleet: FakeFleet = field(default_factory=FakeFleet)
    hub: Hub = field(default_factory=Hub)
    tokens: Tokens = field(default_factory=lambda: Tokens("s" * 32, timedelta(minutes=15)))
    settings: Settings = field(default_factory=settings)
    # What tells users needs a database: see tests/integration/gateway/test_webhooks.py.
    telling: Any = None

    def __post_init__(self) -> None:
        self.batches = FakeBatches(self.submissions)
        self.deletions = FakeDeletions(self.batches, self.jobs)

    @property
    def acceptance(self) -> Acceptance:
        return Acceptance(
            submissions=self.submissions,
            room=self.room,
            publisher=self.publisher,
            speakers=self.providers.speakers,
            max_jobs=self.settings.max_jobs_per_batch,
            defaults=Defaults(self.agents, self.preferences),
        )

    @property
    def estimator(self) -> Estimator:
        return Estimator(
            history=self.history,
            rules=Rules(),
            setup=Setup(writer=("gemini", "gemini-3.8-flash"), projects={"gemini": 1}),
            projects=self.history.projects,
            speakers=self.providers.speakers,
            max_jobs=self.settings.max_jobs_per_batch,
            defaults=Defaults(self.agents, self.preferences),
        )

    @cached_property
    def admission(self) -> Admission:
        return admission(self.people, self.tokens, self.counter, self.settings)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        _WHOSE.set(self)
        await assembled(self.settings)(scope, receive, send)

    def client(self, user_id: UUID | None = ME, role: str = "user") -> TestClient:
        headers = {"Authorization": f"Bearer {self.token(user_id, role)}"} if user_id else {}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def token(self, user_id: UUID, role: str = "user") -> str:
        return self.tokens.issue(self.people.signed_in(user_id, role))

    def resources(self) -> Resources:
        return Resources(
            admission=self.admission,
            batches=cast(Any, self.batches),
            jobs=cast(Any, self.jobs),
            tickets=TicketStore(self.keys, 60),
            usage=cast(Any, self.usage),
            favourites=cast(Any, self.favourites),
            agents=cast(Any, self.agents),
            preferences=cast(Any, self.preferences),
            provider_keys=ProviderKeys(
                self.provider_keys, self.mirror, self.vault, self.providers.check
            ),
            voice_refresh=VoiceRefresh(self.voices, self.voices, self.providers.listed),
            previews=Previews(self.jobs, self.publisher, 0.5),
            acceptance=self.acceptance,
            waiting=Waiting(self.batches, self.jobs, 0.5),
            estimator=self.estimator,
            editor=Editor(
                works=cast(Any, self.works),
                versions=cast(Any, self.versions),
                room=self.room,
                publisher=self.publisher,
            ),
            orders=self.publisher,
            deleting=Deleting(self.deletions, self.publisher),
            dead_letters=self.dead.wired(),
            insight=Insight(
                analytics=Analytics(cast(Any, self.sums), cast(Any, self.calls)),
                cache=SpeechCache(
                    shelf=cast(Any, self.shelf),
                    texts=self.spoken,
                    room=self.room,
                    publisher=self.publisher,
                    limit_bytes=self.settings.cache_speech_bytes,
                ),
                system=System("1.2.3", FakeQueues(), a_narrator, self.fleet),
            ),
            objects=Objects(cast(Any, self.storage)),
            hub=self.hub,
            zip_slots=asyncio.Semaphore(2),
            telling=self.telling,
        )
