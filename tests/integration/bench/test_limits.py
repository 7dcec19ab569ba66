import asyncio

import httpx2
import pytest
from google.api_core import exceptions
from google.genai import errors

from bench.emulators import Emulators, Latency, Quota
from tests.support.emulated import Ask

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_keys_of_a_project_share_its_quota(ask: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(rpm=10)])

    answers = await asyncio.gather(
        *(ask(f"{n}", key=f"{'ab'[n % 2]}:{n % 4}") for n in range(40)), return_exceptions=True
    )

    refused = [each for each in answers if isinstance(each, errors.ClientError)]
    assert len(refused) == 20
    quotas = {each["project"]: each for each in emulators.log.summary()["quotas"]}
    for project in "ab":
        used = quotas[project]["minutes"]
        assert sum(each["admitted"] for each in used) == 10
        assert sum(each["breaches"] for each in used) == 10
        assert sum(each["utilisation"] for each in used) == pytest.approx(1)
    assert emulators.log.totals["breaches"] == 20
    assert emulators.log.totals["billable"] == 20


async def test_a_shorter_minute_makes_room_sooner(ask: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(rpm=1)], minute_seconds=0.3)
    await ask()
    with pytest.raises(errors.ClientError) as caught:
        await ask()

    delay = caught.value.details["error"]["details"][-1]["retryDelay"]
    await asyncio.sleep(float(delay.removesuffix("s")) + 0.01)

    assert (await ask()).text


async def test_the_free_tier_of_some_models_is_nothing(ask: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(rpm=0, tier="free")])

    with pytest.raises(errors.ClientError) as caught:
        await ask()

    assert "limit: 0" in str(caught.value.message)
    assert "FreeTier" in str(caught.value.details)


async def test_families_of_voices_are_counted_apart(say: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(provider="tts", model="chirp3-hd", rpm=1)])
    await say()

    with pytest.raises(exceptions.ResourceExhausted):
        await say("Outra frase.")
    other = await say(voice={"name": "pt-BR-Neural2-A"})

    assert other.audio_content


async def test_who_gives_up_no_longer_counts(ask: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(concurrency=1)], latency=[Latency(median=5)])
    with pytest.raises(httpx2.TimeoutException):
        await ask(timeout=100)
    emulators.set(latency=[])
    await asyncio.sleep(0.05)

    assert (await ask()).text
    assert [call.delivered for call in emulators.log.calls] == [False, True]


async def test_too_many_at_once_are_refused(ask: Ask, emulators: Emulators) -> None:
    emulators.set(quotas=[Quota(concurrency=2)], latency=[Latency(median=0.2)])

    answers = await asyncio.gather(*(ask(f"{n}") for n in range(5)), return_exceptions=True)

    assert sum(isinstance(each, errors.ClientError) for each in answers) == 3
