import asyncio
from typing import Any

import pytest

from shared import catalogue
from shared.errors import BadSpeechError
from shared.providers.llm import Prompt
from shared.providers.llm._permitted import Permitted as PermittedModel
from shared.providers.tts import Speech
from shared.providers.tts._permitted import Permitted as PermittedSpeech
from shared.quota import Bill, calling
from shared.quota.bills import summed
from shared.vocabulary import Usage
from tests.support.billing import billed
from tests.support.llm import FakeLanguageModel
from tests.support.speech import FakeSpeech

VOICE = catalogue.voice("espeak:pt-BR")


class Kept:
    def __init__(self) -> None:
        self.bills: dict[str, dict[str, str]] = {}

    async def add(self, bill: str, name: str, line: str) -> None:
        self.bills.setdefault(bill, {})[name] = line

    async def of(self, bill: str) -> dict[str, str]:
        return dict(self.bills.get(bill, {}))

    async def forget(self, bill: str) -> None:
        self.bills.pop(bill, None)


def _paid(**values: Any) -> Usage:
    return Usage(**{"provider": "gemini", "model": "flash", "calls": 1, **values})


def test_calls_are_summed_by_provider_model_and_quota_domain() -> None:
    paid = [
        _paid(input_tokens=10),
        _paid(input_tokens=5, output_tokens=2),
        _paid(domain="beta"),
        _paid(provider="tone", model="sine", audio_seconds=1.5),
    ]

    sums = summed(paid)

    assert [(each.provider, each.domain, each.calls) for each in sums] == [
        ("gemini", "", 2),
        ("gemini", "beta", 1),
        ("tone", "", 1),
    ]
    assert (sums[0].input_tokens, sums[0].output_tokens) == (15, 2)


async def test_what_a_process_paid_before_it_was_killed_is_on_the_bill_of_the_next() -> None:
    kept = Kept()
    await Bill("narrator:e1", kept).add(_paid(characters=7))

    after = Bill("narrator:e1", kept)
    await after.add(_paid(characters=3))

    (total,) = await after.total()
    assert (total.calls, total.characters) == (2, 10)
    assert await Bill("narrator:e2", kept).total() == ()


async def test_a_bill_that_was_reported_is_settled() -> None:
    kept = Kept()
    bill = Bill("narrator:e1", kept)
    await bill.add(_paid())

    await bill.settle()

    assert kept.bills == {}
    assert await bill.total() == ()


async def test_an_answer_of_a_language_model_is_billed_with_its_tokens() -> None:
    with billed() as bill:
        await PermittedModel(FakeLanguageModel(premise=["x"])).complete(
            Prompt(task="premise", text="x")
        )

    (paid,) = await bill.total()
    assert paid.model_dump(exclude_defaults=True) == {
        "provider": "fake",
        "model": "fake-1-001",
        "calls": 1,
        "input_tokens": 10,
        "output_tokens": 5,
    }


async def test_speech_is_billed_and_so_is_what_cannot_be_used() -> None:
    said = Speech(
        pcm=b"\0\0" * 24_000, sample_rate=24_000, model="m", output_tokens=60, domain="alpha"
    )
    provider = PermittedSpeech(FakeSpeech(answers=[said, BadSpeechError("no sound in it")]))

    with billed() as bill:
        await provider.speak("Olá.", voice=VOICE)
        with pytest.raises(BadSpeechError):
            await provider.speak("Olá.", voice=VOICE)

    good, bad = await bill.total()
    assert (good.calls, good.characters, good.output_tokens) == (1, 4, 60)
    assert (good.model, good.domain, good.audio_seconds) == ("m", "alpha", 1.0)
    assert (bad.calls, bad.characters) == (1, 4)


async def test_a_call_that_failed_is_not_billed() -> None:
    with billed() as bill, pytest.raises(RuntimeError):
        async with calling(0.0):
            raise RuntimeError("connection refused")

    assert await bill.total() == ()


async def test_what_an_answer_cost_is_written_down_even_when_the_work_is_cut_off() -> None:
    with billed() as bill:

        async def call() -> None:
            async with calling(0.0) as made:
                made.paid = _paid()
                await asyncio.sleep(3600)

        task = asyncio.create_task(call())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    assert [paid.calls for paid in await bill.total()] == [1]
