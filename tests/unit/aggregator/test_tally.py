from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aggregator.rules import Job
from services.aggregator.tally import Batch, Change, as_counts, state_of
from shared.vocabulary import BatchState, JobState
from tests.support.builders import BATCH, JOB, USER, job_requested

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def moved(old: JobState, new: JobState, jobs: int = 1) -> Change:
    change = Change()
    change.states[old] -= jobs
    change.states[new] += jobs
    return change


def batch_of(jobs: int) -> Batch:
    batch, change = Batch(batch_id=BATCH), Change()
    change.add_queued(jobs)
    batch.apply(change)
    return batch


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ({}, BatchState.QUEUED),
        ({"queued": 2}, BatchState.QUEUED),
        ({"queued": 1, "scripting": 1}, BatchState.RUNNING),
        ({"queued": 1, "completed": 1}, BatchState.RUNNING),
        ({"awaiting_review": 1, "completed": 1}, BatchState.AWAITING_REVIEW),
        ({"awaiting_review": 1, "narrating": 1}, BatchState.RUNNING),
        ({"completed": 2}, BatchState.COMPLETED),
        ({"completed": 1, "failed": 1}, BatchState.COMPLETED_WITH_ERRORS),
        ({"completed": 1, "cancelled": 1}, BatchState.COMPLETED_WITH_ERRORS),
        ({"failed": 2}, BatchState.FAILED),
        ({"failed": 1, "cancelled": 1}, BatchState.FAILED),
        ({"cancelled": 2}, BatchState.CANCELLED),
    ],
)
def test_the_state_follows_from_the_counts(counts: dict[str, int], state: BatchState) -> None:
    assert state_of(Counter({JobState(k): v for k, v in counts.items()}), paused=False) is state


def test_a_paused_batch_is_paused_until_it_has_ended() -> None:
    assert state_of(Counter({JobState.QUEUED: 1}), paused=True) is BatchState.PAUSED
    assert state_of(Counter({JobState.COMPLETED: 1}), paused=True) is BatchState.COMPLETED


def test_it_ends_with_its_last_job() -> None:
    batch = batch_of(2)

    batch.apply(moved(JobState.QUEUED, JobState.COMPLETED))
    assert (batch.state, batch.completed_at, batch.endings) == (BatchState.RUNNING, None, 0)

    batch.apply(moved(JobState.QUEUED, JobState.FAILED))
    batch.end(NOW)
    assert batch.state is BatchState.COMPLETED_WITH_ERRORS
    assert (batch.completed_at, batch.endings) == (NOW, 1)


def test_a_failed_job_that_completes_later_ends_it_once_more() -> None:
    batch = batch_of(1)
    batch.apply(moved(JobState.QUEUED, JobState.FAILED))

    batch.apply(moved(JobState.FAILED, JobState.COMPLETED))

    assert (batch.state, batch.endings) == (BatchState.COMPLETED, 2)


def test_more_jobs_open_it_again() -> None:
    batch = batch_of(1)
    batch.apply(moved(JobState.QUEUED, JobState.COMPLETED))

    more = Change()
    more.add_queued(1)
    batch.apply(more)
    batch.end(NOW)

    assert (batch.state, batch.completed_at, batch.endings) == (BatchState.RUNNING, None, 1)


def test_nothing_new_ends_nothing_anew() -> None:
    batch = batch_of(1)
    batch.apply(moved(JobState.QUEUED, JobState.COMPLETED))

    batch.apply(Change())

    assert batch.endings == 1


def test_orders_stay_until_the_next_one() -> None:
    batch = batch_of(1)

    batch.apply(Change(paused=True, cancelled=(UUID(int=7), NOW)))
    batch.apply(Change(cancelled=(UUID(int=8), NOW + timedelta(hours=1))))

    assert (batch.paused, batch.cancelled_by, batch.cancelled_at) == (True, UUID(int=7), NOW)


@given(st.permutations([0.1, 0.2, 0.3, 1e-6, 7.7]))
def test_seconds_add_up_to_the_same_in_any_order(parts: list[float]) -> None:
    batch = batch_of(1)

    for seconds in parts:
        batch.apply(Change(audio_seconds=seconds))

    assert batch.audio_seconds == 8.300001


@given(st.permutations([(NOW, "b"), (NOW, "a"), (NOW + timedelta(seconds=1), "c")]))
def test_a_batch_nobody_submitted_is_named_after_its_earliest_job(
    jobs: list[tuple[datetime, str]],
) -> None:
    batch = Batch(batch_id=BATCH)

    for at, title in jobs:
        change = Change()
        change.meet(at, [job_requested(title=title, user_id=USER)])
        batch.apply(change)

    assert (batch.name, batch.created_at, batch.user_id) == ("a", NOW, USER)


def test_a_paused_job_waits_for_nothing() -> None:
    change = Change()

    change.add(Job(job_id=JOB, batch_id=BATCH, paused=True), sign=1)

    assert (change.waiting, change.in_flight) == (0, 0)


def test_counts_add_up_to_their_total() -> None:
    counts = as_counts(Counter({JobState.QUEUED: 2, JobState.FAILED: 1}))

    assert (counts.total, counts.queued, counts.failed, counts.completed) == (3, 2, 1, 0)
