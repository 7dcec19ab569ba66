import pytest

from services.narrator.pace import Paces, limits


def test_a_pace_is_known_once_a_voice_has_been_heard_often_enough() -> None:
    paces = Paces()
    paces.heard("Clara", seconds=12, expected=10)

    assert paces.usual("Clara") is None
    assert paces.usual("Bruno") is None


def test_one_bad_speech_does_not_change_what_is_usual() -> None:
    paces = Paces()

    for seconds in (12, 12, 3, 12, 12):
        paces.heard("Clara", seconds=seconds, expected=10)

    assert paces.usual("Clara") == pytest.approx(1.2)


def test_speech_may_be_a_little_off() -> None:
    shortest, longest = limits(20)

    assert 12 < shortest < 16
    assert 24 < longest < 32
