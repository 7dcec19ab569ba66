from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from shared.events import BatchesSubmitted
from shared.providers.tts import Speakers
from shared.vocabulary import BatchState
from tests.support.gateway import NOW, SOMEBODY_ELSE, FakeGateway, batch

BODY: dict[str, Any] = {
    "mode": "matrix",
    "name": "Bees",
    "titles": ["O segredo das abelhas", "A cidade que dorme"],
    "languages": ["pt-BR", "en-US"],
    "variations": 2,
}


def test_accepts_a_batch_and_publishes_it(client: TestClient, gateway: FakeGateway) -> None:
    answer = client.post("/v1/batches", json=BODY)

    assert answer.status_code == 202
    body = answer.json()
    assert body["state"] == "queued"
    assert body["counts"]["total"] == 8
    assert answer.headers["Location"] == f"/v1/batches/{body['batch_id']}"
    assert answer.headers["Retry-After"] == "1"
    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesSubmitted)
    assert event.total_jobs == 8
    assert event.request is not None
    assert event.request.script_language == "pt-BR"
    assert gateway.submissions.rows[event.batch_id].published


def test_a_batch_can_be_read_before_it_is_folded(client: TestClient) -> None:
    accepted = client.post("/v1/batches", json=BODY).json()

    answer = client.get(accepted["links"]["self"])

    assert answer.status_code == 200
    assert answer.json() == {
        name: value for name, value in accepted.items() if name != "voice_reasons"
    }


def test_the_same_key_and_body_are_the_same_batch(client: TestClient, gateway: FakeGateway) -> None:
    headers = {"Idempotency-Key": "space week"}

    first = client.post("/v1/batches", json=BODY, headers=headers)
    second = client.post("/v1/batches", json=BODY, headers=headers)

    assert (second.status_code, second.json()) == (202, first.json())
    assert second.headers["Location"] == first.headers["Location"]
    assert len(gateway.publisher.published) == 1


def test_the_same_key_with_another_body_is_refused(client: TestClient) -> None:
    headers = {"Idempotency-Key": "space week"}
    client.post("/v1/batches", json=BODY, headers=headers)

    answer = client.post("/v1/batches", json={**BODY, "name": "Wasps"}, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"


def test_a_key_is_its_users_own(client: TestClient, gateway: FakeGateway) -> None:
    headers = {"Idempotency-Key": "space week"}
    first = client.post("/v1/batches", json=BODY, headers=headers).json()

    with gateway.client(SOMEBODY_ELSE) as other:
        second = other.post("/v1/batches", json=BODY, headers=headers).json()

    assert first["batch_id"] != second["batch_id"]


def test_requests_with_one_key_at_once_are_one_batch(
    client: TestClient, gateway: FakeGateway
) -> None:
    def ask(_: int) -> Any:
        return client.post("/v1/batches", json=BODY, headers={"Idempotency-Key": "k"}).json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert len({answer["batch_id"] for answer in answers}) == 1
    assert len({event.event_id for event in gateway.publisher.published}) == 1


def test_without_a_key_every_request_is_a_batch(client: TestClient) -> None:
    first = client.post("/v1/batches", json=BODY).json()
    second = client.post("/v1/batches", json=BODY).json()

    assert first["batch_id"] != second["batch_id"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
def test_says_503_while_kafka_is_away_and_makes_one_batch_of_the_repeats(
    client: TestClient, gateway: FakeGateway, headers: dict[str, str]
) -> None:
    gateway.publisher.away = True
    refused = [client.post("/v1/batches", json=BODY, headers=headers) for _ in range(2)]
    gateway.publisher.away = False

    accepted = client.post("/v1/batches", json=BODY, headers=headers)

    assert [answer.status_code for answer in refused] == [503, 503]
    assert refused[0].headers["Retry-After"] == "5"
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert accepted.status_code == 202
    assert set(gateway.submissions.rows) == {UUID(accepted.json()["batch_id"])}


def test_a_request_after_an_outage_that_was_repeated_is_a_new_batch(
    client: TestClient, gateway: FakeGateway
) -> None:
    gateway.publisher.away = True
    client.post("/v1/batches", json=BODY)
    gateway.publisher.away = False

    repeated = client.post("/v1/batches", json=BODY).json()
    another = client.post("/v1/batches", json=BODY).json()

    assert repeated["batch_id"] != another["batch_id"]


def test_an_agent_writes_in_its_own_language(client: TestClient, gateway: FakeGateway) -> None:
    agent = {"name": "Clara", "language": "en-US", "persona_prompt": "Calm."}

    client.post("/v1/batches", json={**BODY, "agent": agent})

    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesSubmitted)
    assert event.request is not None
    assert event.request.script_language == "en-US"
    assert b"Calm." in gateway.room.objects[event.request.agent.key]


def test_a_large_request_travels_by_reference(client: TestClient, gateway: FakeGateway) -> None:
    titles = [f"{number} " + "é" * 900 for number in range(400)]

    answer = client.post(
        "/v1/batches", json={"mode": "expand_titles", "titles": titles, "language": "pt-BR"}
    )

    assert answer.status_code == 202
    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesSubmitted)
    assert event.request is None
    assert event.request_ref is not None
    assert event.request_ref.key in gateway.room.objects
    assert len(event.model_dump_json()) < 2_000


