"""A client of speech, written from the owner's first documents alone."""

from uuid import uuid4

from fastapi.testclient import TestClient

from services.gateway.store.spoken_texts import SpokenText
from shared.events import BatchesControl, BatchesSubmitted
from shared.runtime.processes import Process
from shared.vocabulary import BatchState
from tests.support.gateway import NOW, FakeGateway, batch
from tests.support.narrating import Speaking


def test_voices_and_languages(stranger: TestClient) -> None:
    voices = stranger.get("/tts/voices").json()
    languages = stranger.get("/tts/languages").json()

    assert voices["total"] == len(voices["voices"]) > 2250
    assert languages["total"] == len(languages["languages"]) > 75
    some = stranger.get("/tts/voices?language=pt-BR").json()["voices"]
    assert {voice["language_code"] for voice in some} == {"pt-BR"}
    assert "v2/pt_speaker_9" in {voice["voice_id"] for voice in some}
    assert stranger.get("/tts/voices?language=xx-XX").status_code == 422


def test_generate_narration_then_download(speaking: TestClient, gateway: FakeGateway) -> None:
    body = {"text": "Olá! Este é um teste.", "provider": "bark", "voice": "v2/pt_speaker_1"}

    first = speaking.post("/api/tts/generate-narration", json=body).json()
    second = speaking.post("/api/tts/generate-narration", json=body).json()

    assert (first["success"], first["cached"], first["error"]) == (True, False, None)
    assert first["duration"] > 0
    assert second["cached"] is True
    assert speaking.get(first["audio_path"]).content == b"sound as mp3"
    event = gateway.publisher.published[-1]
    assert isinstance(event, BatchesSubmitted)
    assert event.request
    assert event.request.rows[0].voice == "v2/pt_speaker_1"
    for name in ("other.mp3", f"{uuid4()}.mp3", "..%2Fsecret"):
        assert speaking.get(f"/api/tts/download/{name}").status_code == 404


def test_a_narration_that_fails_is_told(gateway: FakeGateway) -> None:
    gateway.publisher = Speaking(gateway, error=("refused", "the voice refused"))

    with gateway.client() as client:
        seen = client.post("/api/tts/generate-narration", json={"text": "Olá"}).json()

    assert (seen["success"], seen["audio_path"]) == (False, None)
    assert seen["error"] == "the voice refused"


def test_quick_batch(speaking: TestClient) -> None:
    body = {"texts": ["Texto 1", "Texto 2", "Texto 3"], "provider": "auto"}

    seen = speaking.post("/api/tts/quick-batch", json=body).json()

    assert (seen["success"], seen["total"], len(seen["results"])) == (True, 3, 3)
    assert all(result["success"] for result in seen["results"])


def test_advanced_batch_status_download(speaking: TestClient) -> None:
    begun = speaking.post(
        "/api/tts/advanced/batch",
        json={"texts": ["Introdução ao curso", "Conclusão"], "voice": "v2/pt_speaker_1"},
    )

    assert begun.status_code == 202, begun.text
    path = f"/api/tts/advanced/batch/{begun.json()['batch_id']}"
    status = speaking.get(f"{path}/status").json()["status"]
    assert (status["progress"], status["status"]) == (100.0, "completed")
    assert speaking.get(f"{path}/download").content.startswith(b"PK")
    assert speaking.delete(path).status_code == 409
    too_many = speaking.post("/api/tts/advanced/batch", json={"texts": ["a"] * 51})
    assert too_many.status_code == 422


def test_an_advanced_batch_is_cancelled(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(state=BatchState.RUNNING))

    answer = client.delete(f"/api/tts/advanced/batch/{mine.batch_id}")

    assert answer.json() == {"success": True, "batch_id": str(mine.batch_id)}
    [order] = gateway.publisher.published
    assert isinstance(order, BatchesControl)
    assert order.action == "cancel"


def test_phrases_are_spoken_before_their_time(speaking: TestClient) -> None:
    phrases = ["Bem-vindos", "Obrigado", "Até logo"]

    preloaded = speaking.post(
        "/api/tts/advanced/cache/preload", json={"phrases": phrases, "provider": "gtts"}
    )
    later = speaking.post("/api/tts/generate-narration", json={"text": "Obrigado"}).json()

    assert (preloaded.status_code, preloaded.json()["total"]) == (202, 3)
    assert later["cached"] is True


def test_what_is_like_a_phrase_is_found(client: TestClient, gateway: FakeGateway) -> None:
    spoken = SpokenText(
        text="Olá, e bem-vindos!",
        language="pt-BR",
        voice="v2/pt_speaker_2",
        job_id=uuid4(),
        spoken_at=NOW,
        similarity=0.83,
    )
    gateway.spoken.found = [spoken]

    answer = client.get("/api/tts/advanced/cache/similar?text=olá&threshold=0.8")

    [found] = answer.json()["results"]
    assert (answer.json()["total"], found["text"], found["similarity"]) == (1, spoken.text, 0.83)
    assert found["audio_path"] == f"/api/tts/download/{spoken.job_id}.mp3"
    [(_, wanted)] = gateway.spoken.asked
    assert (wanted.text, wanted.threshold) == ("olá", 0.8)


def test_only_an_admin_clears_the_cache_and_sees_the_system(gateway: FakeGateway) -> None:
    asked = (("DELETE", "cache"), ("GET", "admin/system-info"))

    with gateway.client() as client:
        refused = [client.request(m, f"/api/tts/advanced/{path}") for m, path in asked]
    with gateway.client(role="admin") as client:
        cleared, info = (client.request(m, f"/api/tts/advanced/{path}") for m, path in asked)
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert [answer.status_code for answer in refused] == [403, 403]
    assert (cleared.status_code, gateway.shelf.cleared) == (202, 1)
    assert [entry["action"] for entry in entries] == ["cache.cleared"]
    assert info.json()["services"][0]["service"] == "narrator"


def test_the_processor_is_restarted_by_a_post_of_an_admin(gateway: FakeGateway) -> None:
    gateway.fleet.processes = [Process("one", "narrator", 1.0, state="ready")]
    path = "/api/tts/advanced/admin/processor/restart"

    with gateway.client() as client:
        refused = client.post(path)
    with gateway.client(role="admin") as client:
        done, read = client.post(path), client.get(path)
        entries = client.get("/v1/admin/audit-log").json()["items"]

    assert (refused.status_code, done.status_code, read.status_code) == (403, 202, 405)
    assert [item["process_id"] for item in done.json()["items"]] == ["one"]
    assert [entry["action"] for entry in entries] == ["processors.restarted"]


def test_health(client: TestClient) -> None:
    seen = client.get("/api/tts/advanced/health").json()

    assert seen["status"] == "healthy"
    assert set(seen["services"]) == {"batch_processor", "cache_manager", "advanced_features"}
