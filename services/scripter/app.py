"""Run with: python -m uvicorn services.scripter.app:build --factory."""

from contextlib import aclosing

from faststream.asgi.types import ASGIApp

from services.scripter.handler import Scripter
from services.scripter.settings import Settings
from shared.artefacts import Artefacts
from shared.events import JobsRequested
from shared.providers import llm, storage
from shared.runtime import Service


def build() -> ASGIApp:
    """Wire scripter from its settings."""
    settings = Settings()
    service = Service("scripter", settings)
    model = llm.create(settings.llm)
    artefacts = Artefacts(
        storage.create(settings.storage),
        redis_url=settings.redis_url,
        ttl_days=settings.artefact_ttl_days,
    )
    scripter = Scripter(
        llm=model,
        artefacts=artefacts,
        report=service.report,
        default_minutes=settings.default_minutes,
        block_characters=settings.block_characters,
        # The offline writer is faster than any store, and right by construction.
        keep_steps=model.name != "offline",
        revise=model.name != "offline",
    )
    return service.stage(consumes=JobsRequested, handle=scripter, uses=[artefacts, aclosing(model)])
