from uuid import uuid4

from fastapi.testclient import TestClient

from services.gateway.store.jobs import FailedTry
from services.gateway.store.redrives import Redrive
from shared.vocabulary import JobState
from tests.support.gateway import ME, FakeGateway, job
from tests.support.letters import NOW, letter
from tests.support.records import Record

URL = "/v1/admin/dead-letters"


def admin(gateway: FakeGateway) -> TestClient:
    return gateway.client(role="admin")


def test_only_admins_see_them(client: TestClient, stranger: TestClient) -> None:
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}/redrive", json={"all": True}).status_code == 403
    assert stranger.get(URL).status_code == 401


def test_they_are_listed_newest_first_page_by_page(gateway: FakeGateway) -> None:
    gateway.dead.rows = [letter(number=number) for number in range(5)]

    with admin(gateway) as client:
        first = client.get(URL, params={"limit": 3}).json()
        second = client.get(URL, params={"cursor": first["next_cursor"]}).json()

    found = [item["at_offset"] for item in first["items"] + second["items"]]
    assert found == [4, 3, 2, 1, 0]
    assert second["next_cursor"] is None


def test_a_filter_that_is_misspelt_is_refused(gateway: FakeGateway) -> None:
    with admin(gateway) as client:
        assert client.get(URL, params={"servise": "narrator"}).status_code == 422


def test_one_is_shown_with_what_it_holds(gateway: FakeGateway) -> None:
    row = letter(at_offset=9)
    gateway.dead.rows = [row]
    gateway.dead.records[row.topic, row.partition, 9] = Record(
        row.topic, b"\xffx", headers=[("dead_code", b"bug"), ("odd", None)], key=b"k"
    )
    gateway.dead.redrives = [
        Redrive(
            number=1,
            requested_by=ME,
            requested_at=NOW,
            run=2,
            outcome="sent",
            settled_at=NOW,
        )
    ]

    with admin(gateway) as client:
        found = client.get(f"{URL}/{row.letter_id}").json()

    assert (found["key"], found["value"]) == ("k", "\ufffdx")
    assert found["headers"] == {"dead_code": "bug"}
    assert found["history"][0]["outcome"] == "sent"


def test_one_that_is_not_there_or_no_more(gateway: FakeGateway) -> None:
    row = letter()
    gateway.dead.rows = [row]

    with admin(gateway) as client:
        unknown = client.get(f"{URL}/{uuid4()}")
        gone = client.get(f"{URL}/{row.letter_id}")

    assert (unknown.status_code, gone.status_code) == (404, 404)
    assert "Kafka does not have" in gone.json()["detail"]


def test_an_order_says_what_became_of_it_and_is_written_down(gateway: FakeGateway) -> None:
    with admin(gateway) as client:
        answer = client.post(f"{URL}/redrive", json={"service": "narrator", "code": "bug"})
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert answer.status_code == 202
    assert answer.json() == {"redriven": 1, "already": 0, "moved_on": 0}
    (order,) = gateway.dead.orders
    assert (order.wanted.service, order.wanted.code, order.by) == ("narrator", "bug", ME)
    assert entries[0]["action"] == "dead_letters.redriven"


def test_a_trial_is_not_written_down(gateway: FakeGateway) -> None:
    with admin(gateway) as client:
        client.post(f"{URL}/redrive", json={"all": True, "try_only": True})
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert gateway.dead.orders[0].try_only
    assert entries == []


def test_an_order_says_which_ones(gateway: FakeGateway) -> None:
    with admin(gateway) as client:
        nothing = client.post(f"{URL}/redrive", json={})
        both = client.post(f"{URL}/redrive", json={"all": True, "code": "bug"})

    assert (nothing.status_code, both.status_code) == (422, 422)
    assert gateway.dead.orders == []


def test_a_job_shows_every_try_that_came_to_nothing(
    gateway: FakeGateway, client: TestClient
) -> None:
    row = gateway.jobs.add(job(state=JobState.COMPLETED))
    gateway.jobs.tries = [
        FailedTry(
            at=NOW, stage="adapter", run=1, code="rate_limited", reason="slower", delay_seconds=2.5
        )
    ]

    found = client.get(f"/v1/jobs/{row.job_id}").json()

    assert found["state"] == "completed"
    assert [(each["stage"], each["code"]) for each in found["history"]] == [
        ("adapter", "rate_limited")
    ]
