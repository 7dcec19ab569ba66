from typing import Any

import pytest
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


def test_a_sheet_is_estimated_as_it_would_be_taken_in(client: TestClient) -> None:
    sheet = b"title;language;minutes\nBees;en-US;3\nRain;pt-BR;2\n"

    answer = client.post("/v1/batches/import:estimate", files={"file": ("batch.csv", sheet)})

    assert answer.status_code == 200, answer.text
    assert answer.json()["jobs"] == 2
    assert answer.json()["audio_seconds"] == pytest.approx(300, rel=0.2)


def test_what_is_wrong_with_an_estimated_sheet_is_said_by_line(client: TestClient) -> None:
    sheet = b"title;language\nBees;xx-XX\n"

    answer = client.post("/v1/batches/import:estimate", files={"file": ("batch.csv", sheet)})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["row"], error["column"]) == (2, "language")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (BODY | {"options": {"review": ["pt-BR", "brazilian"]}}, "/options/review/1"),
        (
            {
                "mode": "matrix",
                "rows": [{"title": "A", "language": "en-US", "options": {"review": ["xx-XX"]}}],
            },
            "/rows/0/options/review/0",
        ),
    ],
)
def test_a_language_to_review_that_is_none_is_named(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/batches:estimate", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
