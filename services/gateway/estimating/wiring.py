"""An estimator, with what this installation is set to."""

from collections import defaultdict
from uuid import UUID

from services.gateway.defaults import Defaults
from services.gateway.estimating.estimator import Estimator
from services.gateway.estimating.forecast import Setup
from services.gateway.estimating.rules import Rules
from services.gateway.settings import Settings
from services.gateway.store.agents import AgentStore
from services.gateway.store.database import Database
from services.gateway.store.history import HistoryStore
from services.gateway.store.preferences import PreferenceStore
from services.gateway.store.provider_keys import ProviderKeyStore, Reach
from shared import quota
from shared.providers import llm, tts
from shared.providers.tts import SpeakersOf


def estimator(settings: Settings, database: Database, speakers: SpeakersOf) -> Estimator:
    """Return the estimator of a gateway."""
    keys = ProviderKeyStore(database)

    async def own(user_id: UUID) -> dict[str, int]:
        projects: dict[str, set[str]] = defaultdict(set)
        for key in await keys.all(Reach(user_id=user_id, installation=False)):
            if key.enabled:
                projects[key.provider].add(key.project)
        return {provider: len(names) for provider, names in projects.items()}

    writer, model = llm.chosen(settings.llm)
    projects = {writer: llm.projects_of(writer)}
    projects |= {name: tts.projects_of(name) for name in tts.configured()}
    return Estimator(
        history=HistoryStore(database),
        rules=Rules(
            default_minutes=settings.default_minutes,
            block_characters=settings.block_characters,
            part_characters=settings.part_characters,
            # It neither contradicts itself nor misses the length.
            revises=writer != "offline",
        ),
        setup=Setup(
            writer=(writer, model),
            limits=quota.Settings().quota_limits,
            projects={name: len(found) for name, found in projects.items()},
            encoders=settings.narrator_encoders,
        ),
        projects=own,
        speakers=speakers,
        max_jobs=settings.max_jobs_per_batch,
        defaults=Defaults(AgentStore(database), PreferenceStore(database)),
    )
