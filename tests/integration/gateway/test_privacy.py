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
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from services.gateway.routes import FIRST_NAMES, ROUTERS
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
Ids = dict[str, Any]
# What routes call by a name that others have for something else.
API_KEY = "key_id of /v1/me/api-keys"
LINE = "INSERT INTO job_log VALUES ($1, now(), 'scripter', $2)"
# The same for everybody.
PUBLIC = {"voice_id": "pt-BR-Chirp3-HD-Kore", "model": "tts-1"}
# Of admins only: a 403, whatever it names.
ADMINS = {"user_id", "letter_id", "service"}
SHEET = {"file": ("sheet.csv", b"title,language\nBees,pt-BR\n", "text/csv")}
# It says how to clear what is stored, and not whose it is.
NAMES_NOTHING = {"client_id", "process_id"}


@pytest.fixture
async def url(kafka: str, redis_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[str]:
    servers = Servers(kafka, redis_url, database_url, tmp_path)
    # What they ask for of their own is not waited for.
    waits = {"PREVIEW_SECONDS": "0.2", "NARRATION_SECONDS": "0.2", "RATE_LIMITS": ""}
    async with gateway(servers, **waits) as (_, address):
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


async def belongings(ana: httpx2.AsyncClient, user_id: str, database_url: str, folder: Path) -> Ids:
    """Make one of everything; return what names it, by how a route calls that."""
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

    async def made(path: str, body: dict[str, Any], name: str) -> str:
        answer = await ana.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()[name])

    key = {"provider": "gemini", "key": "AIza-of-anna", "project": SECRET}
    sessions = (await ana.get("/v1/me/sessions")).json()["items"]
    return {
        "batch_id": str(batch_id),
        "job_id": str(job_id),
        "filename": f"{job_id}.mp3",
        "webhook_id": str(webhook_id),
        "delivery_id": str(delivery_id),
        "notification_ids": [str(notification_id)],
        "session_id": sessions[0]["session_id"],
        "key_id": await made("/v1/me/keys", key, "key_id"),
        API_KEY: await made("/v1/me/api-keys", {"name": SECRET}, "key_id"),
        "agent_id": await made("/v1/agents", {"language": "en-US", "name": SECRET}, "agent_id"),
        "user_id": user_id,
        "actor_id": user_id,
        "letter_id": str(uuid4()),
        "ids": [str(uuid4())],
        "service": "narrator",
    }


async def seen_by_owner(ana: httpx2.AsyncClient, ids: Ids) -> list[Any]:
    paths = [f"/v1/batches/{ids['batch_id']}", "/v1/agents", "/v1/me/keys"]
    job, webhook = f"/v1/jobs/{ids['job_id']}", ids["webhook_id"]
    delivery = ids["delivery_id"]
    paths += [job, f"/v1/webhooks/{webhook}", f"/v1/webhooks/{webhook}/deliveries/{delivery}"]
    paths += ["/v1/notifications", "/v1/me/preferences"]
    answers = [await ana.get(path) for path in paths]
    assert all(SECRET in answer.text for answer in answers[:-1])
    for kind in ("audio", "srt", "vtt", "script"):
        assert (await ana.get(f"{job}/{kind}")).text == SECRET
    keys = (await ana.get("/v1/me/api-keys")).json()["items"]
    return [*(answer.json() for answer in answers), [key["key_id"] for key in keys]]


def filled(path: str, ids: Ids) -> str:
    known = ids | PUBLIC
    if path.startswith("/v1/me/api-keys"):
        known["key_id"] = ids[API_KEY]
    # A name that is not known here is a route that nobody looked at: make one of it above.
    return re.sub(r"\{(\w+)\}", lambda match: known[match[1]], path)


def queried(operation: dict[str, Any], ids: Ids) -> dict[str, Any]:
    names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
    return {name: ids[name] for name in names if IDS.search(name)}


def sent(operation: dict[str, Any], schemas: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """Return what is sent: as the document shows it, about what is not theirs."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"files": SHEET}
    if "application/x-www-form-urlencoded" in content:
        return {"data": {"grant_type": "password", "username": "a@example.com", "password": "no"}}
    if not content:
        return {}
    schema = content["application/json"]["schema"]
    reference = [schema, *schema.get("anyOf", [])]
    schema = next(
        (schemas[each["$ref"].rpartition("/")[2]] for each in reference if "$ref" in each), schema
    )
    fields = schema.get("properties", {})
    examples = {name: field["examples"][0] for name, field in fields.items() if "examples" in field}
    body = dict(schema.get("examples", [examples])[0])
    names = {name for name in fields if IDS.search(name)} - NAMES_NOTHING
    return {"json": body | {name: ids[name] for name in names}}


IDS = re.compile(r"(^|_)ids?$")
SILENT = ("delete_key", "seed_remove_api_key", "seed_remove_tts_key", "read_notifications")


def judged(name: str, path: str, words: dict[str, Any], answer: httpx2.Response) -> list[str]:
    private = set(re.findall(r"\{(\w+)\}", path)) - set(PUBLIC)
    allowed = {403} if private & ADMINS else {404}
    if not private and any(IDS.search(field) for part in words.values() for field in part):
        private, allowed = {"named in it"}, {403, 404, 422}
    # Deleting what is not there is no mistake; that it is still there is seen afterwards.
    allowed |= {204} if name in SILENT else set()
    wrong = (
        [f"{name}: {answer.status_code} {answer.text[:300]}"]
        if private and answer.status_code not in allowed
        else []
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
                words = sent(operation, document["components"]["schemas"], ids)
                words["params"] = queried(operation, ids)
                stranger = await nobody.request(method, target, **words)
                if "security" in operation and stranger.status_code != 401:
                    wrong.append(f"{name}: {stranger.status_code} for nobody")
                if name != "logout":
                    wrong += judged(name, path, words, await bob.request(method, target, **words))

        assert wrong == []
        assert await seen_by_owner(ana, ids) == before


async def test_no_socket_shows_what_is_somebody_elses(
    url: str, database_url: str, tmp_path: Path
) -> None:
    codes: dict[str, list[int]] = {}
    async with somebody(url) as (ana, ana_id), somebody(url) as (bob, _):
        ids = await belongings(ana, ana_id, database_url, tmp_path)
        for path in sockets():
            for headers in ({"Authorization": bob.headers["Authorization"]}, {}):
                address = url.replace("http", "ws") + filled(path, ids)
                async with connect(address, additional_headers=headers) as socket:
                    with pytest.raises(ConnectionClosed) as closed:
                        await socket.recv()
                assert closed.value.rcvd is not None
                codes.setdefault(path, []).append(closed.value.rcvd.code)

    assert codes == {path: [4404, 4401] for path in sockets()}
    assert len(codes) >= 2


def sockets() -> list[str]:
    """Return the sockets about something: no document lists them."""
    routers = [("/v1", router) for router in ROUTERS] + [("", router) for router in FIRST_NAMES]
    return [
        prefix + route.path
        for prefix, router in routers
        for route in router.routes
        if isinstance(route, WebSocketRoute) and "{" in route.path
    ]
