import base64
import dataclasses
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from shared import catalogue, quota
from shared.errors import (
    BadSpeechError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TransientError,
)
from shared.providers import tts
from shared.providers.tts import TextToSpeech
from tests.support.gemini import FAULTS
from tests.support.google_tts import wav
from tests.support.provider_http import Endpoint, Request, Response, serving
from tests.support.quota import FakeLedger

KORE = catalogue.voice("pt-BR-Gemini38-Kore")
OLD = dataclasses.replace(KORE, model="gemini-3.1-flash-tts-preview")
USAGE = {"promptTokenCount": 3, "candidatesTokenCount": 25, "totalTokenCount": 28}

Connect = Callable[..., TextToSpeech]


def said(audio: bytes, mime_type: str = "audio/wav", finish: str = "STOP") -> dict[str, Any]:
    data = {"mimeType": mime_type, "data": base64.b64encode(audio).decode()}
    parts = [{"inlineData": data}] if audio else []
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish}
    return {"candidates": [candidate], "usageMetadata": USAGE, "modelVersion": "tts-002"}


UNKNOWN = {"code": 400, "status": "INVALID_ARGUMENT", "message": 'Unknown name "voice"'}
ANSWERS = {
    "raw": said(b"\x00\x10" * 12_000, "audio/L16;codec=pcm;rate=12000"),
    "cut": said(wav(seconds=1), finish="MAX_TOKENS"),
    "mute": said(b""),
}


def answer(request: Request) -> Response:
    key = request.headers["x-goog-api-key"]
    if key == "v1-knows-nothing" and request.path.startswith("/v1/"):
        return Response({"error": UNKNOWN}, 400)
    if key in FAULTS:
        status, body = FAULTS[key]
        return Response(body, status)
    return Response(ANSWERS.get(key) or said(wav(seconds=1)))


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with serving(answer) as server:
        yield server


@pytest.fixture
async def connect(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    opened: list[TextToSpeech] = []
    monkeypatch.setattr(quota, "Ledger", FakeLedger)

    def connect(keys: str = "good", **settings: str) -> TextToSpeech:
        given = {"GEMINI_BASE_URL": server.url, "GEMINI_API_KEYS": keys} | settings
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        opened.append(tts.create("gemini"))
        return opened[-1]

    yield connect
    for provider in opened:
        await provider.aclose()


async def test_asks_as_the_documentation_says(connect: Connect, server: Endpoint) -> None:
    await connect("alpha:good").speak("Olá", voice=KORE, style="calm")

    (request,) = server.requests
    config = request.body["generationConfig"]
    assert request.path == "/v1/models/gemini-3.8-flash-tts:generateContent"
    assert request.headers["x-goog-api-key"] == "good"
    assert request.body["contents"][0]["parts"] == [
        {"text": "Olá", "speechMetadata": {"style": "calm"}}
    ]
    assert config["responseModalities"] == ["AUDIO"]
    assert config["speechConfig"] == {"voice_config": {"voice": "Kore"}}
    assert "systemInstruction" not in request.body


async def test_answers_with_samples_the_model_the_project_and_what_it_cost(
    connect: Connect,
) -> None:
    speech = await connect("alpha:good").speak("Olá", voice=KORE)

    assert (speech.sample_rate, speech.seconds) == (24_000, 1.0)
    assert (speech.model, speech.domain) == ("tts-002", "alpha")
    assert (speech.input_tokens, speech.output_tokens) == (3, 25)
    assert not speech.pcm.startswith(b"RIFF")


async def test_samples_without_a_header_are_taken_as_they_are(connect: Connect) -> None:
    speech = await connect("raw").speak("Olá", voice=KORE)

    assert (speech.sample_rate, speech.seconds) == (12_000, 1.0)
    assert speech.pcm[:4] == b"\x00\x10\x00\x10"


async def test_older_models_are_asked_in_other_words_and_told_nothing_they_would_speak(
    connect: Connect, server: Endpoint
) -> None:
    provider = connect()

    await provider.speak("Olá", voice=OLD, style="calm")

    body = server.requests[0].body
    assert body["contents"][0]["parts"] == [{"text": "Olá"}]
    voice = body["generationConfig"]["speechConfig"]["voice_config"]
    assert "Kore" in str(voice)
    assert "voice" not in voice
    assert not provider.capabilities(OLD).style
    assert provider.capabilities(KORE).style


async def test_where_v1_has_not_learnt_of_speech_v1beta_is_asked_and_remembered(
    connect: Connect, server: Endpoint
) -> None:
    provider = connect("v1-knows-nothing")

    await provider.speak("Olá", voice=KORE)
    await provider.speak("Olá", voice=KORE)

    assert [request.path.split("/")[1] for request in server.requests] == [
        *("v1", "v1beta", "v1beta")
    ]


async def test_a_key_that_is_refused_gives_way_to_the_next(
    connect: Connect, server: Endpoint
) -> None:
    await connect("a:bad,b:minute,c:good").speak("Olá", voice=KORE)

    keys = [request.headers["x-goog-api-key"] for request in server.requests]
    assert keys[-1] == "good"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("minute", RateLimitedError),
        ("day", RateLimitedError),
        ("spend", RateLimitedError),
        ("prepaid", RefusedError),
        ("bad", RefusedError),
        ("leaked", RefusedError),
        ("gone", RefusedError),
        ("overloaded", TransientError),
        ("garbage", TransientError),
        ("blocked", RefusedError),
        ("unsafe", RefusedError),
        ("disabled", RefusedError),
        ("cut", BadSpeechError),
        ("mute", BadSpeechError),
        ("silent", BadSpeechError),
    ],
)
async def test_a_failure_is_mapped_and_names_no_key(
    connect: Connect, key: str, expected: type[PipelineError]
) -> None:
    with pytest.raises(expected) as failure:
        await connect(key).speak("Olá", voice=KORE)

    assert isinstance(failure.value, RateLimitedError) == (expected is RateLimitedError)
    assert f"{key}." not in str(failure.value)


async def test_an_answer_that_does_not_come_is_transient(
    connect: Connect, server: Endpoint
) -> None:
    server.answer = lambda request: dataclasses.replace(answer(request), held=True)

    with pytest.raises(TransientError, match="no answer in"):
        await connect(GEMINI_TTS_TIMEOUT_SECONDS="0.3").speak("Olá", voice=KORE)


async def test_a_server_that_is_not_there_is_transient(connect: Connect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = connect(GEMINI_BASE_URL=f"http://127.0.0.1:{free.getsockname()[1]}")

    with pytest.raises(TransientError, match="cannot be reached"):
        await gone.speak("Olá", voice=KORE)


def test_speaks_only_where_there_are_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEYS", "GEMINI_API_KEY", "GEMINI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    assert "gemini" not in tts.configured()
    with pytest.raises(RefusedError, match="GEMINI_API_KEYS"):
        tts.create("gemini")


def test_google_comes_first_and_the_machine_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_TTS_API_KEYS", "one")
    monkeypatch.setenv("GEMINI_API_KEYS", "two")
    monkeypatch.setenv("OPENAI_TTS_MODEL", "tts-1")

    assert tts.configured()[:3] == ("google", "gemini", "openai")
    assert "tone" not in tts.configured()
