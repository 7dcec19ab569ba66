import dataclasses
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from shared import catalogue
from shared.errors import (
    BadSpeechError,
    BrokenError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TransientError,
)
from shared.providers import tts
from shared.providers.tts import TextToSpeech
from tests.support.google_tts import wav
from tests.support.provider_http import Endpoint, Request, Response, serving

VOICE = catalogue.voice("openai:pt-BR:nova")

Connect = Callable[..., TextToSpeech]

FAULTS = {
    "busy": Response({"error": {"message": "slow down"}}, 429, {"retry-after": "17"}),
    "spent": Response({"error": {"code": "insufficient_quota"}}, 429),
    "busy-ms": Response("slow down", 429, {"retry-after-ms": "1500"}),
    "at-its-limit": Response({"error": {"code": "billing_hard_limit_reached"}}, 429),
    "not-active": Response({"error": {"code": "billing_not_active"}}, 429),
    "broken": Response("oops", 500),
    "stranger": Response({"error": {"message": "no key sesame"}}, 401),
    "no-such-model": Response({"error": {"message": "model not found"}}, 404),
    "talks": Response("<html>hello</html>"),
    "mute": Response(wav(seconds=0)),
}


def answer(request: Request) -> Response:
    return FAULTS.get(request.body["model"], Response(wav(seconds=1)))


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with serving(answer) as server:
        yield server


@pytest.fixture
async def connect(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    opened: list[TextToSpeech] = []

    def connect(model: str = "kokoro", **settings: str) -> TextToSpeech:
        given = {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_TTS_MODEL": model} | settings
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        opened.append(tts.create("openai"))
        return opened[-1]

    yield connect
    for provider in opened:
        await provider.aclose()


async def test_asks_for_the_voice_by_the_servers_name_and_returns_samples(
    connect: Connect, server: Endpoint
) -> None:
    speech = await connect(OPENAI_API_KEY="sesame").speak("Olá", voice=VOICE, rate=1.5, pitch=3)

    (request,) = server.requests
    assert request.path == "/v1/audio/speech"
    assert request.headers["authorization"] == "Bearer sesame"
    asked = {"model": "kokoro", "voice": "nova", "input": "Olá", "response_format": "wav"}
    assert request.body == asked | {"speed": 1.5}
    assert (speech.sample_rate, speech.seconds, speech.model) == (24_000, 1.0, "kokoro")


async def test_models_that_take_direction_are_given_it_and_no_speed(
    connect: Connect, server: Endpoint
) -> None:
    provider = connect("gpt-4o-mini-tts")

    await provider.speak("Olá", voice=VOICE, rate=1.5, style="calm")

    assert server.requests[0].body["instructions"] == "calm"
    assert "speed" not in server.requests[0].body
    assert provider.capabilities(VOICE).style
    assert not provider.capabilities(VOICE).rate


async def test_other_models_are_given_no_direction(connect: Connect, server: Endpoint) -> None:
    await connect("tts-1").speak("Olá", voice=VOICE, style="calm")

    assert server.requests[0].body.keys() == {"model", "voice", "input", "response_format"}


async def test_speech_may_have_a_server_of_its_own(connect: Connect, server: Endpoint) -> None:
    provider = connect(OPENAI_BASE_URL="http://127.0.0.1:1/v1", OPENAI_TTS_BASE_URL=server.url)

    await provider.speak("Olá", voice=VOICE)

    assert server.requests[0].path == "/audio/speech"


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("busy", RateLimitedError),
        ("broken", BrokenError),
        ("spent", RefusedError),
        ("at-its-limit", RefusedError),
        ("not-active", RefusedError),
        ("stranger", RefusedError),
        ("no-such-model", RefusedError),
        ("talks", BadSpeechError),
        ("mute", BadSpeechError),
    ],
)
async def test_a_failure_is_mapped_and_names_no_key(
    connect: Connect, model: str, expected: type[PipelineError]
) -> None:
    with pytest.raises(expected) as failure:
        await connect(model, OPENAI_API_KEY="sesame").speak("Olá", voice=VOICE)

    assert type(failure.value) is expected
    assert "sesame" not in str(failure.value)


@pytest.mark.parametrize(("model", "seconds"), [("busy", 17), ("busy-ms", 1.5)])
async def test_a_limit_says_how_long_to_wait(connect: Connect, model: str, seconds: float) -> None:
    with pytest.raises(RateLimitedError) as limit:
        await connect(model).speak("Olá", voice=VOICE)

    assert limit.value.retry_after == seconds


async def test_an_answer_that_does_not_come_is_transient(
    connect: Connect, server: Endpoint
) -> None:
    server.answer = lambda request: dataclasses.replace(answer(request), held=True)

    with pytest.raises(TransientError, match="no speech in"):
        await connect(OPENAI_TTS_TIMEOUT_SECONDS="0.2").speak("Olá", voice=VOICE)


async def test_a_server_that_is_not_there_is_transient(connect: Connect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = connect(OPENAI_BASE_URL=f"http://127.0.0.1:{free.getsockname()[1]}")

    with pytest.raises(TransientError, match="cannot be reached"):
        await gone.speak("Olá", voice=VOICE)


def test_speaks_only_where_a_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_TTS_MODEL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")

    assert "openai" not in tts.configured()
    with pytest.raises(RefusedError, match="OPENAI_TTS_MODEL"):
        tts.create("openai")
