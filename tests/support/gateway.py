"""The gateway with everything around it in memory, for tests of its routes."""

import asyncio
import base64
import hashlib
import json
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, cast
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

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
from services.gateway.provider_keys import Hashes, ProviderKeys
from services.gateway.resources import Resources
from services.gateway.settings import Settings
from services.gateway.speech_cache import SpeechCache
from services.gateway.store.batches import Batch, BatchFilter, as_accepted
from services.gateway.store.history import Told
from services.gateway.store.jobs import FailedTry, Job, JobFilter, LogLine, Standing
from services.gateway.store.provider_keys import ProviderKey, Reach
from services.gateway.store.submissions import Submission
from services.gateway.store.tickets import TicketStore
from services.gateway.store.usage import Spent
from services.gateway.system import System
from services.gateway.tokens import Tokens
from services.gateway.voice_refresh import VoiceRefresh
from shared.catalogue import Voice
from shared.errors import InvalidRequestError, UnavailableError
from shared.events import BatchesSubmitted, Event
from shared.providers.tts import Checked, Speakers
from shared.quota import vault
from shared.quota.vault import Vault
from shared.vocabulary import ArtefactRef, BatchCounts, BatchState, JobState, Mode
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
from tests.support.letters import FakeDeadLetters
from tests.support.people import FakeCounter, FakePeople, admission

ME = UUID("00000000-0000-0000-0000-0000000000a1")
SOMEBODY_ELSE = UUID("00000000-0000-0000-0000-0000000000a2")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def settings(**changes: Any) -> Settings:
    return Settings(**{"jwt_secret": SecretStr("s" * 32), **changes})


def batch(**changes: Any) -> Batch:
    values: dict[str, Any] = {
        "batch_id": uuid4(),
        "name": "Bees",
        "mode": Mode.MATRIX,
        "state": BatchState.RUNNING,
        "counts": BatchCounts(total=4, queued=2, completed=2),
        "provider_calls": 3,
        "characters": 100,
        "audio_seconds": 12.5,
        "seq": 3,
        "created_at": NOW,
        "started_at": NOW,
        "updated_at": NOW,
        "completed_at": None,
    }
    return Batch(**values | changes)


def job(**changes: Any) -> Job:
    values: dict[str, Any] = {
        "job_id": uuid4(),
        "batch_id": uuid4(),
        "position": 0,
        "title": "O segredo das abelhas",
        "language": "pt-BR",
        "voice": "espeak:pt-BR",
        "variation": 1,
        "aspect": "",
        "state": JobState.QUEUED,
        "script": None,
        "adapted": None,
        "audio": None,
        "srt": None,
        "vtt": None,
        "audio_seconds": None,
        "characters": None,
        "segments": None,
        "provider_calls": 0,
        "error_stage": None,
        "error_code": None,
        "error": None,
        "attempts": 0,
        "created_at": NOW,
        "started_at": None,
        "updated_at": NOW,
        "completed_at": None,
    }
    return Job(**values | changes)


@dataclass
class FakeSubmissions:
    rows: dict[UUID, Submission] = field(default_factory=dict)
    deleted: list[UUID] = field(default_factory=list)
    away: bool = False

    async def add(self, submission: Submission) -> bool:
        # A turn of the loop, so that two requests can meet here.
        await asyncio.sleep(0)
        event = submission.event
        taken = submission.key and await self.by_key(event.user_id, submission.key)
        if taken or event.batch_id in self.rows:
            return False
        self.rows[event.batch_id] = submission
        return True

    async def by_key(self, user_id: UUID, key: str) -> Submission | None:
        if self.away:
            raise UnavailableError("PostgreSQL: gone")
        same = (s for s in self.rows.values() if (s.event.user_id, s.key) == (user_id, key))
        return next(same, None)

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[Submission]:
        return [submission for submission in self.rows.values() if not submission.published][:limit]

    async def was_deleted(self, batch_id: UUID) -> bool:
        return batch_id in self.deleted

    async def mark_published(self, batch_id: UUID) -> None:
        self.rows[batch_id] = replace(self.rows[batch_id], published=True)

    async def rename(self, batch_id: UUID, key: str | None) -> None:
        self.rows[batch_id] = replace(self.rows[batch_id], key=key)


@dataclass
class FakePublisher:
    published: list[Event] = field(default_factory=list)
    away: bool = False

    async def publish(self, event: Event) -> None:
        if self.away:
            raise UnavailableError("Kafka did not take a record")
        self.published.append(event)


