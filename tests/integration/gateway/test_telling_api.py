from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from services.gateway.webhooks.telling import Telling
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, assembled
from tests.support.hooks import Receiver
from tests.support.records import record
from tests.support.telling import Told, ended

pytestmark = pytest.mark.connected


async def test_the_api_from_making_one_to_its_log(told: Told, hook: Receiver) -> None:
    gateway = FakeGateway(telling=Telling(told.endpoints, told.notifications))
    async with _api(gateway) as api:
        refused = await api.post("/v1/webhooks", json={"url": "https://127.0.0.1/"})
        made = await api.post("/v1/webhooks", json={"url": f"http://hook.test:{hook.port}/"})
        path = made.headers["location"]
        pinged = await api.post(f"{path}/ping")
        await told.send()
        log = (await api.get(f"{path}/deliveries?state=delivered")).json()["items"]
        details = await api.get(f"{path}/deliveries/{log[0]['delivery_id']}")
        again = await api.post(f"{path}/deliveries/{log[0]['delivery_id']}/redeliver")
        await told.send()
        read = await api.get(path)
        disabled = await api.patch(path, json={"enabled": False})
        refused_ping = await api.post(f"{path}/ping")
        rotated = await api.post(f"{path}/rotate-secret")
        gone = [(await api.delete(path)).status_code for _ in range(2)]
        missing = await api.get(path)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/url")
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    assert "secret" not in read.json()
    assert (pinged.status_code, again.status_code) == (202, 202)
    assert details.json()["log"][0]["status"] == 204
    assert len(hook.ids()) == 2
    assert len(set(hook.ids())) == 1
    assert (disabled.json()["enabled"], refused_ping.status_code) == (False, 409)
    assert rotated.json()["secret"] != made.json()["secret"]
    assert (gone, missing.status_code) == ([204, 404], 404)


async def test_notifications_are_listed_and_marked_as_read(told: Told) -> None:
    await told.feed([record(ended(), offset=n) for n in range(3)])
    await told.feed([record(ended(SOMEBODY_ELSE), offset=3)])
    gateway = FakeGateway(telling=Telling(told.endpoints, told.notifications))
    async with _api(gateway) as api:
        first = (await api.get("/v1/notifications?limit=2")).json()
        rest = (await api.get(f"/v1/notifications?cursor={first['next_cursor']}")).json()
        seen = {"notification_ids": [first["items"][0]["notification_id"]]}
        await api.post("/v1/notifications/read", json=seen)
        left = (await api.get("/v1/notifications?unread=true")).json()
        await api.post("/v1/notifications/read", json={})
        none = (await api.get("/v1/notifications?unread=true")).json()

    assert (first["unread"], len(first["items"]), len(rest["items"])) == (3, 2, 1)
    assert (left["unread"], len(left["items"])) == (2, 2)
    assert (none["unread"], none["items"]) == (0, [])
    assert await told.notifications.unread(SOMEBODY_ELSE) == 1


def _api(gateway: FakeGateway) -> Any:
    @asynccontextmanager
    async def opened() -> AsyncIterator[httpx2.AsyncClient]:
        app = _with(assembled(gateway.settings), {"resources": gateway.resources()})
        headers = {"Authorization": f"Bearer {gateway.token(ME, 'user')}"}
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://bolt", headers=headers
        ) as client:
            yield client

    return opened()


def _with(app: Any, state: dict[str, Any]) -> Callable[..., Any]:
    async def called(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": state}, receive, send)

    return called
