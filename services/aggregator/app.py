"""Run with: python -m uvicorn services.aggregator.app:build --factory."""

from datetime import timedelta

from faststream.asgi.types import ASGIApp

from services.aggregator.budgets import Bookkeeper
from services.aggregator.fold import Fold
from services.aggregator.housekeeping import Housekeeper
from services.aggregator.progress import Announcer
from services.aggregator.purging import Purger
from services.aggregator.reading import FOLDED, Reader
from services.aggregator.release import Releaser
from services.aggregator.removing import Remover
from services.aggregator.settings import Settings
from services.aggregator.standing import Surveyor
from services.aggregator.store import Database
from shared.artefacts import Artefacts
from shared.providers import storage
from shared.quota import Budgets
from shared.runtime import Service, collecting
from shared.runtime.envelope import decode
from shared.runtime.fold import FoldLoop

NAME = "aggregator"


def build() -> ASGIApp:
    """Wire aggregator from its settings."""
    settings = Settings()
    service = Service(NAME, settings)
    artefacts = Artefacts(
        storage.create(settings.storage),
        redis_url=settings.redis_url,
        ttl_days=settings.artefact_ttl_days,
    )
    budgets = Budgets(settings.redis_url)
    database = Database(settings.database_url)
    service.health.ready.append(database.answers)
    releaser = Releaser(database, service.publish, settings.release_window)
    remover = Remover(database)

    def folded() -> None:
        releaser.wake.call()
        remover.wake.call()

    fold = Fold(database, Reader(decode, artefacts), service.dead_letter, folded)
    consumer = FoldLoop(
        NAME,
        settings,
        topics=FOLDED,
        fold=fold,
        max_records=settings.fold_records,
    )
    return service.app(
        tasks=[
            consumer.run,
            releaser.run,
            remover.run,
            Purger(database, artefacts, timedelta(hours=settings.purge_hours)).run,
            Bookkeeper(database, budgets).run,
            Announcer(database, service.publish).run,
            Housekeeper(database, settings.job_log_days).run,
            Surveyor(database).run,
        ],
        uses=[artefacts, database, budgets],
        new_objects=collecting.FOLDING,
    )
