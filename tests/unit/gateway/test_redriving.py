from typing import Any, cast

import pytest

from services.gateway.redriving import Redriver
from services.gateway.store.redrives import Due
from shared.errors import InvalidRequestError, UnavailableError
from tests.support.letters import FakeDeadLetters, due
from tests.support.records import Record


def redriver(dead: FakeDeadLetters) -> Redriver:
    return Redriver(cast(Any, dead), dead)


def lying(dead: FakeDeadLetters, each: Due, value: bytes = b"{}") -> None:
    dead.dues.append(each)
    dead.records[each.topic, each.partition, each.at_offset] = Record(each.topic, value)


async def test_what_is_marked_is_sent_once() -> None:
    dead = FakeDeadLetters()
    for offset in range(3):
        lying(dead, due(at_offset=offset))

    assert await redriver(dead).round() == 3
    assert await redriver(dead).round() == 0

    assert [each.at_offset for _, each in dead.sent] == [0, 1, 2]
    assert set(dead.outcomes.values()) == {"sent"}


async def test_what_kafka_has_no_more_is_gone() -> None:
    dead = FakeDeadLetters()
    dead.dues.append(missing := due())

    await redriver(dead).round()

    assert dead.outcomes == {missing.letter_id: "gone"}


async def test_a_value_that_did_not_fit_is_taken_from_where_it_was() -> None:
    dead = FakeDeadLetters()
    lying(dead, large := due(elsewhere=True), b"")
    dead.records["script.adapted", 2, 40] = Record("script.adapted", b"large")

    await redriver(dead).round()

    assert dead.sent == [(b"large", large)]


async def test_what_kafka_does_not_take_is_remembered_as_such() -> None:
    dead = FakeDeadLetters(refused=InvalidRequestError)
    lying(dead, large := due())

    await redriver(dead).round()

    assert dead.outcomes == {large.letter_id: "too_large"}


async def test_an_outage_loses_nothing() -> None:
    dead = FakeDeadLetters(refused=UnavailableError)
    lying(dead, due())

    with pytest.raises(UnavailableError):
        await redriver(dead).round()
    dead.refused = None
    await redriver(dead).round()

    assert len(dead.sent) == 1
