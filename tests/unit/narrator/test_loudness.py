import numpy as np
import pytest

from services.narrator.loudness import Meter, Wave, product
from tests.support.sound import ebur128


def _measured(wave: Wave, sample_rate: int = 24_000) -> tuple[float, float]:
    meter = Meter(sample_rate)
    for start in range(0, len(wave), 100_003):
        meter.add(wave[start : start + 100_003])
    found = meter.measured()
    return found.lufs, found.true_peak


def _noise(seconds: float, sample_rate: int) -> Wave:
    # Louder and quieter by turns, so that both gates have something to do.
    chance = np.random.default_rng(3)
    white = chance.standard_normal(round(seconds * sample_rate))
    swell = 0.05 + 0.2 * (np.sin(np.arange(len(white)) / sample_rate) > 0)
    return (np.convolve(white, np.ones(6) / 6, "same") * swell).astype(np.float32)


@pytest.mark.parametrize("sample_rate", [24_000, 44_100, 48_000])
@pytest.mark.parametrize("seconds", [0.45, 3.0, 25.33])
def test_measures_what_an_independent_meter_does(seconds: float, sample_rate: int) -> None:
    wave = _noise(seconds, sample_rate)

    lufs, peak = _measured(wave, sample_rate)

    expected_lufs, expected_peak = ebur128(wave, sample_rate)
    assert lufs == pytest.approx(expected_lufs, abs=0.1)
    assert peak == pytest.approx(expected_peak, abs=0.15)


def test_finds_peaks_between_samples() -> None:
    # A quarter of the sample rate, an eighth of a turn off: no sample is at its peak.
    wave = (0.5 * np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4)).astype(np.float32)

    _, peak = _measured(wave)

    assert np.abs(wave).max() == pytest.approx(0.5 / np.sqrt(2), rel=1e-3)
    assert peak == pytest.approx(-6.02, abs=0.15)


def test_a_reference_tone_is_as_loud_as_the_standard_says() -> None:
    wave = np.sin(2 * np.pi * 997 * np.arange(24_000 * 5) / 24_000).astype(np.float32)

    assert _measured(wave)[0] == pytest.approx(-3.01, abs=0.05)


def test_silence_is_not_loud() -> None:
    assert _measured(np.zeros(24_000, np.float32)) == (-120.0, -120.0)


@pytest.mark.parametrize("count", [0, 3, 72, 1_000])
def test_a_product_in_portions_is_the_product(count: int) -> None:
    chance = np.random.default_rng(5)
    rows = chance.standard_normal((count, 48)).astype(np.float32)
    matrix = chance.standard_normal((48, 73)).astype(np.float32)

    assert np.allclose(product(rows, matrix), rows @ matrix, atol=1e-4)
