import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from shared.errors import (
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TransientError,
)
from shared.providers import llm
from shared.providers.llm import LanguageModel, Prompt, gemini
from tests.support.gemini import GeminiServer, serve

SCHEMA = {"type": "object", "properties": {"logline": {"type": "string"}}}
Connect = Callable[..., Awaitable[LanguageModel]]


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    state, listener = serve()
    yield state
    state.released.set()
    listener.shutdown()
    listener.server_close()


@pytest.fixture
async def connect(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    opened: list[LanguageModel] = []

    async def connect(keys: str, **settings: str) -> LanguageModel:
        given = {"GEMINI_BASE_URL": server.url, "GEMINI_API_KEYS": keys} | settings
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        opened.append(llm.create("gemini"))
        return opened[-1]

    yield connect
    for model in opened:
        await model.aclose()


def prompt(**changes: object) -> Prompt:
    return Prompt(**{"task": "block", "text": "Write.", "system": "Be brief."} | changes)  # type: ignore[arg-type]


async def test_answers_with_the_text_the_model_and_what_it_cost(connect: Connect) -> None:
    model = await connect("good")

    answer = await model.complete(prompt())

    assert answer.text == "Hello"
    assert answer.model == "gemini-3.8-flash-002"
    assert (answer.input_tokens, answer.output_tokens) == (12, 37)


async def test_asks_as_the_documentation_says(connect: Connect, server: GeminiServer) -> None:
    model = await connect("good")

    await model.complete(prompt(schema=SCHEMA, max_output_tokens=500))

    path, headers, body = server.requests[0]
    config = body["generationConfig"]
    assert path == "/v1/models/gemini-3.8-flash:generateContent"
    assert headers["x-goog-api-key"] == "good"
    assert body["systemInstruction"]["parts"][0]["text"] == "Be brief."
    assert {setting["threshold"] for setting in body["safetySettings"]} == {"BLOCK_ONLY_HIGH"}
    assert config["maxOutputTokens"] == 500
    assert config["responseJsonSchema"] == SCHEMA
    assert config["thinkingConfig"] == {"thinking_level": "LOW"}
    assert not {"temperature", "topP", "topK"} & config.keys()


async def test_answers_a_schema_with_json(connect: Connect) -> None:
    model = await connect("good")

    answer = await model.complete(prompt(schema=SCHEMA))

    assert answer.text == '{"logline": "Hello"}'


async def test_thinking_can_be_left_to_models_that_cannot_be_told(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("good", GEMINI_THINKING_LEVEL="")

    await model.complete(prompt())

    assert "thinkingConfig" not in server.requests[0][2]["generationConfig"]


async def test_keys_take_turns(connect: Connect, server: GeminiServer) -> None:
    model = await connect("alpha:one,two")

    for _ in range(3):
        await model.complete(prompt())

    assert server.keys() == ["one", "two", "one"]


async def test_waits_as_long_as_a_minute_quota_says(connect: Connect) -> None:
    model = await connect("minute")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after == pytest.approx(34.07, abs=1)


async def test_waits_for_midnight_in_california_when_the_day_is_spent(connect: Connect) -> None:
    model = await connect("day")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after != 44
    assert 0 < caught.value.retry_after <= 25 * 3600 + 5


async def test_gives_a_spend_limit_time(connect: Connect) -> None:
    model = await connect("spend")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after >= 119


@pytest.mark.parametrize("fault", ["minute", "day", "bad", "leaked", "prepaid"])
async def test_another_key_serves_what_one_cannot(connect: Connect, fault: str) -> None:
    model = await connect(f"{fault},good")

    answer = await model.complete(prompt())

    assert answer.text == "Hello"


async def test_a_limited_project_is_not_asked_again_with_its_other_key(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("alpha:minute,alpha:good")

    with pytest.raises(RateLimitedError):
        await model.complete(prompt())

    assert server.keys() == ["minute"]


async def test_the_next_model_answers_where_the_day_of_the_first_is_over(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("good", GEMINI_MODELS="day-is-over, gemini-3.8-flash")

    answer = await model.complete(prompt())

    asked = [path.rpartition("/")[2] for path, _, _ in server.requests]
    assert asked == ["day-is-over:generateContent", "gemini-3.8-flash:generateContent"]
    assert answer.model == "gemini-3.8-flash-002"
    assert model.model == "day-is-over"


async def test_a_model_that_is_gone_is_not_asked_again(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("alpha:good", GEMINI_MODELS="gone,gemini-3.8-flash")

    for _ in range(2):
        await model.complete(prompt())

    asked = [path.rpartition("/")[2].split(":")[0] for path, _, _ in server.requests]
    assert asked == ["gone", "gemini-3.8-flash", "gemini-3.8-flash"]


async def test_an_answer_says_whose_quota_it_used(connect: Connect) -> None:
    model = await connect("bad,alpha:good")

    assert (await model.complete(prompt())).domain == "alpha"


@pytest.mark.parametrize("fault", ["unsafe", "blocked"])
async def test_what_is_blocked_is_asked_for_once_more_in_milder_words_and_of_no_other_key(
    connect: Connect, server: GeminiServer, fault: str
) -> None:
    model = await connect(f"{fault},good")

    with pytest.raises(RefusedError):
        await model.complete(prompt())

    told = [body["systemInstruction"]["parts"][0]["text"] for _, _, body in server.requests]
    assert server.keys() == [fault, fault]
    assert told[0] == "Be brief."
    assert told[1].startswith("Be brief.")
    assert "general audience" in told[1]


async def test_what_was_recited_is_asked_for_twice_in_other_words_and_with_another_seed(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("recites,good")

    with pytest.raises(RefusedError, match="RECITATION"):
        await model.complete(prompt())

    told = [body["systemInstruction"]["parts"][0]["text"] for _, _, body in server.requests]
    assert server.keys() == ["recites"] * 3
    assert told[0] == "Be brief."
    assert all("original wording" in text for text in told[1:])
    seeds = [body["generationConfig"].get("seed") for _, _, body in server.requests]
    assert seeds == [None, 1, 2]


async def test_another_model_writes_a_language_that_one_does_not(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("good", GEMINI_MODELS="monoglot,gemini-3.8-flash")

    answer = await model.complete(prompt())

    asked = [path.rpartition("/")[2].split(":")[0] for path, _, _ in server.requests]
    assert asked == ["monoglot", "gemini-3.8-flash"]
    assert answer.text == "Hello"


async def test_what_was_paid_for_and_of_no_use_is_counted_too(connect: Connect) -> None:
    model = await connect("good", GEMINI_MODELS="monoglot,gemini-3.8-flash")

    answer = await model.complete(prompt())

    assert (answer.input_tokens, answer.output_tokens) == (24, 74)


@pytest.mark.parametrize(
    ("level", "levels"),
    [("low", ["LOW", "LOW"]), ("high", ["HIGH", "HIGH", "MEDIUM"]), ("", [None, None])],
)
async def test_what_came_too_late_may_have_longer_and_then_less_thought(
    connect: Connect, server: GeminiServer, level: str, levels: list[str | None]
) -> None:
    model = await connect("hang", GEMINI_TIMEOUT_SECONDS="0.1", GEMINI_THINKING_LEVEL=level)

    with pytest.raises(TimedOutError, match=r"no answer in 0\.2 s"):
        await model.complete(prompt())

    configs = [body["generationConfig"] for _, _, body in server.requests]
    thought = [config.get("thinkingConfig", {}).get("thinking_level") for config in configs]
    assert thought == levels


async def test_the_soonest_of_several_limits_decides(connect: Connect) -> None:
    model = await connect("day,minute")

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after == pytest.approx(34.07, abs=1)


@pytest.mark.parametrize("fault", ["overloaded", "garbage", "unfinished", "silent", "empty"])
async def test_what_may_heal_is_worth_another_try(connect: Connect, fault: str) -> None:
    model = await connect(fault)

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
    model = await connect(fault)

    with pytest.raises(RefusedError, match=reason):
        await model.complete(prompt())


@pytest.mark.parametrize("fault", ["bad", "leaked"])
async def test_a_key_never_shows_in_an_error(connect: Connect, fault: str) -> None:
    model = await connect(f"alpha:{fault}")

    with pytest.raises(PipelineError) as caught:
        await model.complete(prompt())

    # The server repeats the key after these words.
    assert f"{fault}." not in str(caught.value)
    assert f"key {fault}" not in str(caught.value)
    assert "***" in str(caught.value)


async def test_thoughts_that_ate_the_answer_get_more_room_once(
    connect: Connect, server: GeminiServer
) -> None:
    model = await connect("thinks-long")

    answer = await model.complete(prompt(max_output_tokens=1000))

    caps = [body["generationConfig"]["maxOutputTokens"] for _, _, body in server.requests]
    assert answer.text == "Hello"
    assert caps == [1000, 65_536]
    assert (answer.input_tokens, answer.output_tokens) == (24, 74)


async def test_a_hanging_answer_is_given_up(connect: Connect) -> None:
    model = await connect("hang", GEMINI_TIMEOUT_SECONDS="0.2")

    with pytest.raises(TransientError):
        await model.complete(prompt())


async def test_nobody_listening_may_pass(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    model = await connect("good", GEMINI_BASE_URL=f"http://127.0.0.1:{port}")

    with pytest.raises(TransientError, match="cannot be reached"):
        await model.complete(prompt())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GEMINI_API_KEYS", "alpha:one", True),
        ("GEMINI_API_KEY", "one", True),
        ("GEMINI_BASE_URL", "http://localhost:1", True),
        ("GEMINI_MODEL", "gemini-4-argon", False),
    ],
)
def test_is_configured_by_a_key_or_another_endpoint(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: bool
) -> None:
    for known in ("GEMINI_API_KEYS", "GEMINI_API_KEY", "GEMINI_BASE_URL"):
        monkeypatch.delenv(known, raising=False)
    monkeypatch.setenv(name, value)

    assert gemini.configured() is expected