@dataclass
class FakeBatches:
    submissions: FakeSubmissions
    rows: dict[UUID, tuple[UUID, Batch]] = field(default_factory=dict)

    def add(self, row: Batch, owner: UUID = ME) -> Batch:
        self.rows[row.batch_id] = (owner, row)
        return row

    async def get(self, user_id: UUID, batch_id: UUID) -> Batch | None:
        owner, row = self.rows.get(batch_id, (None, None))
        if row is None and batch_id in self.submissions.rows:
            event: BatchesSubmitted = self.submissions.rows[batch_id].event
            owner, row = event.user_id, as_accepted(event)
        return row if owner == user_id else None

    async def page(self, user_id: UUID, wanted: BatchFilter) -> list[Batch]:
        mine = [
            row
            for owner, row in self.rows.values()
            if owner == user_id
            and wanted.state in (None, row.state)
            and (wanted.search or "").lower() in row.name.lower()
        ]
        mine.sort(key=lambda row: (row.created_at, row.batch_id), reverse=True)
        after = wanted.after
        if after is not None:
            mine = [r for r in mine if (r.created_at, r.batch_id) < (after.created_at, after.id)]
        return mine[: wanted.limit]


@dataclass
class FakeFavourites:
    liked: list[tuple[UUID, str, str]] = field(default_factory=list)

    async def add(self, user_id: UUID, language: str, voice: str) -> None:
        if (user_id, language, voice) not in self.liked:
            self.liked.append((user_id, language, voice))

    async def remove(self, user_id: UUID, voice: str) -> None:
        self.liked = [row for row in self.liked if (row[0], row[2]) != (user_id, voice)]

    async def all(self, user_id: UUID, language: str | None = None) -> list[str]:
        return [row[2] for row in self.liked if row[0] == user_id and language in (None, row[1])]


def vault_of(*kids: str) -> Vault:
    keks = ",".join(f"{k}:{base64.b64encode(k[:1].encode() * 32).decode()}" for k in kids)
    return vault.create(vault.Settings(keys_kek=SecretStr(keks)))


@dataclass
class FakeProviderKeys:
    rows: dict[UUID, tuple[ProviderKey, str]] = field(default_factory=dict)

    async def add(self, key: ProviderKey, sealed: str) -> ProviderKey | None:
        name = (key.user_id, key.provider, key.identity)
        if name in {(k.user_id, k.provider, k.identity) for k, _ in self.rows.values()}:
            return None
        self.rows[key.key_id] = (key, sealed)
        return key

    async def all(self, reach: Reach) -> list[ProviderKey]:
        keys = (key for key, _ in self.rows.values())
        return [
            key
            for key in keys
            if key.user_id == reach.user_id or (reach.installation and key.user_id is None)
        ]

    async def switch(self, reach: Reach, key_id: UUID, *, enabled: bool) -> ProviderKey | None:
        for key in await self.all(reach):
            if key.key_id == key_id:
                self.rows[key_id] = (replace(key, enabled=enabled), self.rows[key_id][1])
                return self.rows[key_id][0]
        return None

    async def remove(self, reach: Reach, key_id: UUID) -> None:
        if key_id in {key.key_id for key in await self.all(reach)}:
            del self.rows[key_id]

    async def sealed(self) -> list[tuple[ProviderKey, str]]:
        return list(self.rows.values())

    async def sealed_one(self, reach: Reach, key_id: UUID) -> tuple[ProviderKey, str] | None:
        seen = {key.key_id for key in await self.all(reach)}
        return self.rows[key_id] if key_id in seen else None

    async def reseal(self, key_id: UUID, before: str, after: str) -> None:
        if self.rows[key_id][1] == before:
            self.rows[key_id] = (self.rows[key_id][0], after)


@dataclass
class FakeMirror:
    hashes: Hashes = field(default_factory=dict)
    away: bool = False

    async def replace(self, read: Callable[[], Awaitable[Hashes]]) -> None:
        if self.away:
            raise UnavailableError("Redis: gone")
        self.hashes = await read()


@dataclass
class FakeProviders:
    """What providers answer: to keys, and of their voices."""

    checked: Checked = field(default_factory=Checked)
    secrets: list[tuple[str, str]] = field(default_factory=list)
    voices: Sequence[Voice] | Exception = ()
    may_speak: Speakers = field(default_factory=lambda: Speakers(("espeak",)))

    async def speakers(self, user_id: UUID) -> Speakers:
        return self.may_speak

    async def check(self, provider: str, secret: SecretStr) -> Checked:
        self.secrets.append((provider, secret.get_secret_value()))
        return self.checked

    async def listed(self, provider: str) -> Sequence[Voice]:
        if isinstance(self.voices, Exception):
            raise self.voices
        return self.voices


