"""Official clients, pointed at the emulators."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import grpc
import httpx2
import pytest
import pytest_asyncio
from google import genai
from google.cloud import texttospeech_v1 as texttospeech
from google.cloud.texttospeech_v1.services.text_to_speech import transports
from google.genai import types

from bench.emulators import Addresses, Emulators
from tests.support.emulated import Ask

# Once for all: starting servers takes longer than most of the tests.
once = pytest_asyncio.fixture(scope="session", loop_scope="session")


@once
async def running() -> AsyncIterator[tuple[Emulators, Addresses]]:
    emulators = Emulators()
    async with emulators as addresses:
        yield emulators, addresses


@pytest.fixture(autouse=True)
def as_new(request: pytest.FixtureRequest) -> None:
    """What an earlier test broke is whole again, also for those that only ask."""
    if "running" in request.fixturenames:
        emulators, _ = request.getfixturevalue("running")
        emulators.reset()


@pytest.fixture
def emulators(running: tuple[Emulators, Addresses], as_new: None) -> Emulators:
    return running[0]


@once
async def urls(running: tuple[Emulators, Addresses]) -> Addresses:
    return running[1]


@once
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=20) as client:
        yield client


@once
async def gemini(urls: Addresses, http: httpx2.AsyncClient) -> AsyncIterator[Any]:
    client = genai.Client(
        vertexai=False,
        api_key="alpha:one",
        http_options=types.HttpOptions(
            base_url=urls.gemini,
            timeout=10_000,
            httpx_async_client=http,
            retry_options=types.HttpRetryOptions(attempts=1),
        ),
    )
    yield client.aio
    await client.aio.aclose()
    client.close()


@once
async def tts(urls: Addresses) -> AsyncIterator[texttospeech.TextToSpeechAsyncClient]:
    async with AsyncExitStack() as stack:
        channel = grpc.aio.insecure_channel(urls.tts, (("grpc.max_receive_message_length", -1),))
        stack.push_async_callback(channel.close)
        transport = transports.TextToSpeechGrpcAsyncIOTransport(channel=channel)
        yield texttospeech.TextToSpeechAsyncClient(transport=transport)


@pytest.fixture
def say(tts: texttospeech.TextToSpeechAsyncClient, emulators: Emulators) -> Ask:
    async def ask(text: str = "Uma frase curta.", **changes: Any) -> Any:
        voice = {"language_code": "pt-BR", "name": "pt-BR-Chirp3-HD-Kore"}
        return await tts.synthesize_speech(
            request={
                "input": {"text": text},
                "voice": voice | changes.get("voice", {}),
                "audio_config": {"audio_encoding": "LINEAR16"} | changes.get("audio", {}),
            },
            timeout=changes.get("timeout", 10),
            retry=None,
            metadata=(("x-goog-api-key", changes.get("key", "alpha:one")),),
        )

    return ask


@pytest.fixture
def ask(gemini: Any, emulators: Emulators) -> Ask:
    async def generate(prompt: str = "Write in Portuguese.", **changes: Any) -> Any:
        key = changes.pop("key", "alpha:one")
        model = changes.pop("model", "gemini-3.8-flash")
        timeout = changes.pop("timeout", 10_000)
        options = types.HttpOptions(headers={"x-goog-api-key": key}, timeout=timeout)
        config = types.GenerateContentConfig(http_options=options, **changes)
        return await gemini.models.generate_content(model=model, contents=prompt, config=config)

    return generate
