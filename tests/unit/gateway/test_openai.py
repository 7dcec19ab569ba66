import base64
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.events import BatchesSubmitted
from tests.support.gateway import FakeGateway
from tests.support.narrating import SAMPLES, Speaking

SPEECH = {"model": "tts-1", "input": "Good morning, everybody!", "voice": "alloy"}


@pytest.mark.parametrize(
    ("format", "kind"), [("mp3", "audio/mpeg"), ("opus", "audio/ogg"), ("flac", "audio/flac")]
)
def test_a_text_becomes_sound(speaking: TestClient, format: str, kind: str) -> None:
    answer = speaking.post("/v1/audio/speech", json=SPEECH | {"response_format": format})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == kind
    assert answer.content == f"sound as {format}".encode()


def test_pcm_is_the_samples_without_a_header(speaking: TestClient) -> None:
    answer = speaking.post("/v1/audio/speech", json=SPEECH | {"response_format": "pcm"})

    assert (answer.headers["content-type"], answer.content) == ("audio/pcm", SAMPLES)


def test_events_hold_the_sound_and_then_the_usage(speaking: TestClient) -> None:
    answer = speaking.post("/v1/audio/speech", json=SPEECH | {"stream_format": "sse"})

    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    *deltas, done = map(json.loads, lines)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert b"".join(base64.b64decode(each["audio"]) for each in deltas) == b"sound as mp3"
    assert {each["type"] for each in deltas} == {"speech.audio.delta"}
    assert done["type"] == "speech.audio.done"
    assert done["usage"]["input_tokens"] == len(str(SPEECH["input"]))


def test_how_to_speak_reaches_the_pipeline(speaking: TestClient, gateway: FakeGateway) -> None:
    body = SPEECH | {
        "voice": {"id": "espeak:pt-BR"},
        "input": "Bom dia!",
        "speed": 1.5,
        "instructions": "Warm.",
    }

    assert speaking.post("/v1/audio/speech", json=body).status_code == 200

    event = gateway.publisher.published[-1]
    assert isinstance(event, BatchesSubmitted)
    assert event.request
    assert (event.request.options.speaking_rate, event.request.options.style) == (1.5, "Warm.")
    [row] = event.request.rows
    assert (row.language, row.voice, row.text) == ("pt-BR", "espeak:pt-BR", "Bom dia!")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"voice": "nobody"}, "voice"),
        ({"model": "gpt-9"}, "model"),
        ({"speed": 3.5}, "speed"),
        ({"speed": 9}, "speed"),
        ({"input": ""}, "input"),
        ({"response_format": "mid"}, "response_format"),
        ({"response_format": "aac"}, "response_format"),
        ({"instructions": "x" * 501}, "instructions"),
    ],
)
def test_what_is_wrong_is_said_as_openai_says_it(
    speaking: TestClient, changes: dict[str, Any], param: str
) -> None:
    answer = speaking.post("/v1/audio/speech", json=SPEECH | changes)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert error["message"]


def test_who_has_no_key_is_told_so_in_openais_words(stranger: TestClient) -> None:
    answer = stranger.post("/v1/audio/speech", json=SPEECH)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"


@pytest.mark.parametrize(
    ("code", "status"), [("wrong_language", 400), ("unavailable", 502), ("internal", 502)]
)
def test_a_text_that_was_not_spoken_is_an_error(
    gateway: FakeGateway, code: str, status: int
) -> None:
    gateway.publisher = Speaking(gateway, error=(code, "it reads as French"))

    with gateway.client() as client:
        answer = client.post("/v1/audio/speech", json=SPEECH)

    assert answer.status_code == status
    assert "it reads as French" in answer.json()["error"]["message"]


def test_models_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/v1/models").json()
    one = client.get("/v1/models/tts-1").json()

    assert listed["object"] == "list"
    assert one in listed["data"]
    assert one["object"] == "model"
    assert {"bolt-tts", "espeak"} <= {each["id"] for each in listed["data"]}
    missing = client.get("/v1/models/gpt-9")
    assert (missing.status_code, missing.json()["error"]["type"]) == (404, "not_found_error")


def test_voices_are_listed_by_language(client: TestClient) -> None:
    found = client.get("/v1/audio/voices", params={"language": "pt-BR"}).json()["voices"]

    assert found[0]["id"] == "alloy"
    assert {"espeak:pt-BR"} <= {voice["id"] for voice in found}
    assert {voice["language"] for voice in found} == {None, "pt-BR"}
    assert client.get("/v1/audio/voices", params={"language": "xx-XX"}).status_code == 400
