from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from shared.errors import StoppedError
from shared.runtime.crowd import Crowd
from tests.support.builders import script_adapted

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_what_is_more_than_one_users_part_is_given_back(held: ExitStack) -> None:
    crowd = Crowd(2)
    for _ in range(2):
        held.enter_context(crowd.place(script_adapted(user_id=ONE)))

    with pytest.raises(StoppedError, match="2 jobs") as stopped:
        held.enter_context(crowd.place(script_adapted(user_id=ONE)))

    assert stopped.value.why == "waiting"
    held.enter_context(crowd.place(script_adapted(user_id=OTHER)))


def test_what_was_given_back_before_is_taken(held: ExitStack) -> None:
    crowd = Crowd(1)

    held.enter_context(crowd.place(script_adapted(user_id=ONE)))
    held.enter_context(crowd.place(script_adapted(user_id=ONE, parking=1)))


def test_a_place_is_free_again_when_its_record_is_settled() -> None:
    crowd = Crowd(1)

    for _ in range(3):
        with crowd.place(script_adapted(user_id=ONE)):
            pass
