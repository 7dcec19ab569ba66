from dataclasses import replace

import numpy as np
import pytest

from services.narrator import encoding, finishing, mastering
from services.narrator.encoding import Encoder
from services.narrator.finishing import Take
from services.narrator.loudness import Measured, Meter, Wave
from services.narrator.mastering import Master
from services.narrator.samples import Samples
from shared.vocabulary import AudioFormat, Profile
from tests.support.sound import speechlike


class Encodes:
    """Encodes a sound, and keeps how it was told to."""

    def __init__(self, samples: Samples, format: AudioFormat, profile: Profile) -> None:
        self.samples = samples
        self.how = encoding.encoding_for(format, profile)
        self.target = mastering.TARGETS[profile]
        self.masters: list[Master] = []

    def __call__(self, master: Master) -> bytes:
        self.masters.append(master)
        encoder = Encoder(self.how, {})
        encoder.write(master.applied(self.samples, at=0))
        return encoder.finish()

    def finished(self) -> Take:
        sound = measured(self.samples.astype(np.float32) / np.float32(32_768))
        return finishing.finished(sound, target=self.target, how=self.how, encode=self)


def measured(wave: Wave) -> Measured:
    meter = Meter(24_000)
    meter.add(wave)
    return meter.measured()


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("format", AudioFormat)
def test_one_take_is_enough(profile: Profile, format: AudioFormat) -> None:
    encodes = Encodes(speechlike(12, 600), format, profile)

    take = encodes.finished()

    assert len(encodes.masters) == 1
    assert take.beside == pytest.approx(0, abs=0.5)
    assert take.heard.true_peak <= encodes.target.peak


def test_a_peak_that_encoding_raised_is_lowered_in_another() -> None:
    encodes = Encodes(speechlike(12, 600), AudioFormat.OPUS, Profile.YOUTUBE)
    encodes.how = replace(encodes.how, headroom=0.0, pressed=0.0)

    take = encodes.finished()

    assert len(encodes.masters) > 1
    assert take.heard.true_peak <= encodes.target.peak
