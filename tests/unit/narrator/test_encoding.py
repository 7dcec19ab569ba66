import io

import av
import numpy as np
import pytest

from services.narrator.encoding import Encoder, Encoding, Mark, encoding_for, measured
from services.narrator.loudness import Wave
from shared.vocabulary import AudioFormat, Profile
from tests.support.sound import decibels, decoded, sine

MP3 = encoding_for(AudioFormat.MP3, Profile.PODCAST)
MARKS = (Mark("Começo", 0.0, 1.25), Mark("世界", 1.25, 3.0))


def _wave(seconds: float) -> Wave:
    return sine(seconds).astype(np.float32) / np.float32(32_768)


def _encoded(
    tags: dict[str, str], *parts: Wave, encoding: Encoding = MP3, marks: tuple[Mark, ...] = ()
) -> bytes:
    encoder = Encoder(encoding, tags, marks)
    for part in parts:
        encoder.write(part)
    return encoder.finish()


@pytest.mark.parametrize("profile", [Profile.PODCAST, Profile.ACX])
@pytest.mark.parametrize("format", AudioFormat)
@pytest.mark.parametrize("seconds", [0.3, 1.0, 7.77])
def test_the_file_is_exactly_as_long_as_the_sound(
    format: AudioFormat, profile: Profile, seconds: float
) -> None:
    file = _encoded({}, _wave(seconds), encoding=encoding_for(format, profile))

    samples, rate, _ = decoded(file)
    with av.open(io.BytesIO(file), "r") as container:
        said = (container.duration or 0) / av.time_base
    assert len(samples) / rate == pytest.approx(seconds, abs=0.01)
    assert said == pytest.approx(seconds, abs=0.03)


def test_players_are_told_the_length() -> None:
    assert b"Info" in _encoded({}, _wave(1))[:1_000]


def test_an_audiobook_store_gets_what_it_takes() -> None:
    with av.open(
        io.BytesIO(_encoded({}, _wave(1), encoding=encoding_for(AudioFormat.MP3, Profile.ACX)))
    ) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.bit_rate) == (44_100, 192_000)


def test_parts_become_one_sound() -> None:
    whole = _wave(3)

    samples, _, _ = decoded(_encoded({}, whole[:10_001], whole[10_001:50_000], whole[50_000:]))

    assert decibels(samples[24_000:48_000]) == pytest.approx(decibels(sine(3)), abs=1)
    assert np.abs(samples[1_200:-1_200] - sine(3)[1_200 : len(samples) - 1_200]).max() < 1_500


@pytest.mark.parametrize("format", AudioFormat)
def test_it_says_what_it_is(format: AudioFormat) -> None:
    tags = {"title": "O segredo das abelhas 世界", "artist": "Clara", "language": "pt-BR"}
    file = _encoded(tags, _wave(1), encoding=encoding_for(format, Profile.PODCAST))

    with av.open(io.BytesIO(file), "r") as container:
        found = dict(container.metadata) | dict(container.streams.audio[0].metadata)

    assert tags.items() <= found.items()


@pytest.mark.parametrize("format", [AudioFormat.MP3, AudioFormat.OPUS])
def test_it_has_its_chapters(format: AudioFormat) -> None:
    encoding = encoding_for(format, Profile.PODCAST)

    with av.open(
        io.BytesIO(_encoded({}, _wave(3), encoding=encoding, marks=MARKS)), "r"
    ) as container:
        chapters = container.chapters()

    assert [chapter["metadata"]["title"] for chapter in chapters] == ["Começo", "世界"]
    assert [chapter["start"] * (chapter["time_base"] or 0) for chapter in chapters] == [0, 1.25]


def test_what_is_not_known_is_not_said() -> None:
    _, _, found = decoded(_encoded({"title": "", "artist": "Clara"}, _wave(1)))

    assert "title" not in found


def test_the_same_sound_makes_the_same_file() -> None:
    assert _encoded({"title": "a"}, _wave(1)) == _encoded({"title": "a"}, _wave(1))


@pytest.mark.parametrize("format", AudioFormat)
def test_what_is_heard_of_a_file_is_measured(format: AudioFormat) -> None:
    encoding = encoding_for(format, Profile.PODCAST)
    file = _encoded({}, _wave(3), encoding=encoding)

    heard = measured(file)

    assert heard.true_peak == pytest.approx(-12.2, abs=0.5)
    assert heard.rms == pytest.approx(-15.3 - encoding.loss, abs=0.1)
