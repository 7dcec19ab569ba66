from fastapi.testclient import TestClient

from shared.runtime.processes import Process
from shared.telemetry.recent import Figures
from tests.support.gateway import FakeGateway

TWO = [
    Process("one", "narrator", 1.0, state="ready", figures=Figures(in_flight=3, handled=40)),
    Process("two", "narrator", 2.0),
]


def test_processes_are_listed_by_service(gateway: FakeGateway) -> None:
    gateway.fleet.processes = [*TWO, Process("other", "gateway", 3.0, state="stopping")]

    with gateway.client(role="admin") as client:
        items = client.get("/v1/admin/processors").json()["items"]

    assert [item["process_id"] for item in items] == ["other", "one", "two"]
    assert items[1] == {
        "process_id": "one",
        "service": "narrator",
        "state": "ready",
        "started_at": "1970-01-01T00:00:01Z",
        "restart_ordered_at": None,
        "in_flight": 3,
        "handled": 40,
    }


def test_a_restart_is_of_a_service_or_of_one_process_and_is_written_down(
    gateway: FakeGateway,
) -> None:
    gateway.fleet.processes = list(TWO)

    with gateway.client(role="admin") as client:
        one = client.post("/v1/admin/processors/narrator/restart", json={"process_id": "two"})
        everyone = client.post("/v1/admin/processors/narrator/restart")
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert (one.status_code, everyone.status_code) == (202, 202)
    assert [item["process_id"] for item in one.json()["items"]] == ["two"]
    assert {item["process_id"] for item in everyone.json()["items"]} == {"one", "two"}
    assert all(item["restart_ordered_at"] for item in everyone.json()["items"])
    assert {entry["action"] for entry in entries} == {"processors.restarted"}
    assert sorted(len(entry["detail"]["processes"]) for entry in entries) == [1, 2]


def test_who_is_not_there_cannot_be_restarted(gateway: FakeGateway) -> None:
    gateway.fleet.processes = list(TWO)

    with gateway.client(role="admin") as client:
        nobody = client.post("/v1/admin/processors/narrator/restart", json={"process_id": "x"})
        none = client.post("/v1/admin/processors/scripter/restart")
        unknown = client.post("/v1/admin/processors/postgres/restart")
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert [answer.status_code for answer in (nobody, none, unknown)] == [404, 404, 422]
    assert "GET /v1/admin/processors" in nobody.json()["detail"]
    assert entries == []


def test_only_admins_see_and_restart_processes(client: TestClient, gateway: FakeGateway) -> None:
    gateway.fleet.processes = list(TWO)

    answers = [
        client.get("/v1/admin/processors"),
        client.post("/v1/admin/processors/narrator/restart"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert gateway.fleet.processes == TWO
