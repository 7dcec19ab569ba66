from hypothesis import given
from hypothesis import strategies as st

from services.aggregator.tally import Batch, Change
from shared.events import BatchesControl, JobEvent
from shared.vocabulary import BatchState, JobState
from tests.support.builders import BATCH
from tests.support.one_job import (
    ADAPTED,
    FAILED,
    GENERATED,
    PARKED,
    PARKED_AGAIN,
    REQUESTED,
    RESUMED,
    SECOND_LIFE,
    SPOKEN,
    STOPPED,
    WHOLE_LIFE,
    again,
    at,
    folded,
    job,
    order,
)


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
