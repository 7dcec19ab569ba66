import asyncio
import json
from typing import Any

import httpx2
import pytest
from google.api_core import exceptions
from google.genai import errors, types

from bench.emulators import Emulators, Fault, Kind, Latency
from tests.support.emulated import Ask, heard

pytestmark = pytest.mark.asyncio(loop_scope="session")

GOOGLE = "type.googleapis.com/google.rpc."


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        (Kind.QUOTA_MINUTE, 429, "exceeded your current quota"),
        (Kind.SPEND, 429, "spend-based"),
        (Kind.PREPAID, 429, "credits are depleted"),
        (Kind.KEY_INVALID, 400, "API key not valid"),
        (Kind.KEY_EXPIRED, 400, "API key expired"),
        (Kind.KEY_LEAKED, 403, "reported as leaked"),
        (Kind.PERMISSION_DENIED, 403, "unregistered callers"),
        (Kind.SERVICE_DISABLED, 403, "disabled"),
        (Kind.BILLING_DISABLED, 403, "billing"),
        (Kind.BAD_REQUEST, 400, "invalid argument"),
        (Kind.TOO_LONG, 400, "maximum number of tokens"),
        (Kind.MODEL_GONE, 404, "is not found"),
        (Kind.INTERNAL, 500, "internal error"),
        (Kind.UNAVAILABLE, 503, "overloaded"),
        (Kind.DEADLINE, 504, "timed out"),
    ],
)
async def test_gemini_fails_as_google_does(
    ask: Ask, emulators: Emulators, kind: Kind, code: int, said: str
) -> None:
    emulators.set(faults=[Fault(kind=kind, next=1)])

    with pytest.raises(errors.APIError) as caught:
        await ask()
    after = await ask()

    assert caught.value.code == code
    assert said in str(caught.value.message)
    assert after.text
    assert emulators.log.totals["billable"] == 1


@pytest.mark.parametrize(
    ("kind", "quota", "value"),
    [
        (Kind.QUOTA_MINUTE, "GenerateRequestsPerMinutePerProjectPerModel-PaidTier", "10"),
        (Kind.QUOTA_DAY, "GenerateRequestsPerDayPerProjectPerModel-PaidTier", "10"),
        (Kind.QUOTA_FREE_TIER, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0"),
        (Kind.QUOTA_TOKENS, "GenerateContentInputTokensPerModelPerMinute-PaidTier", "10"),
    ],
)
async def test_gemini_names_the_quota_and_the_delay(
    ask: Ask, emulators: Emulators, kind: Kind, quota: str, value: str
) -> None:
    emulators.set(faults=[Fault(kind=kind)])

    with pytest.raises(errors.ClientError) as caught:
        await ask()

    details = {each["@type"]: each for each in caught.value.details["error"]["details"]}
    violation = details[GOOGLE + "QuotaFailure"]["violations"][0]
    assert (violation["quotaId"], violation["quotaValue"]) == (quota, value)
    assert violation["quotaDimensions"]["model"] == "gemini-3.8-flash"
    assert details[GOOGLE + "RetryInfo"]["retryDelay"] == "20.000s"


@pytest.mark.parametrize(
    ("kind", "finish", "has_text"),
    [
        (Kind.SAFETY, "SAFETY", False),
        (Kind.RECITATION, "RECITATION", False),
        (Kind.LANGUAGE, "LANGUAGE", False),
        (Kind.OTHER, "OTHER", False),
        (Kind.THOUGHTS_ONLY, "MAX_TOKENS", False),
        (Kind.MAX_TOKENS, "MAX_TOKENS", True),
        (Kind.EMPTY, "STOP", False),
        (Kind.UNFINISHED, None, True),
    ],
)
async def test_gemini_answers_that_are_of_no_use(
    ask: Ask, emulators: Emulators, kind: Kind, finish: str | None, has_text: bool
) -> None:
    emulators.set(faults=[Fault(kind=kind)])

    answer = await ask()

    reason = answer.candidates[0].finish_reason
    assert (reason.value if reason else None) == finish
    assert bool(answer.text) is has_text
    assert emulators.log.totals["billable"] == 1


async def test_gemini_blocks_a_prompt_and_charges_nothing(ask: Ask, emulators: Emulators) -> None:
    emulators.set(faults=[Fault(kind=Kind.BLOCKED_PROMPT)])

    answer = await ask()

    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT
    assert not answer.candidates
    assert emulators.log.totals["billable"] == 0


async def test_gemini_answers_in_a_language_nobody_asked_for(
    ask: Ask, emulators: Emulators
) -> None:
    emulators.set(faults=[Fault(kind=Kind.WRONG_LANGUAGE)])

    assert " the " in (await ask("Write 500 characters, in Portuguese.")).text


async def test_gemini_speaks_garbage(ask: Ask, emulators: Emulators) -> None:
    emulators.set(faults=[Fault(kind=Kind.GARBAGE)])

    with pytest.raises((json.JSONDecodeError, errors.UnknownApiResponseError)):
        await ask()


async def test_gemini_drops_the_connection(ask: Ask, emulators: Emulators) -> None:
    emulators.set(faults=[Fault(kind=Kind.RESET, next=1)])

    with pytest.raises(httpx2.HTTPError):
        await ask()

    assert (await ask()).text


async def test_gemini_hangs_until_the_client_gives_up(ask: Ask, emulators: Emulators) -> None:
    emulators.set(faults=[Fault(kind=Kind.HANG, next=1)])

    with pytest.raises(httpx2.TimeoutException):
        await ask(timeout=200)

    assert emulators.log.totals["billable"] == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Kind.KEY_INVALID, exceptions.InvalidArgument),
        (Kind.KEY_LEAKED, exceptions.PermissionDenied),
        (Kind.PERMISSION_DENIED, exceptions.PermissionDenied),
        (Kind.MODEL_GONE, exceptions.NotFound),
        (Kind.TOO_LONG, exceptions.InvalidArgument),
        (Kind.INTERNAL, exceptions.InternalServerError),
        (Kind.UNAVAILABLE, exceptions.ServiceUnavailable),
        (Kind.DEADLINE, exceptions.DeadlineExceeded),
        (Kind.RESET, exceptions.ServiceUnavailable),
        (Kind.SAFETY, exceptions.InvalidArgument),
    ],
)
async def test_cloud_tts_fails_as_google_does(
    say: Ask, emulators: Emulators, kind: Kind, error: type[Exception]
) -> None:
    emulators.set(faults=[Fault(kind=kind, provider="tts", next=1)])

    with pytest.raises(error):
        await say()

    assert (await say()).audio_content


