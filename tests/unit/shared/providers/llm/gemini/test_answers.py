import pytest

from shared.providers.llm import gemini
from tests.support.gemini import keys
from tests.support.llm import Connect, prompt
from tests.support.provider_http import Endpoint

SCHEMA = {"type": "object", "properties": {"logline": {"type": "string"}}}


async def test_answers_with_the_text_the_model_and_what_it_cost(connect: Connect) -> None:
    model = connect("good")

    answer = await model.complete(prompt())

    assert answer.text == "Hello"
    assert answer.model == "gemini-3.8-flash-002"
    assert (answer.input_tokens, answer.output_tokens) == (12, 37)


async def test_asks_as_the_documentation_says(connect: Connect, server: Endpoint) -> None:
    model = connect("good")

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
    model = connect("good")

    answer = await model.complete(prompt(schema=SCHEMA))

    assert answer.text == '{"logline": "Hello"}'


async def test_thinking_can_be_left_to_models_that_cannot_be_told(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("good", GEMINI_THINKING_LEVEL="")

    await model.complete(prompt())

    assert "thinkingConfig" not in server.requests[0][2]["generationConfig"]


async def test_keys_take_turns(connect: Connect, server: Endpoint) -> None:
    model = connect("alpha:one,two")

    for _ in range(3):
        await model.complete(prompt())

    assert keys(server) == ["one", "two", "one"]


async def test_an_answer_says_whose_quota_it_used(connect: Connect) -> None:
    model = connect("bad,alpha:good")

    assert (await model.complete(prompt())).domain == "alpha"


async def test_what_was_paid_for_and_of_no_use_is_counted_too(connect: Connect) -> None:
    model = connect("good", GEMINI_MODELS="monoglot,gemini-3.8-flash")

    answer = await model.complete(prompt())

    assert (answer.input_tokens, answer.output_tokens) == (24, 74)


async def test_thoughts_that_ate_the_answer_get_more_room_once(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("thinks-long")

    answer = await model.complete(prompt(max_output_tokens=1000))

    caps = [body["generationConfig"]["maxOutputTokens"] for _, _, body in server.requests]
    assert answer.text == "Hello"
    assert caps == [1000, 65_536]
    assert (answer.input_tokens, answer.output_tokens) == (24, 74)


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
