import pytest

from services.narrator.retiming import retimed
from tests.support.sound import loudest_hertz, sine


def test_what_is_right_already_is_left_alone() -> None:
    samples = sine(1)

    assert retimed(samples, 24_000) is samples


def test_another_sample_rate_changes_neither_length_nor_pitch() -> None:
    samples = retimed(sine(2, sample_rate=22_050), 22_050)

    assert len(samples) / 24_000 == pytest.approx(2, abs=0.001)
    assert loudest_hertz(samples, 24_000) == pytest.approx(220, abs=1)


@pytest.mark.parametrize("rate", [0.25, 0.5, 0.8, 1.5, 2.0])
def test_faster_keeps_the_pitch(rate: float) -> None:
    samples = retimed(sine(4), 24_000, rate=rate)

    assert len(samples) / 24_000 == pytest.approx(4 / rate, rel=0.01)
    assert loudest_hertz(samples, 24_000) == pytest.approx(220, rel=0.02)


@pytest.mark.parametrize(("pitch", "hertz"), [(12, 440), (-12, 110), (7, 329.6)])
def test_higher_keeps_the_length(pitch: float, hertz: float) -> None:
    samples = retimed(sine(4, sample_rate=22_050), 22_050, pitch=pitch)

    assert len(samples) / 24_000 == pytest.approx(4, rel=0.01)
    assert loudest_hertz(samples, 24_000) == pytest.approx(hertz, rel=0.02)


def test_faster_and_higher_at_once() -> None:
    samples = retimed(sine(4), 24_000, rate=2.0, pitch=12)

    assert len(samples) / 24_000 == pytest.approx(2, rel=0.02)
    assert loudest_hertz(samples, 24_000) == pytest.approx(440, rel=0.02)
