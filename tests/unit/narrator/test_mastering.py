import numpy as np
import pytest

from services.narrator.loudness import Measured, Meter, Wave
from services.narrator.mastering import TARGETS, mastered
from services.narrator.samples import Samples
from shared.vocabulary import Profile
from tests.support.sound import speechlike


def _measured(wave: Wave) -> Measured:
    meter = Meter(24_000)
    meter.add(wave)
    return meter.measured()


def _after(samples: Samples, profile: Profile, ceiling: float) -> Measured:
    target = TARGETS[profile]
    before = _measured(samples.astype(np.float32) / np.float32(32_768))
    master = mastered(before, target=target, level=target.level, ceiling=ceiling)
    parts = [
        master.applied(samples[at : at + 24_000], at=at) for at in range(0, len(samples), 24_000)
    ]
    return _measured(np.concatenate(parts))


@pytest.mark.parametrize("level", [150, 600, 9_000])
@pytest.mark.parametrize("profile", Profile)
def test_sound_is_brought_to_its_target_under_its_ceiling(profile: Profile, level: float) -> None:
    after = _after(speechlike(20, level), profile, ceiling=-2.0)

    target = TARGETS[profile]
    assert target.level_of(after) == pytest.approx(target.level, abs=0.2)
    assert after.true_peak <= -1.95


def test_what_needs_no_limiter_gets_one_gain_and_nothing_else() -> None:
    samples = speechlike(5, 3_000)
    before = _measured(samples.astype(np.float32) / np.float32(32_768))

    master = mastered(before, target=TARGETS[Profile.BROADCAST], level=-23.0, ceiling=-1.0)

    assert master.envelope is None
    assert np.allclose(master.applied(samples, at=0) * 32_768, samples * master.gain, atol=1e-2)


def test_the_envelope_falls_before_a_peak_and_rises_after_it() -> None:
    samples = np.full(48_000, 1_000, np.int16)
    samples[24_000:24_024] = 30_000
    before = _measured(samples.astype(np.float32) / np.float32(32_768))

    master = mastered(before, target=TARGETS[Profile.BROADCAST], level=-15.0, ceiling=-12.0)

    assert master.envelope is not None
    around = master.envelope[900:1_300]
    assert around.argmin() == pytest.approx(100, abs=2)
    assert np.abs(np.diff(20 * np.log10(around))).max() < 1.6
