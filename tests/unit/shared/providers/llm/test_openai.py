import socket
from collections.abc import Callable, Iterator

import pytest

from shared.errors import (
    InvalidRequestError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TooLongError,
    TransientError,
)
from shared.providers import llm
from shared.providers.llm import LanguageModel, openai
from tests.support.llm import Connect, prompt
from tests.support.openai import answer, formats_asked
from tests.support.provider_http import Endpoint, serving

SCHEMA = {"type": "object", "properties": {"logline": {"type": "string"}}}


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with serving(answer) as server:
        yield server


@pytest.fixture
def connect(server: Endpoint, make: Callable[..., LanguageModel]) -> Connect:
    def connect(model: str, **settings: str) -> LanguageModel:
        return make(
            "openai", {"OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_MODEL": model} | settings
        )

    return connect


async def test_answers_with_the_text_the_model_and_what_it_cost(connect: Connect) -> None:
    model = connect("good")

    answer = await model.complete(prompt())

    assert answer.text == "Hello"
    assert answer.model == "local-7b-q4"
    assert (answer.input_tokens, answer.output_tokens) == (12, 7)


async def test_asks_as_the_documentation_says(connect: Connect, server: Endpoint) -> None:
    model = connect("good", OPENAI_API_KEY="sk-secret")

    await model.complete(prompt(schema=SCHEMA))

    path, headers, body = server.requests[0]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == "Bearer sk-secret"
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Write."},
    ]
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "premise", "schema": SCHEMA},
    }
    assert not {"temperature", "max_tokens", "max_completion_tokens"} & body.keys()


async def test_a_server_of_ones_own_is_sent_no_key(connect: Connect, server: Endpoint) -> None:
    model = connect("good", OPENAI_API_KEY="")

    await model.complete(prompt(system=""))

    _, headers, body = server.requests[0]
    assert "authorization" not in headers
    assert [message["role"] for message in body["messages"]] == ["user"]


async def test_json_comes_without_its_fence(connect: Connect) -> None:
    model = connect("good")

    answer = await model.complete(prompt(schema=SCHEMA))

    assert answer.text == '{"logline": "Hello"}'


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("no-schema", ["json_schema", "json_object", "json_object"]),
        ("no-formats", ["json_schema", "json_object", "", ""]),
    ],
)
async def test_asks_for_less_once_a_server_refused_more(
    connect: Connect, server: Endpoint, name: str, formats: list[str]
) -> None:
    model = connect(name)

    answers = [await model.complete(prompt(schema=SCHEMA)) for _ in range(2)]

    assert {answer.text for answer in answers} == {'{"logline": "Hello"}'}
    assert formats_asked(server) == formats


async def test_a_schema_that_was_ignored_is_told_in_words(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("deaf")

    answer = await model.complete(prompt(schema=SCHEMA))

    assert answer.text == '{"logline": "Hello"}'
    assert answer.output_tokens > 7
    assert formats_asked(server) == ["json_schema", "json_object", ""]


@pytest.mark.parametrize(
    ("name", "seconds"), [("limited", 7), ("limited-ms", 1.5), ("limited-mutely", 30)]
)
async def test_waits_as_long_as_the_server_says(
    connect: Connect, name: str, seconds: float
) -> None:
    model = connect(name)

    with pytest.raises(RateLimitedError) as caught:
        await model.complete(prompt())

    assert caught.value.retry_after == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("spent", RefusedError),
        ("bad-key", RefusedError),
        ("gone", RefusedError),
        ("malformed", RefusedError),
        ("refuses", RefusedError),
        ("filtered", RefusedError),
        ("endless", TooLongError),
        ("overloaded", TransientError),
        ("garbage", TransientError),
        ("unfinished", TransientError),
        ("silent", TransientError),
        ("empty", TransientError),
    ],
)
async def test_says_what_an_error_means(
    connect: Connect, name: str, kind: type[PipelineError]
) -> None:
    model = connect(name, OPENAI_API_KEY="sk-secret")

    with pytest.raises(kind) as caught:
        await model.complete(prompt())

    assert type(caught.value) is kind
    assert "openai" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


async def test_an_answer_that_is_never_json_is_worth_another_try(
    connect: Connect, server: Endpoint
) -> None:
    model = connect("never-json")

    with pytest.raises(TransientError, match="JSON"):
        await model.complete(prompt(schema=SCHEMA))

    assert len(server.requests) == 3


async def test_a_server_that_hangs_is_left(connect: Connect) -> None:
    model = connect("hang", OPENAI_TIMEOUT_SECONDS="0.2")

    with pytest.raises(TransientError, match="no answer"):
        await model.complete(prompt())


async def test_a_server_that_is_away_may_come_back(connect: Connect) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        model = connect("good", OPENAI_BASE_URL=url)

        with pytest.raises(TransientError, match="cannot be reached"):
            await model.complete(prompt())


def test_a_model_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    assert not openai.configured()
    with pytest.raises(InvalidRequestError, match="OPENAI_MODEL"):
        llm.create("openai")


async def test_is_taken_before_the_offline_writer_once_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GEMINI_API_KEYS", "GEMINI_API_KEY", "GEMINI_BASE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("OPENAI_MODEL", "qwen3:14b")

    model = llm.create("auto")

    await model.aclose()
    assert (model.name, model.model) == ("openai", "qwen3:14b")