def test_a_batch_of_somebody_else_is_not_there(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    answers = [
        client.get(f"/v1/batches/{theirs.batch_id}{path}") for path in ("", "/results", "/download")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert client.get(f"/v1/batches/{uuid4()}").json()["title"] == answers[0].json()["title"]


def test_lists_batches_newest_first_page_by_page(client: TestClient, gateway: FakeGateway) -> None:
    # Two of three were made in the same instant.
    made = [gateway.batches.add(batch(created_at=NOW + timedelta(hours=h // 2))) for h in range(7)]
    gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    seen: list[str] = []
    url: str | None = "/v1/batches?limit=3"
    while url:
        answer = client.get(url)
        seen += [item["batch_id"] for item in answer.json()["items"]]
        link = answer.headers.get("Link")
        url = link.partition("<")[2].partition(">")[0] if link else None
        assert bool(link) == (answer.json()["next_cursor"] is not None)

    newest = sorted(made, key=lambda b: (b.created_at, b.batch_id), reverse=True)
    assert seen == [str(row.batch_id) for row in newest]


def test_filters_by_state_and_name(client: TestClient, gateway: FakeGateway) -> None:
    found = gateway.batches.add(batch(name="Space week", state=BatchState.COMPLETED))
    gateway.batches.add(batch(name="Space week", state=BatchState.RUNNING))
    gateway.batches.add(batch(name="Bees", state=BatchState.COMPLETED))

    answer = client.get("/v1/batches", params={"state": "completed", "search": "SPACE"})

    assert [item["batch_id"] for item in answer.json()["items"]] == [str(found.batch_id)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("state=sleeping", "/state"),
        ("cursor=nonsense", "/cursor"),
        ("cursor=WyJ4Il0", "/cursor"),
        ("cursor=é", "/cursor"),
        ("stat=completed", "/stat"),
        ("search=%00", "/search"),
    ],
)
def test_refuses_a_query_that_makes_no_sense(client: TestClient, query: str, pointer: str) -> None:
    answer = client.get(f"/v1/batches?{query}")

    assert answer.status_code == 422
    assert [(e["pointer"], e["in"]) for e in answer.json()["errors"]] == [(pointer, "query")]


def test_ten_thousand_jobs_are_accepted_as_one_event_and_one_more_not_at_all(
    client: TestClient, gateway: FakeGateway
) -> None:
    titles = [f"Title {number}" for number in range(1_001)]
    languages = ["pt-BR", "en-US", "es-ES", "fr-FR", "de-DE"]
    body = {"mode": "matrix", "languages": languages, "variations": 2}

    refused = client.post("/v1/batches", json={**body, "titles": titles})
    left = (len(gateway.submissions.rows), len(gateway.publisher.published))
    accepted = client.post("/v1/batches", json={**body, "titles": titles[:1_000]})

    assert (refused.status_code, left) == (422, (0, 0))
    assert (accepted.status_code, accepted.json()["counts"]["total"]) == (202, 10_000)
    assert (len(gateway.submissions.rows), len(gateway.publisher.published)) == (1, 1)


async def test_a_batch_that_was_left_behind_is_published_again(gateway: FakeGateway) -> None:
    gateway.publisher.away = True
    with gateway.client() as client:
        client.post("/v1/batches", json=BODY, headers={"Idempotency-Key": "k"})
    gateway.publisher.away = False

    swept = await gateway.acceptance.sweep()

    assert swept == 1
    assert len(gateway.publisher.published) == 1
    assert await gateway.acceptance.sweep() == 0


def test_says_why_a_voice_was_chosen(gateway: FakeGateway, client: TestClient) -> None:
    gateway.providers.may_speak = Speakers(("google", "espeak"), {"google": "its circuit is open"})
    body = {"mode": "matrix", "title": "Bees", "languages": ["pt-BR"]}

    accepted = client.post("/v1/batches", json=body).json()
    estimated = client.post("/v1/batches:estimate", json=body).json()
    named = client.post("/v1/batches", json={**body, "voices": {"pt-BR": ["espeak:pt-BR"]}}).json()

    assert "google (its circuit is open)" in accepted["voice_reasons"]["pt-BR"]
    assert estimated["voice_reasons"] == accepted["voice_reasons"]
    assert named["voice_reasons"] == {}
