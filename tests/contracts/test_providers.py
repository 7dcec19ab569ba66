"""One suite for every provider of a kind. A new file in shared/providers is tested by existing.

Those that need a key are held to the same promises on the wire, against a server of the
test's own, in tests/unit/shared.
"""

from collections.abc import AsyncIterator
from types import ModuleType

import numpy as np
import pytest

from shared import catalogue, providers
from shared.errors import InvalidRequestError
from shared.providers import llm, storage, tts
from shared.providers.llm import LanguageModel, Prompt
from shared.providers.tts import TextToSpeech

KINDS = [pytest.param(kind, id=kind.__name__.rpartition(".")[2]) for kind in (llm, tts, storage)]
EVERY = [
    pytest.param(kind, name, id=f"{kind.__name__.rpartition('.')[2]}-{name}")
    for kind in (llm, tts, storage)
    for name in providers.names(kind)
]


def ready(kind: ModuleType) -> list[str]:
    return [name for name in providers.names(kind) if providers.load(kind, name).configured()]


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_every_provider_says_whether_it_could_work_and_how_to_make_it(
    kind: ModuleType, name: str
) -> None:
    module = providers.load(kind, name)

    assert isinstance(module.configured(), bool)
    assert callable(module.create)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_name_is_answered_with_the_known_ones(kind: ModuleType) -> None:
    with pytest.raises(InvalidRequestError, match=providers.names(kind)[0]):
        kind.create("nobody")


@pytest.fixture(params=ready(tts))
async def speaker(request: pytest.FixtureRequest) -> AsyncIterator[TextToSpeech]:
    provider = tts.create(request.param)
    yield provider
    await provider.aclose()


async def test_speech_is_mono_pcm_that_can_be_heard(speaker: TextToSpeech) -> None:
    voice = catalogue.default_voice("pt-BR", [speaker.name])

    speech = await speaker.speak("Olá, mundo. Isto é um teste.", voice=voice)

    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float64)
    assert 0.5 < speech.seconds < 10
    assert np.sqrt(np.mean(samples**2)) > 100


async def test_a_voice_says_what_it_can_do(speaker: TextToSpeech) -> None:
    voice = catalogue.default_voice("pt-BR", [speaker.name])

    capabilities = speaker.capabilities(voice)

    assert capabilities.max_bytes >= 500
    assert capabilities.concurrency >= 1


@pytest.fixture(params=ready(llm))
async def writer(request: pytest.FixtureRequest) -> AsyncIterator[LanguageModel]:
    provider = llm.create(request.param)
    yield provider
    await provider.aclose()


async def test_a_writer_names_its_model(writer: LanguageModel) -> None:
    assert writer.name in providers.names(llm)
    assert writer.model


async def test_a_block_is_plain_text_about_its_title(writer: LanguageModel) -> None:
    facts = {
        "title": "O segredo das abelhas",
        "language": "pt-BR",
        "aspect": "",
        "block": 1,
        "blocks": 3,
        "goal": "abrir",
        "target_characters": 400,
    }

    completion = await writer.complete(Prompt(task="block", text="Escreva o bloco 1.", facts=facts))

    assert len(completion.text) > 200
    assert not set("#*[]<>`") & set(completion.text)
