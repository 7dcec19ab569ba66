import numpy as np
import pytest

from services.narrator.encoding import Mp3
from tests.support.sound import decibels, decoded, sine


def _encoded(tags: dict[str, str], *parts: np.ndarray) -> bytes:
    mp3 = Mp3(tags)
    for part in parts:
        mp3.write(part)
    return mp3.finish()


@pytest.mark.parametrize("seconds", [0.3, 1.0, 7.77])
def test_the_file_is_exactly_as_long_as_the_sound(seconds: float) -> None:
    samples, rate, _ = decoded(_encoded({}, sine(seconds)))

    assert rate == 24_000
    assert len(samples) == pytest.approx(seconds * 24_000, abs=24)


def test_players_are_told_the_length() -> None:
    assert b"Info" in _encoded({}, sine(1))[:1_000]


def test_parts_become_one_sound() -> None:
    whole = sine(3)

    samples, _, _ = decoded(_encoded({}, whole[:10_001], whole[10_001:50_000], whole[50_000:]))

    assert decibels(samples[24_000:48_000]) == pytest.approx(decibels(whole), abs=1)
    assert np.abs(samples[1_200:-1_200] - whole[1_200 : len(samples) - 1_200]).max() < 1_500


def test_it_says_what_it_is() -> None:
    tags = {"title": "O segredo das abelhas 世界", "artist": "Clara", "language": "pt-BR"}

    _, _, found = decoded(_encoded(tags, sine(1)))

    assert tags.items() <= found.items()


def test_what_is_not_known_is_not_said() -> None:
    _, _, found = decoded(_encoded({"title": "", "artist": "Clara"}, sine(1)))

    assert "title" not in found


def test_the_same_sound_makes_the_same_file() -> None:
    assert _encoded({"title": "a"}, sine(1)) == _encoded({"title": "a"}, sine(1))
