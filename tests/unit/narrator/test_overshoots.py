import numpy as np
import pytest

from services.narrator.loudness import Measured
from services.narrator.mastering import overshoots


def heard(peaks: list[float]) -> Measured:
    nothing = np.zeros(1)
    found = np.array(peaks, np.float32)
    return Measured(nothing, nothing, found, np.square(found))


def test_only_what_is_too_high_is_lowered_and_a_little_around_it() -> None:
    peaks = [0.5] * 100
    peaks[50] = 1.0

    lowered = overshoots(heard(peaks), peak=-1.0, milliseconds=100)

    assert lowered[50] == pytest.approx(1.8, abs=0.01)
    assert np.flatnonzero(lowered).tolist() == list(range(44, 57))


def test_another_sample_rate_is_the_same_place() -> None:
    peaks = [0.5] * 102
    peaks[51] = 1.0

    lowered = overshoots(heard(peaks), peak=-1.0, milliseconds=100)

    assert abs(int(np.flatnonzero(lowered).mean()) - 50) <= 1


def test_what_is_low_enough_is_left_alone() -> None:
    assert not overshoots(heard([0.5] * 10), peak=-1.0, milliseconds=10).any()
