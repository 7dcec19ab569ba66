from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from shared import catalogue
from shared.errors import RefusedError, TransientError
from tests.support.gateway import ME, FakeGateway

CLASSIC = tuple(voice for voice in catalogue.voices(provider="google") if not voice.model)
NEW = replace(CLASSIC[0], id="pt-PT-Chirp3-HD-Kore", language="pt-PT", family="chirp3-hd")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.install(())


@pytest.fixture
def admin(gateway: FakeGateway) -> Iterator[TestClient]:
    with gateway.client(ME, "admin") as client:
        yield client


def test_what_a_provider_lists_is_in_the_catalogue_at_once(
    gateway: FakeGateway, admin: TestClient
) -> None:
    gateway.providers.voices = (*CLASSIC[1:], NEW)

    answer = admin.post("/v1/voices/refresh", json={})
    voices = admin.get("/v1/voices?language=pt-PT&limit=200").json()["items"]

    found = answer.json()
    assert answer.status_code == 200
    assert (found["added"], found["unlisted"]) == (1, 1)
    assert (found["added_ids"], found["unlisted_ids"]) == ([NEW.id], [CLASSIC[0].id])
    assert NEW.id in {voice["id"] for voice in voices}
    assert gateway.voices.mirrored == gateway.voices.rows
    assert NEW.id in gateway.voices.mirrored["google"]


def test_only_an_admin_may(gateway: FakeGateway, client: TestClient) -> None:
    gateway.providers.voices = CLASSIC

    answer = client.post("/v1/voices/refresh", json={})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert gateway.voices.rows == {}


@pytest.mark.parametrize(
    ("said", "status"),
    [(RefusedError("google 403: no"), 502), (TransientError("away"), 503), ((), 502)],
)
def test_a_provider_that_does_not_answer_changes_nothing(
    gateway: FakeGateway, admin: TestClient, said: Exception, status: int
) -> None:
    gateway.providers.voices = said

    answer = admin.post("/v1/voices/refresh", json={"provider": "google"})

    assert answer.status_code == status
    assert gateway.voices.rows == {}
