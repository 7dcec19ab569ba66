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
    job_parked,
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
STOPPED = job_failed(code="cancelled", stage="narrator", occurred_at=at(6))
PARKED = job_parked(parking=1, occurred_at=at(2))
RESUMED = script_adapted(script=artefact_ref(key="adapted"), parking=1, occurred_at=at(2))
PARKED_AGAIN = job_parked(parking=2, reason="budget", occurred_at=at(3))
WHOLE_LIFE = (REQUESTED, GENERATED, ADAPTED, SPOKEN)


def job(**changes: Any) -> Job:
    return Job(**{"job_id": JOB, "batch_id": BATCH, **changes})


def folded(*events: JobEvent) -> Job:
    result = job()
    for event in events:
        result.apply(event)
    return result


def order(action: Any, run: int | None = None, minute: int = 5) -> BatchesControl:
    return BatchesControl(
        batch_id=BATCH, job_id=JOB, action=action, run=run, occurred_at=at(minute)
    )


def test_who_was_asked_for_stays_who_was_asked_for() -> None:
    spoken = audio_ready(voice="espeak:pt-BR", voice_used="espeak:pt-PT", voice_reason="withdrawn")

    made = folded(job_requested(voice="espeak:pt-BR"), spoken)

    assert made.voice == "espeak:pt-BR"
    assert (made.writes["voice_used"], made.writes["voice_reason"]) == ("espeak:pt-PT", "withdrawn")


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
    assert (one.characters, one.audio_seconds) == (17, 4.5)
    assert (one.state, one.waiting, one.in_flight) == (BatchState.COMPLETED, 0, 0)


def again(event: JobEvent, minute: int) -> JobEvent:
    return event.model_copy(
        update={"run": 2, "occurred_at": at(minute), "event_id": event.id_of("again")}
    )


SECOND_LIFE = tuple(again(event, 10 + n) for n, event in enumerate(WHOLE_LIFE))


@given(st.permutations((*WHOLE_LIFE[:3], FAILED, *SECOND_LIFE[:3])), st.data())
def test_any_order_of_two_runs_gives_the_state_of_the_second(
    events: list[JobEvent], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(events)))

    result = folded(*events, *repeats)

    assert result == folded(*WHOLE_LIFE[:3], FAILED, *SECOND_LIFE[:3])
    assert (result.run, result.state, result.error) == (2, JobState.NARRATING, None)


@given(st.permutations((*WHOLE_LIFE, SECOND_LIFE[2], again(FAILED, 20))))
def test_a_second_run_that_fails_leaves_what_the_first_made(events: list[JobEvent]) -> None:
    result = folded(*events)

    assert (result.state, result.error_code) == (JobState.FAILED, "refused")
    assert (result.writes["audio"], result.audio_run) == (SPOKEN.audio, 1)


PARKINGS = (REQUESTED, GENERATED, ADAPTED, PARKED, RESUMED, PARKED_AGAIN)


@given(st.permutations(PARKINGS), st.lists(st.sampled_from(PARKINGS)))
def test_any_order_with_any_repeats_leaves_a_job_parked_as_it_was_last(
    events: list[JobEvent], repeats: list[JobEvent]
) -> None:
    result = folded(*events, *repeats)

    assert (result.parked_for, result.park) == ("budget", PARKED_AGAIN)
    assert (result.state, result.in_flight) == (JobState.NARRATING, False)


ENDED = (*PARKINGS, STOPPED, FAILED)


@given(st.permutations(ENDED), st.lists(st.sampled_from(ENDED)))
def test_any_order_with_any_repeats_leaves_a_stopped_job_cancelled(
    events: list[JobEvent], repeats: list[JobEvent]
) -> None:
    result = folded(*events, *repeats)

    assert (result.state, result.error, result.parked_for) == (JobState.CANCELLED, None, None)
    assert not result.in_flight


@given(st.permutations((*PARKINGS, order("cancel"))))
def test_a_cancelled_job_that_nobody_holds_is_cancelled_whatever_came_first(
    told: list[JobEvent | BatchesControl],
) -> None:
    result = job()
    for event in told:
        if isinstance(event, BatchesControl):
            result.order(event)
        else:
            result.apply(event)

    assert (result.state, result.completed_at) == (JobState.CANCELLED, at(5))


def test_what_a_parked_job_went_on_from_ends_its_parking() -> None:
    assert folded(REQUESTED, PARKED).parked_for == "paused"
    assert folded(REQUESTED, PARKED, RESUMED).parked_for is None
    assert folded(REQUESTED, PARKED, RESUMED).in_flight


def test_a_text_that_awaits_its_review_says_so_until_it_is_approved() -> None:
    review = job_parked(reason="review")

    assert folded(GENERATED, review).state is JobState.AWAITING_REVIEW
    assert folded(GENERATED, review, RESUMED).state is JobState.NARRATING


def test_a_retry_begins_a_run_that_waits_for_its_release() -> None:
    result = folded(REQUESTED, FAILED)

    result.order(order("retry", run=2))

    assert (result.run, result.state, result.waiting) == (2, JobState.QUEUED, True)
    assert (result.error, result.completed_at) == (None, None)


def test_a_retry_that_is_repeated_or_late_begins_nothing() -> None:
    result = folded(*SECOND_LIFE[:2])

    result.order(order("retry", run=2))

    assert (result.state, result.waiting) == (JobState.ADAPTING, False)


def test_a_late_event_of_the_first_run_does_not_release_the_second() -> None:
    result = folded(REQUESTED, FAILED)
    result.order(order("retry", run=2))

    result.apply(GENERATED)

    assert (result.state, result.waiting) == (JobState.QUEUED, True)


def test_cancelling_one_run_leaves_the_next() -> None:
    result = folded(*SECOND_LIFE[:2])

    result.order(order("cancel", run=1))
    result.apply(again(PARKED, 20))

    assert result.state is JobState.ADAPTING


def test_each_step_moves_the_job_on() -> None:
    states = [folded(*WHOLE_LIFE[: steps + 1]).state for steps in range(4)]

    assert states == ["scripting", "adapting", "narrating", "completed"]


def test_a_late_event_lowers_nothing_and_still_fills_what_it_knows() -> None:
    result = folded(SPOKEN, GENERATED)

    assert result.state is JobState.COMPLETED
    assert result.writes["script"] == GENERATED.script


def test_a_repeat_of_another_process_with_a_clock_of_its_own_adds_nothing() -> None:
    again = SPOKEN.model_copy(update={"occurred_at": at(30)})

    assert folded(*WHOLE_LIFE, again) == folded(*WHOLE_LIFE)


def test_a_text_that_was_edited_is_narrated_once_more() -> None:
    edited = audio_ready(
        audio=artefact_ref(sha256="1" * 64), audio_seconds=6.0, usage=spent(1), occurred_at=at(60)
    )

    result = folded(*WHOLE_LIFE, edited)

    assert result.writes["audio"] == edited.audio
    assert result.audio_seconds == 6.0


def test_a_failure_says_where_and_why() -> None:
    result = folded(REQUESTED, FAILED)

    assert result.state is JobState.FAILED
    assert result.completed_at == FAILED.occurred_at
    assert (result.error_stage, result.error_code) == ("narrator", "refused")
    assert (result.error, result.attempts) == ("no such voice", 3)


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
