import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from hashlib import sha256

import pytest

from shared import catalogue
from shared.catalogue import Voice
from shared.errors import (
    BadSpeechError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TransientError,
)
from shared.providers import tts
from shared.providers.tts import TextToSpeech, google
from tests.support.google_tts import GoogleServer, serve, wav

KORE = catalogue.voice("pt-BR-Chirp3-HD-Kore")
GEMINI = catalogue.voice("pt-BR-Gemini-Kore")
WAVENET = catalogue.voice("pt-BR-Wavenet-A")

Connect = Callable[..., TextToSpeech]


@pytest.fixture
async def server() -> AsyncIterator[GoogleServer]:
    async with serve() as server:
        yield server


@pytest.fixture
async def connect(server: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    opened: list[TextToSpeech] = []

    def connect(keys: str = "good", **settings: str) -> TextToSpeech:
        given = {"GOOGLE_TTS_ENDPOINT": server.endpoint, "GOOGLE_TTS_API_KEYS": keys} | settings
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        opened.append(tts.create("google"))
        return opened[-1]

    yield connect
    for provider in opened:
        await provider.aclose()


async def test_speaks_without_the_header_of_the_file(connect: Connect) -> None:
    speech = await connect().speak("a" * 20, voice=KORE)

    assert (speech.sample_rate, speech.seconds) == (24_000, 1.0)
    assert speech.model == "chirp3-hd"
    assert not speech.pcm.startswith(b"RIFF")


async def test_asks_for_the_voice_by_its_full_name(connect: Connect, server: GoogleServer) -> None:
    await connect().speak("Olá", voice=KORE, rate=1.5, pitch=3)

    (request,) = server.requests
    assert (request.voice.name, request.voice.language_code) == (KORE.id, "pt-BR")
    assert (request.audio_config.speaking_rate, request.audio_config.pitch) == (1.5, 0)


async def test_older_families_can_be_pitched(connect: Connect, server: GoogleServer) -> None:
    await connect().speak("Olá", voice=WAVENET, pitch=3)

    assert server.requests[0].audio_config.pitch == 3


async def test_gemini_voices_are_asked_for_with_a_model_and_nothing_else(
    connect: Connect, server: GoogleServer
) -> None:
    await connect().speak("Olá", voice=GEMINI, rate=1.5, pitch=3)

    (request,) = server.requests
    assert (request.voice.name, request.voice.model_name) == ("Kore", GEMINI.model)
    assert (request.audio_config.speaking_rate, request.audio_config.pitch) == (0, 0)


async def test_direction_travels_beside_the_text_to_voices_that_take_it(
    connect: Connect, server: GoogleServer
) -> None:
    await connect().speak("Olá", voice=GEMINI, style="calm")
    await connect().speak("Olá", voice=KORE, style="calm")

    assert [request.input.prompt for request in server.requests] == ["calm", ""]
    assert [request.input.text for request in server.requests] == ["Olá", "Olá"]


@pytest.mark.parametrize(
    ("voice", "text", "markup"),
    [
        (KORE, "Um.\n\nDois.", "Um. [pause long] Dois."),
        (KORE, "Um. Dois.", ""),
        (KORE, "Um [nota].\n\nDois.", ""),
        (WAVENET, "Um.\n\nDois.", ""),
        (GEMINI, "Um.\n\nDois.", ""),
        (catalogue.voice("cs-CZ-Chirp3-HD-Kore"), "Raz.\n\nDva.", ""),
        (KORE, "a.\n\n" * 1_000, ""),
    ],
)
async def test_a_paragraph_that_ends_is_a_pause_where_the_voice_knows_pauses(
    connect: Connect, server: GoogleServer, voice: Voice, text: str, markup: str
) -> None:
    await connect().speak(text, voice=voice)

    (request,) = server.requests
    assert (request.input.markup, request.input.text) == (markup, "" if markup else text)


async def test_an_answer_may_be_larger_than_grpc_likes(
    connect: Connect, server: GoogleServer
) -> None:
    server.answer = lambda text: wav(seconds=150)

    speech = await connect().speak("Olá", voice=KORE)

    assert speech.seconds == 150


async def test_keys_take_turns(connect: Connect, server: GoogleServer) -> None:
    provider = connect("alpha:one, two")

    for _ in range(3):
        await provider.speak("Olá", voice=KORE)

    assert server.keys == ["one", "two", "one"]


async def test_a_key_that_is_refused_gives_way_to_the_next(
    connect: Connect, server: GoogleServer
) -> None:
    await connect("bad-one,good").speak("Olá", voice=KORE)

    assert server.keys == ["bad-one", "good"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("429-secret", RateLimitedError),
        ("503-secret", TransientError),
        ("500-secret", TransientError),
        ("bad-secret", RefusedError),
    ],
)
async def test_a_failure_is_mapped_and_names_no_key(
    connect: Connect, key: str, expected: type[PipelineError]
) -> None:
    with pytest.raises(expected) as failure:
        await connect(key).speak("Olá", voice=KORE)

    assert type(failure.value).__mro__.index(expected) <= 1
    assert "secret" not in str(failure.value)
    assert failure.value.__suppress_context__


