import io
import sys
from types import ModuleType, SimpleNamespace

import av
import numpy as np
import pytest
import requests

from shared import catalogue
from shared.errors import (
    BadSpeechError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TransientError,
)
from shared.providers import tts
from shared.providers.tts import TextToSpeech, gtts
from tests.support.sound import sine

VOICE = catalogue.voice("gtts:cmn-CN")


class FakeError(Exception):
    def __init__(self, status: int | None) -> None:
        super().__init__(f"{status} from TTS API")
        self.rsp = SimpleNamespace(status_code=status) if status else None


class FakeGtts:
    asked: list[tuple[str, str]]
    failure: Exception | None

    def __init__(self, text: str, *, lang: str, lang_check: bool, timeout: float) -> None:
        assert text.strip(), "No text to speak"
        self.asked.append((text, lang))

    def write_to_fp(self, file: io.BytesIO) -> None:
        if self.failure is not None:
            raise self.failure
        file.write(mp3(1.0))


def mp3(seconds: float) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("mp3", rate=24_000, layout="mono")
        samples = sine(seconds).reshape(1, -1).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 24_000
        for each in av.AudioResampler("s16p", "mono", 24_000).resample(frame):
            out.mux(stream.encode(each))
        out.mux(stream.encode(None))
    return file.getvalue()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeGtts]:
    FakeGtts.asked, FakeGtts.failure = [], None
    module = ModuleType("gtts")
    vars(module).update(gTTS=FakeGtts, gTTSError=FakeError, __spec__=SimpleNamespace())
    monkeypatch.setitem(sys.modules, "gtts", module)
    monkeypatch.setenv("GTTS_ENABLED", "true")
    return FakeGtts


@pytest.fixture
def translate(fake: type[FakeGtts]) -> TextToSpeech:
    return tts.create("gtts")


async def test_speaks_the_language_by_the_services_name(
    translate: TextToSpeech, fake: type[FakeGtts]
) -> None:
    speech = await translate.speak("你好", voice=VOICE)

    assert fake.asked == [("你好", "zh-CN")]
    assert speech.sample_rate == 24_000
    assert speech.seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (FakeError(429), RateLimitedError),
        (FakeError(503), TransientError),
        (FakeError(None), TransientError),
        (FakeError(403), RefusedError),
        (requests.ConnectionError("gone"), TransientError),
    ],
)
async def test_a_failure_is_mapped(
    translate: TextToSpeech,
    fake: type[FakeGtts],
    failure: Exception,
    expected: type[PipelineError],
) -> None:
    fake.failure = failure

    with pytest.raises(expected) as error:
        await translate.speak("你好", voice=VOICE)

    assert type(error.value) is expected


async def test_nothing_to_speak_is_bad_speech(translate: TextToSpeech) -> None:
    with pytest.raises(BadSpeechError):
        await translate.speak(" ", voice=VOICE)


def test_speaks_only_where_somebody_allowed_it(
    fake: type[FakeGtts], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gtts.configured()

    monkeypatch.delenv("GTTS_ENABLED")

    assert not gtts.configured()
    with pytest.raises(RefusedError, match="GTTS_ENABLED"):
        tts.create("gtts")


def test_is_never_chosen_for_somebody(fake: type[FakeGtts]) -> None:
    assert "gtts" not in tts.configured()
