import json
from typing import Any

import httpx2
import jsonschema
import pytest

from bench.emulators import Addresses, Emulators, Fault, Kind, Quota
from tests.support.emulated import heard

pytestmark = pytest.mark.asyncio(loop_scope="session")

MESSAGES = [
    {"role": "system", "content": "You write in the language es-ES and in no other."},
    {"role": "user", "content": "Write about 400 characters."},
]


async def test_completes_a_chat(urls: Addresses, http: httpx2.AsyncClient) -> None:
    whole = await _chat(urls, http)

    choice = whole.json()["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert 300 < len(choice["message"]["content"]) < 500
    assert whole.json()["usage"]["total_tokens"] > 100


async def test_completes_with_a_schema(urls: Addresses, http: httpx2.AsyncClient) -> None:
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "score": {"type": "integer", "maximum": 3}},
        "required": ["text", "score"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}

    answer = await _chat(urls, http, response_format=form)

    jsonschema.validate(json.loads(answer.json()["choices"][0]["message"]["content"]), schema)


async def test_streams_a_chat(urls: Addresses, http: httpx2.AsyncClient) -> None:
    answer = await _chat(urls, http, stream=True, stream_options={"include_usage": True})

    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    chunks = [json.loads(line) for line in lines[:-1]]
    deltas = [each["choices"][0]["delta"] for each in chunks if each["choices"]]
    assert lines[-1] == "[DONE]"
    assert len("".join(each.get("content", "") for each in deltas)) > 300
    assert chunks[-1]["usage"]["completion_tokens"] > 50


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
async def test_speaks(urls: Addresses, http: httpx2.AsyncClient, form: str) -> None:
    body = {"model": "t", "voice": "alloy", "input": "Bom dia a todos.", "response_format": form}
    answer = await http.post(f"{urls.openai}/audio/speech", json=body)

    assert answer.status_code == 200
    assert len(answer.content) > 2_000
    if form == "wav":
        assert heard(answer.content)[0] > 1


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        (Kind.KEY_INVALID, (401, "invalid_api_key")),
        (Kind.QUOTA_MINUTE, (429, "rate_limit_exceeded")),
        (Kind.SPEND, (429, "insufficient_quota")),
        (Kind.MODEL_GONE, (404, "model_not_found")),
        (Kind.UNAVAILABLE, (503, None)),
        (Kind.BAD_REQUEST, (400, "invalid_value")),
    ],
)
async def test_fails(
    urls: Addresses,
    http: httpx2.AsyncClient,
    emulators: Emulators,
    kind: Kind,
    failure: tuple[int, str | None],
) -> None:
    emulators.set(faults=[Fault(kind=kind)])

    answer = await _chat(urls, http)

    assert (answer.status_code, answer.json()["error"]["code"]) == failure


async def test_says_when_to_come_again(
    urls: Addresses, http: httpx2.AsyncClient, emulators: Emulators
) -> None:
    emulators.set(quotas=[Quota(rpm=1)])
    await _chat(urls, http)

    answer = await _chat(urls, http)

    assert 1 <= int(answer.headers["retry-after"]) <= 61


async def test_blocks_what_is_unsafe(
    urls: Addresses, http: httpx2.AsyncClient, emulators: Emulators
) -> None:
    emulators.set(faults=[Fault(kind=Kind.SAFETY)])

    choice = (await _chat(urls, http)).json()["choices"][0]

    assert (choice["finish_reason"], choice["message"]["content"]) == ("content_filter", "")


async def _chat(urls: Addresses, http: httpx2.AsyncClient, **changes: Any) -> httpx2.Response:
    body = {"model": "gpt-emulated", "messages": MESSAGES} | changes
    headers = {"Authorization": "Bearer alpha:one"}
    return await http.post(f"{urls.openai}/chat/completions", json=body, headers=headers)