async def test_speech_says_whose_quota_it_used(connect: Connect) -> None:
    speech = await connect("alpha:good").speak("Olá", voice=KORE)

    assert speech.domain == "alpha"


async def test_a_limit_says_how_long_to_wait(connect: Connect) -> None:
    with pytest.raises(RateLimitedError) as limit:
        await connect("429").speak("Olá", voice=KORE)

    assert limit.value.retry_after == pytest.approx(17, abs=1)


async def test_a_text_that_is_too_long_is_refused(connect: Connect) -> None:
    with pytest.raises(RefusedError, match="5000 bytes"):
        await connect().speak("a" * 5_001, voice=KORE)


async def test_an_answer_that_does_not_come_is_transient(
    connect: Connect, server: GoogleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(request: object, context: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(GoogleServer, "synthesize", never)
    async with serve() as silent:
        slow = connect(GOOGLE_TTS_ENDPOINT=silent.endpoint, GOOGLE_TTS_TIMEOUT_SECONDS="0.1")

        with pytest.raises(TransientError):
            await slow.speak("Olá", voice=KORE)


async def test_nobody_there_is_transient(connect: Connect) -> None:
    gone = connect(GOOGLE_TTS_ENDPOINT="127.0.0.1:1", GOOGLE_TTS_TIMEOUT_SECONDS="5")

    with pytest.raises(TransientError):
        await gone.speak("Olá", voice=KORE)


@pytest.mark.parametrize("answer", [b"", b"RIFFnonsense", wav(seconds=0)])
async def test_an_answer_without_audio_is_bad_speech(
    connect: Connect, server: GoogleServer, answer: bytes
) -> None:
    server.answer = lambda text: answer

    with pytest.raises(BadSpeechError):
        await connect().speak("Olá", voice=KORE)


async def test_nobody_listening_is_no_overloaded_model(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(TransientError, match="cannot be reached") as failure:
        await connect(GOOGLE_TTS_ENDPOINT=endpoint).speak("Olá", voice=KORE)

    assert failure.value.retry_after == 2


async def test_a_service_account_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    provider = connect(
        "", GOOGLE_TTS_ENDPOINT="", GOOGLE_APPLICATION_CREDENTIALS="/nowhere/account.json"
    )

    with pytest.raises(RefusedError, match="service account"):
        await provider.speak("Olá", voice=KORE)


@pytest.mark.parametrize(
    ("voice", "limit", "rate", "pitch"),
    [(KORE, 4_800, True, False), (WAVENET, 4_800, True, True), (GEMINI, 4_000, False, False)],
    ids=lambda value: getattr(value, "family", None),
)
def test_says_what_each_family_can_do(
    connect: Connect, voice: catalogue.Voice, limit: int, rate: bool, pitch: bool
) -> None:
    can = connect().capabilities(voice)

    assert (can.max_bytes, can.rate, can.pitch, can.billable) == (limit, rate, pitch, True)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, False),
        ({"google_tts_api_keys": "k"}, True),
        ({"google_application_credentials": "account.json"}, True),
        ({"google_tts_endpoint": "eu-texttospeech.googleapis.com"}, False),
        ({"google_tts_endpoint": "127.0.0.1:9001"}, True),
    ],
)
def test_is_configured_by_a_key_an_account_or_an_emulator(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: bool
) -> None:
    for name in google.Settings.model_fields:
        monkeypatch.setenv(name.upper(), settings.get(name, ""))
    monkeypatch.setenv("GOOGLE_TTS_TIMEOUT_SECONDS", "60")

    assert google.configured() is expected


def test_keys_are_parsed_once_each_and_hidden() -> None:
    settings = google.Settings(google_tts_api_keys="alpha:one, two ,one,")

    found = google.keys(settings)

    assert [(key.project, key.secret.get_secret_value()) for key in found] == [
        ("alpha", "one"),
        (sha256(b"two").hexdigest()[:8], "two"),
    ]
    assert "one" not in repr(found)


def test_a_region_is_talked_to_over_tls() -> None:
    assert google.is_plain("127.0.0.1:9001")
    assert not google.is_plain("eu-texttospeech.googleapis.com")
    assert not google.is_plain("eu-texttospeech.googleapis.com:443")
