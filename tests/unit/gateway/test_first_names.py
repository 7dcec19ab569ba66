"""A client written from the owner's first documents alone, name by name and field by field."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.gateway.store.spoken_texts import SpokenText
from shared.events import BatchesControl, BatchesSubmitted
from shared.runtime.processes import Process
from shared.vocabulary import BatchCounts, BatchState, JobState
from tests.support.gateway import NOW, FakeGateway, batch, job
from tests.support.narrating import Speaking

AGENT = {
    "name": "Clara",
    "idioma": "pt-BR",
    "premise_prompt": "p",
    "persona_and_global_rules_prompt": "q",
    "block_structure_prompt": "r",
    "cultural_adaptation_prompt": "s",
    "idiomas_alvo": ["pt-BR", "en-US"],
    "cultural_configs": {"en-US": "short"},
    "default_voices": {"pt-BR": "espeak:pt-BR"},
}


@pytest.fixture
def speaking(gateway: FakeGateway) -> Iterator[TestClient]:
    gateway.publisher = Speaking(gateway)
    with gateway.client() as client:
        yield client


def test_register_then_token(stranger: TestClient) -> None:
    made = stranger.post("/register", json={"email": "a@example.com", "password": "12345678"})
    answer = stranger.post("/token", data={"username": "a@example.com", "password": "12345678"})

    assert made.status_code == 201
    assert answer.json()["token_type"] == "bearer"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert stranger.get("/me/agents", headers=headers).json() == []
    wrong = stranger.post("/token", data={"username": "a@example.com", "password": "87654321"})
    assert wrong.status_code == 401


def test_gerar_roteiro_then_status_then_variacoes(speaking: TestClient) -> None:
    begun = speaking.post(
        "/gerar-roteiro",
        json={"titulo": "O segredo das abelhas", "num_variacoes": 2, "agente_config": AGENT},
        headers={"X-API-Key": "AIza-a-key-of-gemini"},
    )

    assert begun.status_code == 202, begun.text
    job_id = begun.json()["job_id"]
    status = speaking.get(f"/status/{job_id}").json()
    told = speaking.get(f"/jobs/{job_id}/variacoes").json()
    assert (status["id"], status["status"]) == (job_id, "completed")
    assert status["titulo"] == "O segredo das abelhas"
    assert status["roteiro_master"] == "O segredo das abelhas"
    assert status["resultado"]
    assert isinstance(status["log"], list)
    assert set(status["roteiros_adaptados"]) == {"pt-BR", "en-US"}
    assert set(status["audios_gerados"]) == {"pt-BR", "en-US"}
    assert status["chars_processados_tts"] == 4 * len("O segredo das abelhas")
    assert isinstance(status["duracao_total_segundos"], int)
    assert (status["num_variacoes"], told["num_variacoes"]) == (2, 2)
    assert set(told["roteiros_por_variacao"]) == {"variacao_1", "variacao_2"}
    assert set(told["audios_por_variacao"]["variacao_2"]) == {"pt-BR", "en-US"}
    audio = speaking.get(told["audios_por_variacao"]["variacao_1"]["pt-BR"])
    assert (audio.status_code, audio.content) == (200, b"sound as mp3")


def test_agents_are_kept_by_their_first_names(client: TestClient) -> None:
    made = client.post("/me/agents", json=AGENT)

    assert made.status_code == 201, made.text
    agent = made.json()
    assert agent.items() >= AGENT.items()
    assert client.get("/me/agents").json() == [agent]
    path = f"/me/agents/{agent['id']}"
    assert client.get(path).json() == agent
    assert client.put(path, json=AGENT | {"name": "Ana"}).json()["name"] == "Ana"
    assert client.get(f"/v1/agents/{agent['id']}").json()["persona_prompt"] == "q"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "provider"), [("/me/apikeys", "gemini"), ("/me/ttskeys", "google")]
)
def test_keys_are_kept_and_never_shown(
    client: TestClient, gateway: FakeGateway, path: str, provider: str
) -> None:
    made = client.post(path, json={"key": "AIza-secret-123"})

    assert made.status_code == 201, made.text
    assert "secret" not in made.text
    assert [key["id"] for key in client.get(path).json()] == [made.json()["id"]]
    [(kept, _)] = gateway.provider_keys.rows.values()
    assert kept.provider == provider
    assert client.post(path, json={"key": "AIza-secret-123"}).status_code == 409
    assert client.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert client.get(path).json() == []


def test_batches_generate_status_results_download(speaking: TestClient) -> None:
    titles = ["Título 1", "Título 2"]
    config = AGENT | {"idiomas_alvo": ["pt-BR"]}

    answer = speaking.post(
        "/batches/generate",
        json={"titulos": titles, "num_variacoes": 3, "agente_config": config},
        headers={"X-API-Key": "AIza-a-key-of-gemini"},
    )

    begun = answer.json()
    assert answer.status_code == 202, answer.text
    assert begun["total_jobs"] == len(begun["job_ids"]) == 6
    path = f"/batches/{begun['batch_id']}"
    status = speaking.get(f"{path}/status").json()
    assert status["batch_id"] == begun["batch_id"]
    assert status["status"] == "completed"
    assert (status["total_jobs"], status["completed_jobs"], status["failed_jobs"]) == (6, 6, 0)
    assert (status["running_jobs"], status["progress_percentage"]) == (0, 100.0)
    assert [set(line) for line in status["jobs"]] == [{"job_id", "titulo", "status"}] * 6
    assert [line["job_id"] for line in status["jobs"]] == begun["job_ids"]
    results = speaking.get(f"{path}/results?limit=4").json()
    assert len(results["results"]) == 4
    first = results["results"][0]
    assert (first["title"], first["language_code"]) == ("Título 1", "pt-BR")
    assert (first["voice_id"], first["voice_used"]) == ("espeak:pt-BR", "espeak:pt-BR")
    assert (first["variation_number"], first["status"]) == (1, "completed")
    assert speaking.get(first["audio_url"]).status_code == 200
    assert speaking.get(first["roteiro_url"]).text == "Título 1"
    assert {"error_message", "retry_count", "processing_time_seconds"} <= first.keys()
    rest = speaking.get(f"{path}/results?cursor={results['next_cursor']}").json()
    assert len(rest["results"]) == 2
    for name in ("download", "download-all"):
        zipped = speaking.get(f"{path}/{name}")
        assert zipped.headers["content-type"] == "application/zip"
        assert zipped.content.startswith(b"PK")


@pytest.mark.parametrize("mode", ["expand_languages", "expand_titles", "matrix"])
def test_batches_create_takes_the_three_modes(client: TestClient, mode: str) -> None:
    body: dict[str, Any] = {"mode": mode, "titles": ["A"], "languages": ["pt-BR"], "variations": 2}

    answer = client.post("/batches/create", json=body)

    assert answer.status_code == 202, answer.text
    assert (answer.json()["total_jobs"], answer.json()["status"]) == (2, "queued")
    wrong = client.post("/batches/create", json=body | {"mode": "other"})
    assert wrong.json()["errors"][0]["pointer"] == "/mode"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (BatchState.QUEUED, "queued"),
        (BatchState.RUNNING, "running"),
        (BatchState.AWAITING_REVIEW, "running"),
        (BatchState.PAUSED, "paused"),
        (BatchState.COMPLETED, "completed"),
        (BatchState.COMPLETED_WITH_ERRORS, "completed"),
        (BatchState.FAILED, "failed"),
        (BatchState.CANCELLED, "failed"),
    ],
)
def test_states_by_their_first_names(
    client: TestClient, gateway: FakeGateway, state: BatchState, said: str
) -> None:
    mine = gateway.batches.add(batch(state=state))

    texts = {"queued": "pending", "running": "processing", "paused": "processing"}
    expected = "cancelled" if state is BatchState.CANCELLED else texts.get(said, said)
    assert client.get(f"/batches/{mine.batch_id}/status").json()["status"] == said
    seen = client.get(f"/api/tts/advanced/batch/{mine.batch_id}/status").json()
    assert seen["status"]["status"] == expected


def test_the_status_of_a_batch_is_a_websocket_too(client: TestClient, gateway: FakeGateway) -> None:
    counts = BatchCounts(total=2, completed=2)
    mine = gateway.batches.add(batch(state=BatchState.COMPLETED, counts=counts))

    with client.websocket_connect(f"/batches/{mine.batch_id}/status") as socket:
        said = socket.receive_json()
        ending = socket.receive()

    assert (said["status"], said["completed_jobs"], said["progress_percentage"]) == (
        *("completed", 2),
        100.0,
    )
    assert (ending["type"], ending["code"]) == ("websocket.close", 1000)


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


def test_what_is_somebody_elses_is_not_there(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.batches.add(batch(), owner=uuid4())
    spoken = gateway.jobs.add(job(state=JobState.COMPLETED), owner=uuid4())

    for path in (
        *(f"/batches/{theirs.batch_id}/{each}" for each in ("status", "results", "download")),
        f"/status/{theirs.batch_id}",
        f"/status/{spoken.job_id}",
        f"/jobs/{spoken.job_id}/variacoes",
        f"/api/tts/download/{spoken.job_id}.mp3",
        f"/api/tts/advanced/batch/{theirs.batch_id}/status",
    ):
        assert client.get(path).status_code == 404, path
