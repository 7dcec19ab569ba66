from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from services.gateway.analysing import figures
from services.gateway.store.provider_calls import Answers
from tests.support.analysed import NOTHING
from tests.support.gateway import ME, FakeGateway

SPENT = {
    "name": "google/chirp3-hd",
    "calls": 4,
    "input_tokens": 0,
    "output_tokens": 0,
    "characters": 3_000,
    "audio_seconds": 180.0,
    "cost_usd": 0.09,
}
PATHS = ("summary", "usage", "trends", "providers", "errors", "preferences")


def answers(model: str, **outcomes: int) -> Answers:
    made = Answers("google", model, Counter(outcomes), seconds=8.0)
    made.buckets.update({1.0: 3, 4.0: 1})
    return made


@pytest.mark.parametrize("path", PATHS)
def test_everything_can_be_asked_for_with_nothing_there(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/analytics/{path}")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", PATHS)
def test_only_an_admin_sees_everybodys(gateway: FakeGateway, path: str) -> None:
    url = f"/v1/analytics/{path}?everyone=true"

    with gateway.client() as client:
        as_user = client.get(url).status_code
    with gateway.client(role="admin") as client:
        as_admin = client.get(url).status_code

    assert (as_user, as_admin) == (403, 200)


def test_figures_are_of_whom_asks(client: TestClient, gateway: FakeGateway) -> None:
    client.get("/v1/analytics/summary", params={"until": "2026-11-21T00:00:00Z"})

    asked, before = gateway.sums.asked[:2]
    assert {period.user_id for period in gateway.sums.asked} == {ME}
    assert asked.since == datetime(2026, 10, 22, tzinfo=UTC)
    assert before.until == asked.since
    assert before.until - before.since == timedelta(days=30)


def test_rates_follow_from_the_sums() -> None:
    totals = {
        **NOTHING,
        "completed": 8,
        "failed": 2,
        "cached_jobs": 2,
        "audio_seconds": 1_800.0,
        "cost_usd": 3.0,
        "seconds": [4.0, 9.0],
    }

    found = figures(totals)

    assert (found["success_rate"], found["cached_rate"]) == (0.8, 0.25)
    assert found["cost_per_audio_hour_usd"] == 6.0
    assert (found["median_seconds"], found["p95_seconds"]) == (4.0, 9.0)


def test_how_a_model_answers_is_shown_to_those_who_used_it(gateway: FakeGateway) -> None:
    gateway.sums.spending["model"] = [SPENT]
    gateway.calls.answers = [answers("chirp3-hd", ok=3, rate_limited=1), answers("wavenet", ok=4)]

    with gateway.client() as client, gateway.client(role="admin") as admin:
        mine = client.get("/v1/analytics/providers").json()["items"]
        all_of_them = admin.get("/v1/analytics/providers?everyone=true").json()["items"]

    assert [item["model"] for item in mine] == ["chirp3-hd"]
    assert mine[0]["cost_usd"] == 0.09
    assert mine[0]["answers"]["outcomes"] == {"ok": 3, "rate_limited": 1}
    assert (mine[0]["answers"]["mean_seconds"], mine[0]["answers"]["p95_seconds"]) == pytest.approx(
        (2.0, 3.6)
    )
    assert [item["model"] for item in all_of_them] == ["chirp3-hd", "wavenet"]


def test_what_was_spent_is_known_while_redis_is_away(
    client: TestClient, gateway: FakeGateway
) -> None:
    gateway.sums.spending["model"] = [SPENT]
    gateway.calls.away = True

    (item,) = client.get("/v1/analytics/providers").json()["items"]

    assert (item["calls"], item["answers"]) == (4, None)


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-11-20T00:00:00Z", "until": "2026-11-19T00:00:00Z"},
        {"since": "2020-01-01T00:00:00Z", "until": "2026-11-19T00:00:00Z"},
        {"since": "yesterday"},
        {"from": "2026-11-20T00:00:00Z"},
    ],
)
def test_a_period_that_makes_no_sense_is_refused(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/v1/analytics/summary", params=query).status_code == 422


def test_a_year_by_the_hour_is_too_much(client: TestClient) -> None:
    query = {"interval": "hour", "since": "2026-01-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"}

    assert client.get("/v1/analytics/trends", params=query).status_code == 422
