import pytest

from services.gateway.scaling import PLANS, hint
from shared.runtime.processes import Process
from shared.telemetry.recent import Figures
from tests.support.gateway import FakeGateway


def narrators(*figures: Figures) -> list[Process]:
    return [Process(f"n{number}", "narrator", 1.0, "ready", f) for number, f in enumerate(figures)]


def test_replicas_are_what_waits_by_what_one_gets_done_in_time() -> None:
    busy = Figures(in_flight=8, handled=60, busy_seconds=600.0, over_seconds=300.0)

    found = hint("narrator", 700, narrators(busy, busy))

    # 8 at once x 300 s / 10 s each
    assert found.threshold == 240
    assert found.suggested_replicas == 3
    assert (found.replicas, found.in_flight, found.seconds) == (2, 16, 10.0)
    assert found.rate == pytest.approx(0.4)
    assert found.because == (
        "8 at once x 300 s of acceptable wait / 10 s each (measured) = 240 records a replica; "
        "700 wait / 240 = 2.92, so 3 within 1 and 24"
    )


def test_too_few_measurements_leave_the_plan() -> None:
    found = hint("narrator", 320, narrators(Figures(0, 3, 900.0, 300.0)))

    assert (found.seconds, found.threshold, found.suggested_replicas) == (None, 160, 2)
    assert "15 s each (planned)" in found.because


@pytest.mark.parametrize(("behind", "replicas"), [(0, 1), (10**7, PLANS["scripter"].most)])
def test_there_is_always_one_and_never_more_than_help(behind: int, replicas: int) -> None:
    found = hint("scripter", behind, [])

    assert (found.replicas, found.rate, found.suggested_replicas) == (0, 0, replicas)
    assert ("quotas" in found.because) == (behind > 0)


def test_admins_see_it_of_every_service_that_consumes(gateway: FakeGateway) -> None:
    with gateway.client() as client:
        refused = client.get("/v1/admin/scaling")
    with gateway.client(role="admin") as client:
        items = client.get("/v1/admin/scaling").json()["items"]

    assert refused.status_code == 403
    assert [item["service"] for item in items] == list(PLANS)
    [narrator] = [item for item in items if item["service"] == "narrator"]
    assert (narrator["behind"], narrator["suggested_replicas"]) == (40, 1)
