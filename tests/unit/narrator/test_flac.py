import numpy as np
import pytest

from services.narrator import flac
from tests.support.sound import sine


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 24_000, 48_000])
def test_every_sample_comes_back(sample_rate: int) -> None:
    samples = sine(1.2345, sample_rate=sample_rate)

    back, rate = flac.unpack(flac.pack(samples, sample_rate))

    assert rate == sample_rate
    assert np.array_equal(back, samples)


def test_is_smaller_than_the_samples() -> None:
    samples = sine(10)

    assert len(flac.pack(samples, 24_000)) < 0.7 * samples.nbytes
