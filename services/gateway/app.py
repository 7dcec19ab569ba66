"""Run with: uvicorn services.gateway.app:build --factory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypedDict

from fastapi import FastAPI
from fastapi.routing import APIRoute
from redis.asyncio import Redis
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.types import Scope

from services.gateway import (
    admission_wiring,
    home,
    insight_wiring,
    openapi_details,
    rendering,
    site,
)
from services.gateway.acceptance import Acceptance
from services.gateway.background import runs, stop
from services.gateway.body_limit import BodyLimit
from services.gateway.defaults import Defaults
from services.gateway.deleting import Deleting
from services.gateway.editing.wiring import editor
from services.gateway.estimating.wiring import estimator
from services.gateway.headers import ResponseHeaders
from services.gateway.live import Hub
from services.gateway.narrating import Waiting
from services.gateway.objects import Objects
from services.gateway.previews import Previews
from services.gateway.provider_keys import ProviderKeys
from services.gateway.putting_right import dead_letters
from services.gateway.resources import Resources
from services.gateway.routes import FIRST_NAMES, ROUTERS, TAGS
from services.gateway.settings import Settings
from services.gateway.store.agents import AgentStore
from services.gateway.store.batches import BatchStore
from services.gateway.store.database import Database
from services.gateway.store.deletions import DeletionStore
from services.gateway.store.favourites import FavouriteStore
from services.gateway.store.jobs import JobStore
from services.gateway.store.preferences import PreferenceStore
from services.gateway.store.provider_keys import KeyMirror, ProviderKeyStore
from services.gateway.store.request_counts import RequestCounts
from services.gateway.store.submissions import SubmissionStore
from services.gateway.store.tickets import TicketStore
from services.gateway.store.usage import UsageStore
from services.gateway.store.voices import VoiceMirror, VoiceStore
from services.gateway.sweeping import sweep
from services.gateway.voice_refresh import VoiceRefresh
from services.gateway.webhooks import wiring as webhooks_wiring
from shared.artefacts import Artefacts
from shared.events import BatchesControl, BatchesProgress
from shared.postgres import open_pool
from shared.providers import storage, tts
from shared.quota import vault
from shared.runtime import Service
from shared.runtime.follow import follow
from shared.runtime.voices import HASH, VERSION

REDIS_SECONDS = 5.0
SPARE_THREADS = 16


class State(TypedDict):
    """What a request may reach; `deps` hands out its parts."""

    resources: Resources


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[State]]


class Gateway(FastAPI):
    """FastAPI, with an OpenAPI document that tells the truth about errors."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        return openapi_details.complete(super().openapi())


def build(settings: Settings | None = None) -> FastAPI:
    """Wire gateway from its settings."""
    settings = settings or Settings()
    service = Service("gateway", settings)
    app = assemble(settings, _lifespan(settings, service))
    for path, probe in service.health_routes():
        app.router.routes.append(Route(path, probe, include_in_schema=False))
    return app


def assemble(settings: Settings, lifespan: Lifespan) -> FastAPI:
    """Return the app around what `lifespan` opens: routes, errors, limits."""
    app = Gateway(
        title="Bolt IA",
        summary="Titles in, narrated audio out, in many languages.",
        description=home.GUIDE,
        version=release(),
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        openapi_tags=list(TAGS),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        redoc_url=None,
        # Its log records hold what was sent, and so could hold a password.
        telemetry={"logs": False, "exclude": _is_probe},
    )
    rendering.install(app)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=[
                *("Location", "Link", "Retry-After", "ETag", "Content-Disposition"),
                *("RateLimit", "RateLimit-Policy"),
            ],
            max_age=3600,
        )
    app.add_middleware(ResponseHeaders)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in FIRST_NAMES:
        app.include_router(router)
    app.router.routes += site.routes(fallback=home.page(release()))
    return app


def release() -> str:
    """Return the version that runs."""
    try:
        return version("bolt-ia")
    except PackageNotFoundError:
        return "0.0.0"


def _is_probe(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/health/")


def _operation_id(route: APIRoute) -> str:
    # The function's own name: stable, unique, and what a generated client calls it.
    return route.name


def _lifespan(settings: Settings, service: Service) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        # A download holds a thread that may wait for another one to read a file.
        asyncio.get_running_loop().set_default_executor(
            ThreadPoolExecutor(settings.zips_at_once + SPARE_THREADS)
        )
        async with AsyncExitStack() as stack:
            resources = await _open(settings, service, stack)
            service.health.ready.append(_database_answers(resources.batches.database))
            await stack.enter_async_context(service.connection())
            for background in (
                follow(settings.kafka_bootstrap_servers, BatchesProgress, resources.hub.publish),
                follow(settings.kafka_bootstrap_servers, BatchesControl, resources.hub.heed),
                sweep(resources.acceptance),
                resources.deleting.run(),
                resources.provider_keys.keep_spread(),
                resources.voice_refresh.keep_spread(),
                resources.dead_letters.redriver.run(),
                resources.insight.cache.keep_tidy(),
                *(task() for task in resources.telling.tasks),
            ):
                task = asyncio.create_task(background)
                service.health.alive.append(runs(task))
                stack.push_async_callback(stop, task)
            stack.callback(resources.hub.close)
            yield {"resources": resources}

    return lifespan


async def _open(settings: Settings, service: Service, stack: AsyncExitStack) -> Resources:
    database = Database(
        await stack.enter_async_context(open_pool(settings.database_url, name="gateway"))
    )
    objects = await stack.enter_async_context(storage.create(settings.storage))
    room = await stack.enter_async_context(
        Artefacts(
            storage.create(settings.storage),
            redis_url=settings.redis_url,
            ttl_days=settings.artefact_ttl_days,
        )
    )
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    stack.push_async_callback(redis.aclose)
    speakers = await stack.enter_async_context(tts.presence(settings.redis_url))
    return Resources(
        admission=admission_wiring.create(settings, database, RequestCounts(redis)),
        batches=BatchStore(database),
        jobs=JobStore(database),
        tickets=TicketStore(redis, settings.ticket_seconds),
        usage=UsageStore(database),
        favourites=FavouriteStore(database),
        agents=AgentStore(database),
        preferences=PreferenceStore(database),
        provider_keys=ProviderKeys(
            ProviderKeyStore(database),
            KeyMirror(redis),
            vault.create() if vault.configured() else None,
            tts.check,
        ),
        voice_refresh=VoiceRefresh(
            VoiceStore(database), VoiceMirror(redis, (HASH, VERSION)), tts.voices
        ),
        previews=Previews(JobStore(database), service, settings.preview_seconds),
        acceptance=Acceptance(
            submissions=SubmissionStore(database),
            room=room,
            publisher=service,
            speakers=speakers,
            max_jobs=settings.max_jobs_per_batch,
            defaults=Defaults(AgentStore(database), PreferenceStore(database)),
        ),
        waiting=Waiting(BatchStore(database), JobStore(database), settings.narration_seconds),
        estimator=estimator(settings, database, speakers),
        editor=editor(database, room, service),
        orders=service,
        deleting=Deleting(DeletionStore(database), service, settings.keep_batches),
        dead_letters=dead_letters(database, service),
        insight=insight_wiring.create(settings, database, room, service, release()),
        objects=Objects(objects),
        hub=Hub(),
        zip_slots=asyncio.Semaphore(settings.zips_at_once),
        telling=webhooks_wiring.create(settings, service, database),
    )


def _database_answers(database: Database) -> Callable[[], Any]:
    async def answers() -> bool:
        return await database.row("SELECT 1") is not None

    return answers
