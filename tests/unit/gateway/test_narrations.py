from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.gateway.narrating.asking import title_of
from services.gateway.narrating.speakers import reads_as
from shared.events import BatchesSubmitted
from shared.expansion import expand
from shared.vocabulary import BatchCounts, BatchState, JobState, Row
from tests.support.gateway import FakeGateway, batch, job


def asked(gateway: FakeGateway) -> tuple[Row, ...]:
    event = gateway.publisher.published[-1]
    assert isinstance(event, BatchesSubmitted)
    assert event.request
    return event.request.rows


def test_a_text_is_accepted_as_a_batch_of_one(client: TestClient, gateway: FakeGateway) -> None:
    answer = client.post("/v1/narrations", json={"text": "Bom dia a todos!", "language": "pt-BR"})

    assert answer.status_code == 202, answer.text
    found = answer.json()
    assert (found["total"], found["ended"], found["state"]) == (1, False, "queued")
    assert answer.headers["Location"] == f"/v1/narrations/{found['narration_id']}"
    [row] = asked(gateway)
    assert (row.text, row.title, row.language) == ("Bom dia a todos!", "Bom dia a todos!", "pt-BR")


def test_who_waits_is_told_what_became_of_each_text(speaking: TestClient) -> None:
    texts = ["Primeiro texto.", "Segundo texto.", "Primeiro texto."]

    answer = speaking.post("/v1/narrations?wait=5", json={"texts": texts, "language": "pt-BR"})

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [result["title"] for result in found["results"]] == texts
    assert all(result["state"] == "completed" for result in found["results"])
    assert all(result["links"]["audio"] for result in found["results"])
    assert [result["cached"] for result in found["results"]] == [False, False, True]


def test_the_same_key_is_the_same_narration(client: TestClient, gateway: FakeGateway) -> None:
    body, headers = {"text": "Good morning."}, {"Idempotency-Key": "k"}

    first = client.post("/v1/narrations", json=body, headers=headers).json()
    second = client.post("/v1/narrations", json=body, headers=headers).json()
    other = client.post("/v1/narrations", json={"text": "Good night."}, headers=headers)

    assert first["narration_id"] == second["narration_id"]
    assert other.status_code == 422


def test_each_text_may_have_a_voice_of_its_own(client: TestClient, gateway: FakeGateway) -> None:
    body = {
        "texts": ["Bom dia.", {"text": "Good morning.", "language": "en-US", "title": "Greeting"}],
        "voice": "espeak:pt-BR",
    }

    client.post("/v1/narrations", json=body)

    rows = asked(gateway)
    assert [(row.language, row.voice) for row in rows] == [
        ("pt-BR", "espeak:pt-BR"),
        ("en-US", "espeak:en-US"),
    ]
    assert rows[1].title == "Greeting"


@pytest.mark.parametrize(
    ("body", "pointer", "word"),
    [
        ({"texts": ["Bom dia.", " ... "]}, "/texts/1", "letter"),
        ({"text": "Bom dia.", "voice": "nobody"}, "/voice", "nobody"),
        ({"text": "Bom dia.", "language": "xx-XX"}, "/language", "xx-XX"),
        ({"text": "Bom dia.", "language": "pt-BR", "provider": "acme"}, "/provider", "acme"),
        ({"text": "é" * 60_000}, "/text", "100000 bytes"),
        ({"text": "a", "texts": ["b"]}, "", "one of the two"),
        ({"texts": ["a"] * 501}, "/texts", "500"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    client: TestClient, body: dict[str, Any], pointer: str, word: str
) -> None:
    answer = client.post("/v1/narrations", json=body)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert word in error["detail"]


async def test_a_language_is_read_off_the_text() -> None:
    assert await reads_as("Bem-vindos ao nosso curso de programação para iniciantes.") == "pt-BR"
    assert await reads_as("Welcome to our course about programming for beginners.") == "en-US"
    assert await reads_as("ok") == "en-US"


def test_a_long_text_is_called_by_its_first_words() -> None:
    title = title_of("word " * 100)

    assert len(title) <= 80
    assert title.endswith("word…")


def test_narrations_of_others_are_not_there(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(state=BatchState.COMPLETED, counts=BatchCounts(total=1)))
    gateway.jobs.add(job(batch_id=mine.batch_id, state=JobState.COMPLETED))

    assert client.get(f"/v1/narrations/{mine.batch_id}").json()["ended"] is True
    with gateway.client(user_id=None) as stranger:
        assert stranger.get(f"/v1/narrations/{mine.batch_id}").status_code == 401


def test_rows_with_texts_are_expanded_with_them(client: TestClient, gateway: FakeGateway) -> None:
    client.post("/v1/narrations", json={"texts": ["One two three.", "Four five six."]})

    event = gateway.publisher.published[-1]
    assert isinstance(event, BatchesSubmitted)
    assert event.request
    assert event.occurred_at <= datetime.now(UTC)
    texts = [planned.text for planned in expand(event.batch_id, event.request)]
    assert texts == ["One two three.", "Four five six."]
