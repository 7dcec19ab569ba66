"""Run with: python -m uvicorn services.adapter.app:build --factory."""

from contextlib import aclosing

from faststream.asgi.types import ASGIApp

from services.adapter.editor import Editor
from services.adapter.handler import Adapter
from services.adapter.settings import Settings
from shared.artefacts import Artefacts
from shared.catalogue import gate
from shared.events import ScriptGenerated
from shared.providers import llm, storage
from shared.runtime import Service


def build() -> ASGIApp:
    """Wire adapter from its settings."""
    settings = Settings()
    service = Service("adapter", settings)
    model = llm.create(settings.llm)
    artefacts = Artefacts(
        storage.create(settings.storage),
        redis_url=settings.redis_url,
        ttl_days=settings.artefact_ttl_days,
    )
    adapter = Adapter(
        # Asked again, the offline writer says the same again.
        editor=Editor(llm=model, judge=gate.judge, repair=model.name != "offline"),
        artefacts=artefacts,
        report=service.report,
        part_characters=settings.part_characters,
    )
    return service.stage(
        consumes=ScriptGenerated, handle=adapter, uses=[artefacts, aclosing(model)]
    )
