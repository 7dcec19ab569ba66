from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.gateway.store.batches import preloads_of
from services.gateway.store.spoken_texts import SpokenText, UnreadCut
from services.gateway.trigrams import trigrams
from shared.artefacts import Shelved
from shared.events import ScriptAdapted
from tests.support.gateway import ME, NOW, SOMEBODY_ELSE, FakeGateway

PRELOAD = {"voice": "espeak:pt-BR", "texts": ["Olá!", "Até logo.", "Olá!"]}


async def a_cut(gateway: FakeGateway, cut: bytes) -> UnreadCut:
    ref = await gateway.room.put("cut", cut, media_type="application/json")
    return UnreadCut(job_id=uuid4(), language="pt-BR", voice="espeak:pt-BR", spoken_at=NOW, cut=ref)


def test_stats_are_of_each_provider_and_of_all(client: TestClient, gateway: FakeGateway) -> None:
    gateway.shelf.shelved = [
        Shelved("espeak", entries=2, bytes=200, hits=3, misses=1),
        Shelved("google", entries=1, bytes=50, misses=4, evicted=3),
    ]

    found = client.get("/v1/cache/stats").json()

    assert (found["entries"], found["bytes"], found["hit_rate"]) == (3, 250, 0.375)
    assert [each["hit_rate"] for each in found["providers"]] == [0.75, 0.0]
    assert found["limit_bytes"] == 5_000_000_000


def test_nothing_asked_for_has_no_hit_rate(client: TestClient) -> None:
    assert client.get("/v1/cache/stats").json()["hit_rate"] is None


def test_a_phrase_is_preloaded_as_a_job_and_always_the_same_one(
    client: TestClient, gateway: FakeGateway
) -> None:
    answers = [client.post("/v1/cache/preload", json=PRELOAD) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    first, second = gateway.publisher.published[:2]
    assert isinstance(first, ScriptAdapted)
    assert isinstance(second, ScriptAdapted)
    assert (first.text, second.text) == ("Olá!", "Até logo.")
    assert (first.user_id, first.batch_id) == (ME, preloads_of(ME))
    assert (first.language, first.voice) == ("pt-BR", "espeak:pt-BR")
    assert len(gateway.publisher.published) == 4


@pytest.mark.parametrize(
    ("draft", "status"),
    [
        ({**PRELOAD, "voice": "nobody"}, 404),
        ({**PRELOAD, "texts": []}, 422),
        ({**PRELOAD, "texts": ["  "]}, 422),
        ({**PRELOAD, "texts": ["\x1c"]}, 422),
        ({**PRELOAD, "texts": ["x"] * 501}, 422),
    ],
)
def test_a_preload_that_cannot_be_spoken_is_refused(
    client: TestClient, gateway: FakeGateway, draft: dict[str, object], status: int
) -> None:
    assert client.post("/v1/cache/preload", json=draft).status_code == status
    assert gateway.publisher.published == []


async def test_a_search_reads_what_is_not_read_yet_and_only_of_whom_asks(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = await a_cut(gateway, b'[["O segredo ", "das abelhas."], ["Fim."]]')
    theirs = await a_cut(gateway, b'[["Secret."]]')
    broken = await a_cut(gateway, b"{")
    gateway.spoken.waiting = [(ME, mine), (SOMEBODY_ELSE, theirs), (ME, broken)]
    gateway.spoken.found = [
        SpokenText(
            text="O segredo das abelhas.",
            language="pt-BR",
            voice="espeak:pt-BR",
            job_id=mine.job_id,
            spoken_at=NOW + timedelta(1),
            similarity=0.9,
        )
    ]

    found = client.get("/v1/cache/similar", params={"text": "abelhas", "threshold": 0.3}).json()

    assert gateway.spoken.texts == [(ME, "O segredo das abelhas."), (ME, "Fim.")]
    assert [user for user, _ in gateway.spoken.asked] == [ME]
    assert found["items"][0]["similarity"] == 0.9
    assert found["complete"] is True


def test_only_an_admin_clears_it_and_it_is_written_down(gateway: FakeGateway) -> None:
    with gateway.client() as client:
        refused = client.delete("/v1/cache").status_code
    with gateway.client(role="admin") as client:
        done = client.delete("/v1/cache").status_code
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert (refused, done, gateway.shelf.cleared) == (403, 202, 1)
    assert [entry["action"] for entry in entries] == ["cache.cleared"]


def test_trigrams_are_of_words_whatever_their_case_and_marks() -> None:
    assert trigrams("O Segredo!") == trigrams("o  segredo")
    assert trigrams("...") == []
    assert set(trigrams("abelha")) & set(trigrams("abelhas"))
    assert not set(trigrams("abelha")) & set(trigrams("xyz"))
