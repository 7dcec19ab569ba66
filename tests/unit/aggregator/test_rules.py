from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.aggregator.rules import Job
from services.aggregator.tally import Batch, Change
from shared.events import BatchesControl, JobEvent
from shared.vocabulary import BatchState, JobState, Usage
from tests.support.builders import (
    BATCH,
    JOB,
    artefact_ref,
    audio_ready,
    job_failed,
    job_requested,
    script_adapted,
    script_generated,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def spent(calls: int) -> tuple[Usage, ...]:
    return (Usage(provider="offline", calls=calls),)


REQUESTED = job_requested(occurred_at=at(0))
GENERATED = script_generated(script=artefact_ref(key="script"), usage=spent(3), occurred_at=at(1))
ADAPTED = script_adapted(script=artefact_ref(key="adapted"), usage=spent(1), occurred_at=at(2))
SPOKEN = audio_ready(
    script=artefact_ref(key="narrated"), usage=spent(2), audio_seconds=4.5, occurred_at=at(3)
)
FAILED = job_failed(attempts=3, occurred_at=at(4))
WHOLE_LIFE = (REQUESTED, GENERATED, ADAPTED, SPOKEN)


def job(**changes: Any) -> Job:
    return Job(**{"job_id": JOB, "batch_id": BATCH, **changes})


def folded(*events: JobEvent) -> Job:
    result = job()
    for event in events:
        result.apply(event)
    return result


def order(action: Any) -> BatchesControl:
    return BatchesControl(batch_id=BATCH, job_id=JOB, action=action, occurred_at=at(5))


@given(st.permutations(WHOLE_LIFE), st.lists(st.sampled_from(WHOLE_LIFE)))
def test_any_order_with_any_repeats_gives_the_same_job(
    events: list[JobEvent], repeats: list[JobEvent]
) -> None:
    assert folded(*events, *repeats) == folded(*WHOLE_LIFE)


@given(st.permutations((*WHOLE_LIFE, FAILED)), st.lists(st.sampled_from(WHOLE_LIFE)))
def test_a_failure_on_the_way_changes_no_order(
    events: list[JobEvent], repeats: list[JobEvent]
) -> None:
    result, expected = folded(*events, *repeats), folded(*WHOLE_LIFE, FAILED)

    assert result == expected
    assert result.state is JobState.COMPLETED


@given(st.permutations((*WHOLE_LIFE, FAILED)), st.lists(st.sampled_from((*WHOLE_LIFE, FAILED))))
def test_any_order_with_any_repeats_gives_the_same_batch(
    events: list[JobEvent], repeats: list[JobEvent]
) -> None:
    one, other = Batch(batch_id=BATCH), Batch(batch_id=BATCH)

    for batch, told in ((one, [*events, *repeats]), (other, [*WHOLE_LIFE, FAILED])):
        change = Change()
        change.add_queued(1)
        batch.apply(change)
        running = job()
        for event in told:
            change = Change()
            change.add(running, sign=-1)
            running.apply(event)
            change.add(running, sign=1)
            batch.apply(change)

    assert one.counts == other.counts
    assert (one.provider_calls, one.characters, one.audio_seconds) == (6, 17, 4.5)
    assert (one.state, one.waiting, one.in_flight) == (BatchState.COMPLETED, 0, 0)


def test_each_step_moves_the_job_on() -> None:
    states = [folded(*WHOLE_LIFE[: steps + 1]).state for steps in range(4)]

    assert states == ["scripting", "adapting", "narrating", "completed"]


def test_a_late_event_lowers_nothing_and_still_fills_what_it_knows() -> None:
    result = folded(SPOKEN, GENERATED)

    assert result.state is JobState.COMPLETED
    assert result.writes["script"] == GENERATED.script
    assert result.provider_calls == 5


def test_a_repeat_of_another_process_with_a_clock_of_its_own_adds_nothing() -> None:
    again = SPOKEN.model_copy(update={"occurred_at": at(30)})

    assert folded(*WHOLE_LIFE, again) == folded(*WHOLE_LIFE)


def test_a_text_that_was_edited_is_narrated_once_more() -> None:
    edited = audio_ready(
        audio=artefact_ref(sha256="1" * 64), audio_seconds=6.0, usage=spent(1), occurred_at=at(60)
    )

    result = folded(*WHOLE_LIFE, edited)

    assert result.writes["audio"] == edited.audio
    assert (result.audio_seconds, result.provider_calls) == (6.0, 7)


def test_a_failure_says_where_and_why() -> None:
    result = folded(REQUESTED, FAILED)

    assert result.state is JobState.FAILED
    assert result.completed_at == FAILED.occurred_at
    assert result.writes == {
        "error_stage": "narrator",
        "error_code": "refused",
        "error": "no such voice",
        "attempts": 3,
    }


def test_a_job_is_in_flight_from_its_first_event_to_its_end() -> None:
    assert [job().in_flight, folded(REQUESTED).in_flight, folded(REQUESTED, FAILED).in_flight] == [
        False,
        True,
        False,
    ]


def test_cancelling_ends_only_what_has_not_begun() -> None:
    waiting, running = job(), folded(REQUESTED)

    waiting.order(order("cancel"))
    running.order(order("cancel"))

    assert (waiting.state, waiting.completed_at) == (JobState.CANCELLED, at(5))
    assert running.state is JobState.SCRIPTING


def test_a_job_is_paused_and_resumed() -> None:
    result = job()

    result.order(order("pause"))
    assert result.paused

    result.order(order("resume"))
    assert not result.paused


def test_a_cancelled_job_that_completes_after_all_is_completed() -> None:
    result = job()
    result.order(order("cancel"))

    result.apply(SPOKEN)

    assert result.state is JobState.COMPLETED


def test_usage_that_is_below_zero_takes_nothing_away() -> None:
    assert folded(script_generated(usage=spent(-5))).provider_calls == 0
