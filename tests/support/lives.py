"""All the events of a job, as its stages publish them."""

from uuid import UUID

from shared.events import Event
from shared.vocabulary import Usage
from tests.support.builders import (
    BATCH,
    artefact_ref,
    audio_ready,
    job_requested,
    script_adapted,
    script_generated,
)

SPENT = (Usage(provider="offline", calls=2),)


def life_of(job_id: UUID, batch_id: UUID | None = BATCH) -> list[Event]:
    ids = {"job_id": job_id, "batch_id": batch_id}
    return [
        job_requested(**ids),
        script_generated(script=artefact_ref(key="script"), usage=SPENT, **ids),
        script_adapted(script=artefact_ref(key="adapted"), usage=SPENT, **ids),
        audio_ready(usage=SPENT, **ids),
    ]
