from typing import Any

from fastapi.testclient import TestClient

from services.gateway.store.history import Told
from shared.vocabulary import Options
from tests.support.gateway import FakeGateway

BODY: dict[str, Any] = {
    "mode": "matrix",
    "titles": ["Bees", "Rain"],
    "languages": ["en-US", "pt-BR"],
    "agent": {"language": "en-US"},
    "variations": 2,
}


def estimated(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/batches:estimate", json=BODY | changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_script_is_counted_once_for_all_its_languages(client: TestClient) -> None:
    found = estimated(client)

    assert (found["jobs"], found["scripts"], found["adaptations"]) == (8, 4, 4)
    # A premise, a plan and a block of each script, an adaptation of each, and the speech.
    assert found["provider_calls"] == 4 * 3 + 4 + 8
    assert found["cost_usd"] > 0
    assert found["fits"] is True
    assert found["based_on_jobs"] == 0


def test_two_voices_of_a_language_share_its_adaptation(client: TestClient) -> None:
    found = estimated(
        client, voices={"pt-BR": ["espeak:pt-BR", "pt-BR-Chirp3-HD-Kore"]}, variations=1
    )

    assert (found["jobs"], found["adaptations"]) == (6, 2)
    by_stage = {(s["stage"], s["provider"]): s["calls"] for s in found["spending"]}
    assert by_stage == {
        ("scripter", "gemini"): 6,
        ("adapter", "gemini"): 2,
        ("narrator", "espeak"): 4,
        ("narrator", "google"): 2,
    }


def test_what_was_made_before_costs_nothing(gateway: FakeGateway, client: TestClient) -> None:
    gateway.history.told_before = [
        Told(
            title=title,
            variation=variation,
            aspect="",
            language=language,
            voice=f"espeak:{language}",
            adapted=True,
            spoken=True,
            options=Options(),
        )
        for title in ("Bees", "Rain")
        for variation in (1, 2)
        for language in ("en-US", "pt-BR")
    ]

    found = estimated(client)

    assert (found["jobs_cached"], found["provider_calls"], found["cost_usd"]) == (8, 0, 0.0)
    assert found["characters"] > 0


def test_a_budget_that_is_too_small_does_not_fit(client: TestClient) -> None:
    found = estimated(client, options={"budget_usd": 0.001})

    assert found["fits"] is False
    (finding,) = found["findings"]
    assert (finding["code"], finding["pointer"]) == ("budget", "/options/budget_usd")


def test_titles_that_are_nearly_the_same_are_pointed_out(client: TestClient) -> None:
    found = estimated(client, titles=["Bees", "bees!"])

    assert [(f["kind"], f["code"], f["pointer"]) for f in found["findings"]] == [
        ("warning", "similar_title", "/titles/1")
    ]


def test_what_would_be_refused_is_refused_in_the_same_words(client: TestClient) -> None:
    wrong = BODY | {"languages": ["xx"], "titles": ["", "Bees"]}

    estimate = client.post("/v1/batches:estimate", json=wrong)
    batch = client.post("/v1/batches", json=wrong)

    assert estimate.status_code == batch.status_code == 422
    assert estimate.json()["errors"] == batch.json()["errors"]


def test_an_estimate_begins_nothing(gateway: FakeGateway, client: TestClient) -> None:
    estimated(client)

    assert not gateway.publisher.published
    assert not gateway.room.objects


def test_rows_are_estimated_one_by_one(client: TestClient) -> None:
    rows = [
        {"title": "Bees", "language": "en-US"},
        {"title": "Bees", "language": "en-US", "options": {"target_minutes": 10}},
    ]
    body = {"mode": "matrix", "rows": rows, "options": {"target_minutes": 1}}

    answer = client.post("/v1/batches:estimate", json=body)

    assert answer.json()["jobs"] == 2
    assert answer.json()["audio_seconds"] == 660
