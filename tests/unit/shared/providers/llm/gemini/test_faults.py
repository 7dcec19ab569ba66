import socket

import pytest

from shared.errors import (
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TransientError,
)
from tests.support.gemini import keys
from tests.support.llm import Connect, prompt
from tests.support.provider_http import Endpoint


async def test_waits_as_long_as_a_minute_quota_says(connect: Connect) -> None:
    model = connect("minute")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after == pytest.approx(34.07, abs=1)


async def test_waits_for_midnight_in_california_when_the_day_is_spent(connect: Connect) -> None:
    model = connect("day")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after != 44
    assert 0 < caught.value.retry_after <= 25 * 3600 + 5


async def test_gives_a_spend_limit_time(connect: Connect) -> None:
    model = connect("spend")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after >= 119


@pytest.mark.parametrize("fault", ["minute", "day", "bad", "leaked", "prepaid"])
async def test_another_key_serves_what_one_cannot(connect: Connect, fault: str) -> None:
    model = connect(f"{fault},good")

    answer = await model.complete(prompt())

    assert answer.text == "Hello"


async def test_a_limited_project_is_not_asked_again_with_its_other_key(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("alpha:minute,alpha:good")

    with pytest.raises(RateLimitedError):
        await model.complete(prompt())

    assert keys(server) == ["minute"]


async def test_the_next_model_answers_where_the_day_of_the_first_is_over(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("good", GEMINI_MODELS="day-is-over, gemini-3.8-flash")

    answer = await model.complete(prompt())

    asked = [path.rpartition("/")[2] for path, _, _ in server.requests]
    assert asked == ["day-is-over:generateContent", "gemini-3.8-flash:generateContent"]
    assert answer.model == "gemini-3.8-flash-002"
    assert model.model == "day-is-over"


async def test_a_model_that_is_gone_is_not_asked_again(connect: Connect, server: Endpoint) -> None:
    model = connect("alpha:good", GEMINI_MODELS="gone,gemini-3.8-flash")

    for _ in range(2):
        await model.complete(prompt())

    asked = [path.rpartition("/")[2].split(":")[0] for path, _, _ in server.requests]
    assert asked == ["gone", "gemini-3.8-flash", "gemini-3.8-flash"]


@pytest.mark.parametrize("fault", ["unsafe", "blocked"])
async def test_what_is_blocked_is_asked_for_once_more_in_milder_words_and_of_no_other_key(
    connect: Connect, server: Endpoint, fault: str
) -> None:
    model = connect(f"{fault},good")

    with pytest.raises(RefusedError):
        await model.complete(prompt())

    told = [body["systemInstruction"]["parts"][0]["text"] for _, _, body in server.requests]
    assert keys(server) == [fault, fault]
    assert told[0] == "Be brief."
    assert told[1].startswith("Be brief.")
    assert "general audience" in told[1]


async def test_what_was_recited_is_asked_for_twice_in_other_words_and_with_another_seed(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("recites,good")

    with pytest.raises(RefusedError, match="RECITATION"):
        await model.complete(prompt())

    told = [body["systemInstruction"]["parts"][0]["text"] for _, _, body in server.requests]
    assert keys(server) == ["recites"] * 3
    assert told[0] == "Be brief."
    assert all("original wording" in text for text in told[1:])
    seeds = [body["generationConfig"].get("seed") for _, _, body in server.requests]
    assert seeds == [None, 1, 2]


async def test_another_model_writes_a_language_that_one_does_not(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("good", GEMINI_MODELS="monoglot,gemini-3.8-flash")

    answer = await model.complete(prompt())

    asked = [path.rpartition("/")[2].split(":")[0] for path, _, _ in server.requests]
    assert asked == ["monoglot", "gemini-3.8-flash"]
    assert answer.text == "Hello"


@pytest.mark.parametrize(
    ("level", "levels"),
    [("low", ["LOW", "LOW"]), ("high", ["HIGH", "HIGH", "MEDIUM"]), ("", [None, None])],
)
async def test_what_came_too_late_may_have_longer_and_then_less_thought(
    connect: Connect, server: Endpoint, level: str, levels: list[str | None]
) -> None:
    model = connect("hang", GEMINI_TIMEOUT_SECONDS="0.1", GEMINI_THINKING_LEVEL=level)

    with pytest.raises(TimedOutError, match=r"no answer in 0\.2 s"):
        await model.complete(prompt())

    configs = [body["generationConfig"] for _, _, body in server.requests]
    thought = [config.get("thinkingConfig", {}).get("thinking_level") for config in configs]
    assert thought == levels


async def test_the_soonest_of_several_limits_decides(connect: Connect) -> None:
    model = connect("day,minute")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after == pytest.approx(34.07, abs=1)


@pytest.mark.parametrize("fault", ["overloaded", "garbage", "unfinished", "silent", "empty"])
async def test_what_may_heal_is_worth_another_try(connect: Connect, fault: str) -> None:
    model = connect(fault)

    with pytest.raises(TransientError, match="gemini"):
        await model.complete(prompt())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("blocked", "blocked the prompt: PROHIBITED_CONTENT"),
        ("unsafe", "blocked the answer: SAFETY"),
        ("disabled", "disabled this account"),
        ("endless", "does not fit"),
        ("gone", "404 NOT_FOUND"),
        ("malformed", "400 INVALID_ARGUMENT: Unknown name"),
        ("bad", "API key not valid"),
        ("leaked", "403 PERMISSION_DENIED"),
        ("prepaid", "depleted"),
    ],
)
async def test_a_refusal_says_why(connect: Connect, fault: str, reason: str) -> None:
    model = connect(fault)

    with pytest.raises(RefusedError, match=reason):
        await model.complete(prompt())


@pytest.mark.parametrize("fault", ["bad", "leaked"])
async def test_a_key_never_shows_in_an_error(connect: Connect, fault: str) -> None:
    model = connect(f"alpha:{fault}")

    with pytest.raises(PipelineError) as caught:
        await model.complete(prompt())

    # The server repeats the key after these words.
    assert f"{fault}." not in str(caught.value)
    assert f"key {fault}" not in str(caught.value)
    assert "***" in str(caught.value)


async def test_a_hanging_answer_is_given_up(connect: Connect) -> None:
    model = connect("hang", GEMINI_TIMEOUT_SECONDS="0.2")

    with pytest.raises(TransientError):
        await model.complete(prompt())


async def test_nobody_listening_may_pass(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    model = connect("good", GEMINI_BASE_URL=f"http://127.0.0.1:{port}")

    with pytest.raises(TransientError, match="cannot be reached"):
        await model.complete(prompt())
