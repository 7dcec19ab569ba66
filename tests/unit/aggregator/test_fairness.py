from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.aggregator.fairness import OpenBatch, portions

ANA, BIA, CAIO = (UUID(int=number) for number in (1, 2, 3))


def batch(number: int, user: UUID, waiting: int, in_flight: int = 0) -> OpenBatch:
    return OpenBatch(UUID(int=number), user, waiting, in_flight)


def released(batches: list[OpenBatch], window: int, limit: int = 10_000) -> dict[int, int]:
    return {each.int: jobs for each, jobs in portions(batches, window=window, limit=limit)}


def test_one_user_may_have_the_whole_window() -> None:
    assert released([batch(1, ANA, 5_000)], 1_000) == {1: 1_000}


def test_what_is_in_flight_takes_its_place() -> None:
    assert released([batch(1, ANA, 5_000, in_flight=990)], 1_000) == {1: 10}
    assert released([batch(1, ANA, 5_000, in_flight=1_000)], 1_000) == {}


def test_the_window_is_shared_equally_whoever_came_first() -> None:
    open_batches = [batch(1, ANA, 100_000), batch(2, BIA, 100_000)]

    assert released(open_batches, 1_000) == {1: 500, 2: 500}


def test_what_one_cannot_use_goes_to_the_others() -> None:
    open_batches = [batch(1, ANA, 100_000), batch(2, BIA, 3), batch(3, CAIO, 100_000)]

    assert released(open_batches, 1_003) == {1: 500, 2: 3, 3: 500}


def test_a_newcomer_gets_room_although_the_window_is_full() -> None:
    open_batches = [batch(1, ANA, 99_000, in_flight=1_000), batch(2, BIA, 3)]

    assert released(open_batches, 1_000) == {2: 3}


def test_a_users_batches_go_one_after_the_other() -> None:
    open_batches = [batch(1, ANA, 8), batch(2, ANA, 8)]

    assert released(open_batches, 10) == {1: 8, 2: 2}


def test_everyone_has_a_job_in_flight_however_many_they_are() -> None:
    open_batches = [batch(number, UUID(int=number), 5) for number in range(1, 31)]

    assert released(open_batches, 10) == dict.fromkeys(range(1, 31), 1)


def test_no_more_than_the_limit_at_once_and_everybody_a_part_of_it() -> None:
    open_batches = [batch(1, ANA, 10_000), batch(2, BIA, 10_000)]

    assert released(open_batches, 10_000, limit=100) == {1: 50, 2: 50}


def test_what_is_held_back_is_not_released() -> None:
    assert released([batch(1, ANA, 0), batch(2, BIA, 0, in_flight=4)], 10) == {}


@given(
    st.lists(
        st.builds(
            OpenBatch,
            st.uuids(),
            st.sampled_from((ANA, BIA, CAIO)),
            st.integers(0, 2_000),
            st.integers(0, 600),
        ),
        unique_by=lambda each: each.batch_id,
        max_size=12,
    ),
    st.integers(1, 1_500),
)
def test_the_window_is_filled_and_never_by_releasing_overfilled(
    open_batches: list[OpenBatch], window: int
) -> None:
    parts = dict(portions(open_batches, window=window, limit=1_000_000))

    waiting = {each.batch_id: each.waiting for each in open_batches}
    assert all(0 < jobs <= waiting[batch_id] for batch_id, jobs in parts.items())
    for user in (ANA, BIA, CAIO):
        mine = [each for each in open_batches if each.user_id == user]
        busy = sum(each.in_flight for each in mine)
        new = sum(parts.get(each.batch_id, 0) for each in mine)
        assert new == 0 or busy + new <= window + 3
        # Nobody who could use an equal share has less.
        assert busy + new >= min(window // 3, busy + sum(each.waiting for each in mine))