@dataclass
class FakeVoices:
    rows: dict[str, str] = field(default_factory=dict)
    mirrored: dict[str, str] = field(default_factory=dict)

    async def keep(self, provider: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows[provider] = json.dumps(list(rows))

    async def all(self) -> dict[str, str]:
        return dict(self.rows)

    async def replace(self, news: Mapping[str, str]) -> None:
        self.mirrored = dict(news)


@dataclass
class FakeUsage:
    spent: list[tuple[UUID, UUID, Spent]] = field(default_factory=list)
    costs: dict[UUID, float] = field(default_factory=dict)

    async def of_batch(self, user_id: UUID, batch_id: UUID) -> list[Spent]:
        return [spent for user, batch, spent in self.spent if (user, batch) == (user_id, batch_id)]

    async def of_jobs(
        self, user_id: UUID, batch_id: UUID, job_ids: Collection[UUID]
    ) -> dict[UUID, float]:
        return {job_id: cost for job_id, cost in self.costs.items() if job_id in job_ids}


@dataclass
class FakeJobs:
    rows: dict[UUID, tuple[UUID, Job]] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    tries: list[FailedTry] = field(default_factory=list)

    def add(self, row: Job, owner: UUID = ME) -> Job:
        self.rows[row.job_id] = (owner, row)
        return row

    async def failed(self, user_id: UUID, batch_id: UUID) -> dict[UUID, int]:
        mine = [row for owner, row in self.rows.values() if owner == user_id]
        return {
            row.job_id: row.run
            for row in mine
            if (row.batch_id, row.state) == (batch_id, JobState.FAILED)
        }

    async def get(self, user_id: UUID, job_id: UUID) -> Job | None:
        owner, row = self.rows.get(job_id, (None, None))
        return row if owner == user_id else None

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        mine = [
            row
            for owner, row in self.rows.values()
            if (owner, row.batch_id) == (user_id, batch_id)
            and row.position > wanted.after_position
            and wanted.state in (None, row.state)
            and wanted.language in (None, row.language)
            and wanted.voice in (None, row.voice)
            and (wanted.search or "").lower() in row.title.lower()
        ]
        return sorted(mine, key=lambda row: row.position)[: wanted.limit]

    async def breakdown(self, user_id: UUID, batch_id: UUID) -> list[Standing]:
        rows = [
            row for owner, row in self.rows.values() if (owner, row.batch_id) == (user_id, batch_id)
        ]
        return [
            Standing(
                language=row.language,
                state=row.state,
                error_stage=row.error_stage,
                error_code=row.error_code,
                jobs=1,
                example=row.error,
            )
            for row in rows
        ]

    async def languages_with_several_voices(self, user_id: UUID, batch_id: UUID) -> set[str]:
        voices: dict[str, set[str | None]] = {}
        for _, row in self.rows.values():
            voices.setdefault(row.language, set()).add(row.voice)
        return {language for language, cast in voices.items() if len(cast) > 1}

    async def attempts(self, job_id: UUID) -> list[FailedTry]:
        return self.tries

    async def log(self, job_id: UUID, *, limit: int) -> list[LogLine]:
        return self.lines[-limit:]


@dataclass
class FakeStorage:
    objects: dict[str, bytes] = field(default_factory=dict)
    chunk: int = 4

    def keep(self, data: bytes, media_type: str = "audio/mpeg") -> ArtefactRef:
        sha256 = hashlib.sha256(data).hexdigest()
        self.objects[sha256] = data
        return ArtefactRef(key=sha256, sha256=sha256, bytes=len(data), media_type=media_type)

    async def stream(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        if key not in self.objects:
            raise InvalidRequestError(f"no object {key!r}")
        wanted = self.objects[key][start:end]
        for at in range(0, len(wanted), self.chunk):
            yield wanted[at : at + self.chunk]


@dataclass
class FakeKeys:
    values: dict[str, str] = field(default_factory=dict)

    async def set(self, name: str, value: str, *, ex: int) -> None:
        self.values[name] = value

    async def getdel(self, name: str) -> str | None:
        return self.values.pop(name, None)


@dataclass
class FakeHistory:
    """What was made and spent before; `own` are the projects of the user's keys."""

    lived: list[dict[str, Any]] = field(default_factory=list)
    told_before: list[Told] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)

    async def lives(self, *, within: timedelta, limit: int) -> list[dict[str, Any]]:
        return self.lived

    async def told(self, user_id: UUID, titles: Collection[str], agent_sha256: str) -> list[Told]:
        self.agents.append(agent_sha256)
        return [told for told in self.told_before if told.title in titles]

    async def projects(self, user_id: UUID) -> dict[str, int]:
        return self.own


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

    def app(self) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[State]:
            yield {"resources": self._resources()}

        return assemble(self.settings, lifespan)

    def client(self, user_id: UUID | None = ME, role: str = "user") -> TestClient:
        headers = {"Authorization": f"Bearer {self.token(user_id, role)}"} if user_id else {}
        return TestClient(self.app(), headers=headers, raise_server_exceptions=False)

    def token(self, user_id: UUID, role: str = "user") -> str:
        return self.tokens.issue(self.people.signed_in(user_id, role))

    def _resources(self) -> Resources:
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
