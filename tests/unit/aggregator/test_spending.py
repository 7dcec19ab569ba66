from services.aggregator.spending import spent
from shared.vocabulary import Usage
from tests.support.builders import BATCH, audio_ready, job_failed

CALLED = Usage(provider="tone", calls=2, characters=9)


def test_what_a_failed_job_cost_is_billed_to_the_stage_that_gave_up() -> None:
    failed = job_failed(stage="adapter", code="wrong_language", usage=(CALLED,))

    (row,) = spent([failed], failed.job_id, BATCH)

    assert (row.stage, row.calls, row.event_id) == ("adapter", 2, failed.event_id)


def test_each_provider_that_was_called_has_a_row_of_its_own() -> None:
    ready = audio_ready(usage=(CALLED, Usage(provider="idle"), Usage(provider="espeak", calls=1)))

    rows = list(spent([ready], ready.job_id, BATCH))

    assert [(row.position, row.provider) for row in rows] == [(0, "tone"), (2, "espeak")]
