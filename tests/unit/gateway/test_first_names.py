"""A client of scripts and batches, written from the owner's first documents alone."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from shared.vocabulary import BatchCounts, BatchState, JobState
from tests.support.gateway import FakeGateway, batch, job

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
