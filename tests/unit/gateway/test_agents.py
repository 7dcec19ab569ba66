from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from shared.events import BatchesSubmitted
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway

AGENT: dict[str, Any] = {
    "name": "Science, aloud",
    "language": "en-US",
    "persona_prompt": "A patient teacher.",
    "target_languages": ["pt-BR", "es-ES"],
    "cultural_configs": {"pt-BR": "Use metric units."},
    "glossary": {"pt-BR": {"hive": "colmeia"}},
    "default_voices": {"pt-BR": "espeak:pt-BR"},
}
BATCH: dict[str, Any] = {"mode": "expand_languages", "title": "Bees", "languages": ["pt-BR"]}


def saved(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/agents", json={**AGENT, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def submitted(gateway: FakeGateway) -> BatchesSubmitted:
    event = gateway.publisher.published[-1]
    assert isinstance(event, BatchesSubmitted)
    return event


def test_an_agent_comes_back_as_it_was_sent(client: TestClient) -> None:
    made = client.post("/v1/agents", json=AGENT)

    read = client.get(made.headers["Location"])

    assert made.json() == read.json()
    assert read.json() == {**read.json(), **AGENT}
    assert made.headers["ETag"] == read.headers["ETag"] == '"v1"'


def test_who_has_read_an_older_version_changes_nothing(client: TestClient) -> None:
    path = f"/v1/agents/{saved(client)['agent_id']}"

    first = client.put(path, json=AGENT | {"name": "New"}, headers={"If-Match": '"v1"'})
    late = client.put(path, json=AGENT | {"name": "Late"}, headers={"If-Match": '"v1"'})
    lost = client.delete(path, headers={"If-Match": '"v1"'})

    assert (first.status_code, first.headers["ETag"]) == (200, '"v2"')
    assert [answer.status_code for answer in (late, lost)] == [412, 412]
    assert late.json()["code"] == "precondition_failed"
    assert client.get(path).json()["name"] == "New"


@pytest.mark.parametrize("tag", ['W/"v1"', '"v2"', '"nonsense"', "v1", ""])
def test_a_tag_that_is_not_this_versions_changes_nothing(client: TestClient, tag: str) -> None:
    path = f"/v1/agents/{saved(client)['agent_id']}"

    assert client.put(path, json=AGENT, headers={"If-Match": tag}).status_code == 412


@pytest.mark.parametrize("tag", ["*", '"v1"', '"v9", "v1"'])
def test_a_tag_of_this_version_allows_a_change(client: TestClient, tag: str) -> None:
    path = f"/v1/agents/{saved(client)['agent_id']}"

    assert client.put(path, json=AGENT, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("tag", "status"), [('"v1"', 304), ('W/"v1"', 304), ("*", 304), ('"v2"', 200), ("x", 200)]
)
def test_what_is_known_already_is_not_sent_again(client: TestClient, tag: str, status: int) -> None:
    path = f"/v1/agents/{saved(client)['agent_id']}"

    answer = client.get(path, headers={"If-None-Match": tag})

    assert answer.status_code == status
    assert (answer.content == b"") == (status == 304)


def test_a_copy_is_an_agent_of_its_own(client: TestClient) -> None:
    original = saved(client)

    copy = client.post(f"/v1/agents/{original['agent_id']}/duplicate")

    assert copy.status_code == 201
    assert copy.json()["name"] == "Science, aloud (copy)"
    client.delete(f"/v1/agents/{original['agent_id']}")
    assert client.get(copy.headers["Location"]).status_code == 200


def test_agents_are_listed_by_page_and_found_by_name(client: TestClient) -> None:
    for number in range(5):
        saved(client, name=f"Agent {number}")
    seen, url = [], "/v1/agents?limit=2"
    while True:
        page = client.get(url).json()
        seen += [agent["name"] for agent in page["items"]]
        if page["next_cursor"] is None:
            break
        url = f"/v1/agents?limit=2&cursor={page['next_cursor']}"

    found = client.get("/v1/agents", params={"search": "AGENT 3"}).json()["items"]

    assert sorted(seen) == [f"Agent {number}" for number in range(5)]
    assert [agent["name"] for agent in found] == ["Agent 3"]


@pytest.mark.parametrize(
    ("change", "pointer", "word"),
    [
        ({"language": "pt-XX"}, "/language", "pt-XX"),
        ({"target_languages": ["pt-BR", "pt-br"]}, "/target_languages/1", "/target_languages/0"),
        ({"cultural_configs": {"zz": "x"}}, "/cultural_configs/zz", "zz"),
        ({"default_voices": {"pt-BR": "nobody"}}, "/default_voices/pt-BR", "nobody"),
        ({"default_voices": {"pt-BR": "espeak:en-US"}}, "/default_voices/pt-BR", "en-US"),
        ({"voice": "x"}, "/voice", "voice"),
        ({"name": ""}, "/name", "1 character"),
    ],
)
def test_says_what_is_wrong_with_an_agent(
    client: TestClient, change: dict[str, Any], pointer: str, word: str
) -> None:
    answer = client.post("/v1/agents", json={**AGENT, **change})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, pointer)
    assert word in error["detail"]


