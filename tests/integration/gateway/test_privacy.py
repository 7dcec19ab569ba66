"""Every route, asked by somebody else with the ids of what is not theirs."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from shared.providers.storage.local import LocalStorage
from tests.support.gateway_process import Servers, gateway

pytestmark = pytest.mark.connected

SECRET = "annas-secret"
BODY = {
    "mode": "matrix",
    "name": SECRET,
    "titles": [f"{SECRET} title"],
    "languages": ["pt-BR"],
}
BATCH = """
INSERT INTO batches (batch_id, user_id, name, mode, state, total, queued)
VALUES ($1, $2, $3, 'matrix', 'running', 1, 1)
"""
ROW = """
INSERT INTO jobs (job_id, batch_id, user_id, position, title, language, voice, state)
VALUES ($3, $1, $2, 0, $4, 'pt-BR', 'espeak:pt-BR', 'narrating')
"""
MADE = """
UPDATE jobs SET state = 'completed', script = $2, adapted = $2, audio = $2, srt = $2, vtt = $2
WHERE job_id = $1
"""
WEBHOOK = """
INSERT INTO webhooks (webhook_id, user_id, url, description, events, sealed, enabled)
VALUES ($1, $2, 'https://example.com/', $3, '{batch.completed}', '', false)
"""
DELIVERY = """
INSERT INTO webhook_deliveries (delivery_id, webhook_id, type, body, state)
VALUES ($1, $2, 'batch.completed', $3, 'failed')
"""
NOTIFICATION = """
INSERT INTO notifications (notification_id, user_id, type, data, at)
VALUES ($1, $2, 'batch.completed', jsonb_build_object('name', $3::text), now())
"""
LINE = "INSERT INTO job_log VALUES ($1, now(), 'scripter', $2)"
# Enough to be understood: what is asked about is not theirs, whatever they would do to it.
BODIES: dict[str, Any] = {
    "replace_agent": {"language": "en-US"},
    "change_key": {"enabled": False},
    "update_user": {"role": "admin"},
}
# The same for everybody.
PUBLIC = {"voice_id"}
# Of admins only: a 403, whatever the id is.
ADMINS = {"user_id", "letter_id"}


@pytest.fixture
async def url(kafka: str, redis_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[str]:
    async with gateway(Servers(kafka, redis_url, database_url, tmp_path)) as (_, address):
        yield address


@asynccontextmanager
async def somebody(url: str) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
        account = {"email": f"{uuid4().hex}@example.com", "password": "correct horse"}
        user = (await client.post("/v1/auth/register", json=account)).json()
        form = {"username": account["email"], "password": account["password"]}
        token = (await client.post("/v1/auth/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client, user["user_id"]


async def belongings(
    ana: httpx2.AsyncClient, user_id: str, database_url: str, folder: Path
) -> dict[tuple[str, str], str]:
    """Make one of everything; return the ids by (how a path begins, the parameter's name)."""
    batch_id, job_id, webhook_id, delivery_id, notification_id = (uuid4() for _ in range(5))
    async with LocalStorage(folder / "artefacts") as store:
        put = await store.put("secret.txt", SECRET.encode(), media_type="text/plain")
    artefact = {
        "key": put.key,
        "sha256": put.sha256,
        "bytes": put.bytes,
        "media_type": "text/plain",
    }
    database = await asyncpg.connect(database_url)
    await database.execute(BATCH, batch_id, user_id, SECRET)
    await database.execute(ROW, batch_id, user_id, job_id, f"{SECRET} title")
    await database.execute(MADE, job_id, json.dumps(artefact))
    await database.execute(LINE, job_id, SECRET)
    await database.execute(WEBHOOK, webhook_id, user_id, SECRET)
    await database.execute(DELIVERY, delivery_id, webhook_id, SECRET)
    await database.execute(NOTIFICATION, notification_id, user_id, SECRET)
    await database.close()
    # Nothing of it is in a path; it may be marked as read by nobody else.
    BODIES["read_notifications"] = {"notification_ids": [str(notification_id)]}

    async def made(path: str, body: dict[str, Any], name: str) -> str:
        answer = await ana.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()[name])

    key = {"provider": "gemini", "key": "AIza-of-anna", "project": SECRET}
    sessions = (await ana.get("/v1/me/sessions")).json()["items"]
    return {
        ("/v1/batches", "batch_id"): str(batch_id),
        ("/v1/jobs", "job_id"): str(job_id),
        ("/v1/webhooks", "webhook_id"): str(webhook_id),
        ("/v1/webhooks", "delivery_id"): str(delivery_id),
        ("/v1/me/sessions", "session_id"): sessions[0]["session_id"],
        ("/v1/me/keys", "key_id"): await made("/v1/me/keys", key, "key_id"),
        ("/v1/me/api-keys", "key_id"): await made("/v1/me/api-keys", {"name": SECRET}, "key_id"),
        ("/v1/agents", "agent_id"): await made(
            "/v1/agents", {"language": "en-US", "name": SECRET}, "agent_id"
        ),
    }