async def test_cloud_tts_names_the_limit(say: Ask, emulators: Emulators) -> None:
    emulators.set(faults=[Fault(kind=Kind.QUOTA_MINUTE)])

    with pytest.raises(exceptions.ResourceExhausted) as caught:
        await say()

    assert caught.value.reason == "RATE_LIMIT_EXCEEDED"
    assert caught.value.metadata["quota_limit"] == "Chirp3RequestsPerMinutePerProject"
    delays = [each.retry_delay for each in caught.value.details if hasattr(each, "retry_delay")]
    assert delays[0].ToTimedelta().total_seconds() == 20


@pytest.mark.parametrize(
    ("kind", "length", "silent"),
    [(Kind.SILENT, 1.0, True), (Kind.TRUNCATED, 0.4, False), (Kind.REPEATED, 3.0, False)],
)
async def test_cloud_tts_spoils_audio(
    say: Ask, emulators: Emulators, kind: Kind, length: float, silent: bool
) -> None:
    good, _ = heard((await say()).audio_content)
    emulators.set(faults=[Fault(kind=kind)])

    seconds, level = heard((await say()).audio_content)

    assert seconds / good == pytest.approx(length, abs=0.01)
    assert (level < -100) is silent


async def test_a_fault_strikes_by_rate_the_same_in_every_run(
    ask: Ask, emulators: Emulators
) -> None:
    emulators.set(seed=3, faults=[Fault(kind=Kind.UNAVAILABLE, rate=0.3)])

    async def failures() -> list[int]:
        emulators.log.attempts.clear()
        answers = await asyncio.gather(
            *(ask(f"Title: {number}") for number in range(100)), return_exceptions=True
        )
        return [n for n, each in enumerate(answers) if isinstance(each, BaseException)]

    first = await failures()
    assert 18 <= len(first) <= 42
    assert await failures() == first


async def test_a_fault_concerns_only_what_it_names(ask: Ask, emulators: Emulators) -> None:
    emulators.set(
        faults=[
            Fault(kind=Kind.KEY_INVALID, key="alpha:two"),
            Fault(kind=Kind.INTERNAL, project="beta"),
            Fault(kind=Kind.SAFETY, containing="Title: forbidden"),
        ]
    )

    assert (await ask("Title: allowed")).text
    assert not (await ask("Title: forbidden")).text
    for key in ("alpha:two", "beta:one"):
        with pytest.raises(errors.APIError):
            await ask(key=key)


async def test_latency_is_divided_by_the_time_scale(ask: Ask, emulators: Emulators) -> None:
    emulators.set(latency=[Latency(operation="generate", median=30, sigma=0.1)], time_scale=200)

    await ask()

    assert 0.09 < emulators.log.calls[-1].seconds < 1.0


async def test_what_comes_back_never_has_a_key_in_it(
    ask: Ask, emulators: Emulators, urls: Any, http: httpx2.AsyncClient
) -> None:
    secret = "AIzaNotARealKeyButItLooksLikeOne0123456"
    await http.post(
        f"{urls.openai.removesuffix('/v1')}/_control",
        json={"projects": {secret: "alpha"}, "faults": [{"kind": "key_leaked", "key": secret}]},
    )
    with pytest.raises(errors.APIError) as caught:
        await ask(key=secret)

    shown = [await http.get(f"{urls.gemini}/{path}") for path in ("_calls", "_control")]
    assert secret not in str(caught.value) + "".join(each.text for each in shown)
    assert shown[0].json()["log"][0]["project"] == "alpha"
    assert shown[0].json()["log"][0]["mask"] in shown[1].text