def test_somebody_elses_agent_is_not_there(client: TestClient, gateway: FakeGateway) -> None:
    path = f"/v1/agents/{saved(client)['agent_id']}"
    agent_id = path.rpartition("/")[2]

    with gateway.client(SOMEBODY_ELSE) as other:
        answers = [
            other.get(path),
            other.put(path, json=AGENT),
            other.delete(path),
            other.post(f"{path}/duplicate"),
        ]
        batch = other.post("/v1/batches", json=BATCH | {"agent_id": agent_id})
        listed = other.get("/v1/agents").json()["items"]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (batch.status_code, batch.json()["errors"][0]["pointer"]) == (422, "/agent_id")
    assert listed == []


def test_a_batch_takes_a_saved_agent(client: TestClient, gateway: FakeGateway) -> None:
    agent_id = saved(client)["agent_id"]

    answer = client.post(
        "/v1/batches", json={"mode": "matrix", "titles": ["Bees"], "agent_id": agent_id}
    )

    assert answer.status_code == 202
    request = submitted(gateway).request
    assert request is not None
    assert request.targets[0].voice == "espeak:pt-BR"
    assert [target.language for target in request.targets] == ["pt-BR", "es-ES"]
    assert request.script_language == "en-US"


def test_a_batch_has_one_agent(client: TestClient) -> None:
    body = BATCH | {"agent_id": str(uuid4()), "agent": {"language": "en-US"}}

    answer = client.post("/v1/batches", json=body)

    assert answer.json()["errors"][0]["detail"] == "give agent or agent_id, not both"


def test_the_same_key_is_the_same_batch_though_the_agent_has_changed(
    client: TestClient,
) -> None:
    agent_id = saved(client)["agent_id"]
    body, headers = BATCH | {"agent_id": agent_id}, {"Idempotency-Key": "once"}
    first = client.post("/v1/batches", json=body, headers=headers)
    client.put(f"/v1/agents/{agent_id}", json=AGENT | {"persona_prompt": "Another."})

    again = client.post("/v1/batches", json=body, headers=headers)

    assert again.json()["batch_id"] == first.json()["batch_id"]


def test_preferences_are_changed_one_by_one(client: TestClient) -> None:
    client.patch("/v1/me/preferences", json={"theme": "dark", "profile": "youtube"})

    answer = client.patch("/v1/me/preferences", json={"theme": None, "ui_language": "pt-BR"})

    assert answer.json() == client.get("/v1/me/preferences").json()
    assert answer.json() == {
        "ui_language": "pt-BR",
        "theme": None,
        "agent_id": None,
        "format": None,
        "profile": "youtube",
        "voices": {},
        "recent_languages": [],
    }


def test_a_batch_follows_preferences_where_it_says_nothing(
    client: TestClient, gateway: FakeGateway
) -> None:
    agent_id = saved(client, default_voices={})["agent_id"]
    likes = {
        "agent_id": agent_id,
        "format": "opus",
        "profile": "acx",
        "voices": {"pt-BR": "pt-BR-Chirp3-HD-Kore"},
    }
    client.patch("/v1/me/preferences", json=likes)

    client.post("/v1/batches", json=BATCH | {"options": {"profile": "youtube"}})

    request = submitted(gateway).request
    assert request is not None
    assert (request.options.format, request.options.profile) == ("opus", "youtube")
    assert [target.voice for target in request.targets] == ["pt-BR-Chirp3-HD-Kore"]
    assert request.script_language == "en-US"


def test_an_agent_that_was_liked_and_is_gone_is_missed_by_nobody(
    client: TestClient, gateway: FakeGateway
) -> None:
    agent_id = saved(client)["agent_id"]
    client.patch("/v1/me/preferences", json={"agent_id": agent_id})
    client.delete(f"/v1/agents/{agent_id}")

    assert client.post("/v1/batches", json=BATCH).status_code == 202


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"agent_id": str(uuid4())}, "/agent_id"),
        ({"voices": {"pt-BR": "espeak:en-US"}}, "/voices/pt-BR"),
        ({"ui_language": "de"}, "/ui_language"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_says_what_is_wrong_with_preferences(
    client: TestClient, gateway: FakeGateway, change: dict[str, Any], pointer: str
) -> None:
    answer = client.patch("/v1/me/preferences", json=change)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert gateway.preferences.rows.get(ME) is None