async def seen_by_owner(ana: httpx2.AsyncClient, ids: dict[tuple[str, str], str]) -> list[Any]:
    paths = [f"/v1/batches/{ids['/v1/batches', 'batch_id']}", "/v1/agents", "/v1/me/keys"]
    job, webhook = f"/v1/jobs/{ids['/v1/jobs', 'job_id']}", ids["/v1/webhooks", "webhook_id"]
    delivery = ids["/v1/webhooks", "delivery_id"]
    paths += [job, f"/v1/webhooks/{webhook}", f"/v1/webhooks/{webhook}/deliveries/{delivery}"]
    paths += ["/v1/notifications", "/v1/me/preferences"]
    answers = [await ana.get(path) for path in paths]
    assert all(SECRET in answer.text for answer in answers[:-1])
    for kind in ("audio", "srt", "vtt", "script"):
        assert (await ana.get(f"{job}/{kind}")).text == SECRET
    keys = (await ana.get("/v1/me/api-keys")).json()["items"]
    return [*(answer.json() for answer in answers), [key["key_id"] for key in keys]]


def filled(path: str, ids: dict[tuple[str, str], str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        # What this test makes none of cannot be found by anybody.
        found = (i for (start, n), i in ids.items() if n == name and path.startswith(start))
        return "pt-BR-Chirp3-HD-Kore" if name in PUBLIC else next(found, str(uuid4()))

    return re.sub(r"\{(\w+)\}", value, path)


SILENT = ("delete_key", "seed_remove_api_key", "seed_remove_tts_key")


def judged(name: str, path: str, answer: httpx2.Response) -> list[str]:
    private = set(re.findall(r"\{(\w+)\}", path)) - PUBLIC
    allowed = {403} if private & ADMINS else {404, 422}
    # Deleting what is not there is no mistake; that it is still there is seen afterwards.
    allowed |= {204} if name in SILENT else set()
    wrong = (
        [f"{name}: {answer.status_code}"] if private and answer.status_code not in allowed else []
    )
    return [*wrong, f"{name} told a secret"] if SECRET in answer.text else wrong


async def test_nobody_reaches_what_is_somebody_elses(
    url: str, database_url: str, tmp_path: Path
) -> None:
    wrong: list[str] = []
    async with (
        somebody(url) as (ana, ana_id),
        somebody(url) as (bob, _),
        httpx2.AsyncClient(base_url=url, timeout=30) as nobody,
    ):
        ids = await belongings(ana, ana_id, database_url, tmp_path)
        before = await seen_by_owner(ana, ids)
        document = (await bob.get("/openapi.json")).json()

        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                name, target = operation["operationId"], filled(path, ids)
                body = BODIES.get(name, {}) if "requestBody" in operation else None
                stranger = await nobody.request(method, target, json=body)
                if "security" in operation and stranger.status_code != 401:
                    wrong.append(f"{name}: {stranger.status_code} for nobody")
                if name != "logout":
                    wrong += judged(name, path, await bob.request(method, target, json=body))

        assert wrong == []
        assert await seen_by_owner(ana, ids) == before


async def test_no_socket_shows_what_is_somebody_elses(
    url: str, database_url: str, tmp_path: Path
) -> None:
    codes = []
    async with somebody(url) as (ana, ana_id), somebody(url) as (bob, _):
        ids = await belongings(ana, ana_id, database_url, tmp_path)
        path = f"{url.replace('http', 'ws')}/v1/batches/{ids['/v1/batches', 'batch_id']}/events"
        for headers in ({"Authorization": bob.headers["Authorization"]}, {}):
            async with connect(path, additional_headers=headers) as socket:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            assert closed.value.rcvd is not None
            codes.append(closed.value.rcvd.code)

    assert codes == [4404, 4401]
