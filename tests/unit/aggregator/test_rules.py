from shared.vocabulary import JobState
from tests.support.builders import artefact_ref, audio_ready, job_parked, job_requested
from tests.support.one_job import (
    FAILED,
    GENERATED,
    PARKED,
    REQUESTED,
    RESUMED,
    SECOND_LIFE,
    SPOKEN,
    WHOLE_LIFE,
    again,
    at,
    folded,
    job,
    order,
    spent,
)


def test_who_was_asked_for_stays_who_was_asked_for() -> None:
    spoken = audio_ready(voice="espeak:pt-BR", voice_used="espeak:pt-PT", voice_reason="withdrawn")

    made = folded(job_requested(voice="espeak:pt-BR"), spoken)

    assert made.voice == "espeak:pt-BR"
    assert (made.writes["voice_used"], made.writes["voice_reason"]) == ("espeak:pt-PT", "withdrawn")


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
