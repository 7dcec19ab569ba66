import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks.webhooks import Webhook as Verifier

from services.gateway.store.database import Database
from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.notifications import NotificationStore
from services.gateway.store.webhooks import Webhook, WebhookChange, WebhookStore
from services.gateway.webhooks.endpoints import Endpoints
from services.gateway.webhooks.feed import Feed
from services.gateway.webhooks.guard import Guard
from services.gateway.webhooks.messages import EVENT_TYPES
from services.gateway.webhooks.posting import Post
from services.gateway.webhooks.secrets import SecretKeeper
from services.gateway.webhooks.sending import Sender
from services.gateway.webhooks.telling import Telling
from shared.errors import InvalidEventError
from shared.events import BatchesCompleted, Event
from shared.postgres import open_pool
from shared.vocabulary import BatchCounts, BatchState
from tests.support.builders import job_failed
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, vault_of
from tests.support.hooks import Receiver, receiver
from tests.support.records import Record, record
from tests.support.waiting import until

pytestmark = pytest.mark.connected


@dataclass
class Told:
    """All that tells users, around a real database."""

    endpoints: Endpoints
    notifications: NotificationStore
    feed: Feed
    sender: Sender
    dead: list[Record]
    database: Database

    async def add(self, told: Receiver, user_id: UUID = ME) -> tuple[Webhook, str]:
        url = f"http://hook.test:{told.port}/bolt"
        webhook, secret = await self.endpoints.add(user_id, url, EVENT_TYPES, "")
        return webhook, secret.get_secret_value()

    async def send(self) -> int:
        begun = await self.sender.round()
        await self.sender.idle()
        return begun

    async def log(self, webhook: Webhook) -> list[Any]:
        return await self.endpoints.log(webhook.user_id, webhook.webhook_id, None, None, 50)

    async def due_now(self) -> None:
        await self.database.run("UPDATE webhook_deliveries SET next_at = now()")


@asynccontextmanager
async def telling(url: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Told]:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    def decode(event_type: type[Event], each: Any) -> Event:
        try:
            return event_type.model_validate_json(each.value)
        except ValueError as error:
            raise InvalidEventError(str(error)) from error

    dead: list[Record] = []

    async def dead_letter(each: Record, error: BaseException) -> None:
        dead.append(each)

    guard = Guard(hosts=frozenset({"hook.test"}), resolve=resolve)
    keeper = SecretKeeper(vault_of("old"))
    async with open_pool(url) as pool:
        database = Database(pool)
        webhooks, deliveries = WebhookStore(database), DeliveryStore(database)
        notifications = NotificationStore(database)
        post = Post(guard, 1.0, tls) if tls else Post(guard, 1.0)
        sender = Sender(
            webhooks=webhooks,
            deliveries=deliveries,
            notifications=notifications,
            secrets=keeper,
            post=post,
        )
        feed = Feed(notifications, deliveries, decode, dead_letter, sender.wake)
        endpoints = Endpoints(webhooks=webhooks, deliveries=deliveries, secrets=keeper, guard=guard)
        async with post:
            yield Told(endpoints, notifications, feed, sender, dead, database)


@pytest.fixture
async def told(database_url: str) -> AsyncIterator[Told]:
    async with telling(database_url) as opened:
        yield opened


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as opened:
        yield opened


def ended(user_id: UUID = ME, **changes: Any) -> BatchesCompleted:
    values = {
        "event_id": uuid4(),
        "batch_id": uuid4(),
        "user_id": user_id,
        "state": BatchState.COMPLETED,
        "counts": BatchCounts(total=2, completed=2),
        "seconds": 1.5,
    }
    return BatchesCompleted(**{**values, **changes})


async def test_the_end_of_a_batch_is_told_once_and_signed(told: Told, hook: Receiver) -> None:
    _, secret = await told.add(hook)
    end = record(ended())

    # The same record again: a process died before it had noted how far it was.
    await told.feed([end])
    await told.feed([end, Record("batches.completed", b"not json", offset=1)])
    assert await told.send() == 1

    (got,) = hook.received
    said = Verifier(secret).verify(got.body, got.headers)
    assert (said["type"], said["data"]["state"]) == ("batch.completed", "completed")
    assert got.headers["host"] == f"hook.test:{hook.port}"
    assert len(told.dead) == 1
    assert await told.feed.positions([("batches.completed", 0), ("jobs.failed", 0)]) == {
        ("batches.completed", 0): 2
    }
    (shown,) = await told.notifications.page(ME, unread=True, after=None, limit=10)
    assert (shown.type, shown.data["state"]) == ("batch.completed", "completed")


async def test_only_who_listens_is_told(told: Told, hook: Receiver) -> None:
    mine, _ = await told.add(hook)
    other, _ = await told.add(hook, SOMEBODY_ELSE)
    await told.endpoints.change(ME, mine.webhook_id, WebhookChange(events=["job.failed"]))

    await told.feed([record(ended()), record(job_failed(user_id=ME))])
    await told.send()

    assert [json.loads(each.body)["type"] for each in hook.received] == ["job.failed"]
    assert await told.log(other) == []


async def test_what_is_not_taken_is_sent_again_with_the_same_id(told: Told, hook: Receiver) -> None:
    webhook, _ = await told.add(hook)
    hook.answers = [(500, "broken"), (302, "elsewhere")]
    await told.feed([record(ended())])

    await told.send()
    assert await told.send() == 0  # Not before its pause is over.
    await told.due_now()
    await told.send()
    await told.due_now()
    await told.send()

    (delivery,) = await told.log(webhook)
    tries = await told.endpoints.tries(delivery)
    assert (delivery.state, delivery.tries, len(set(hook.ids()))) == ("delivered", 3, 1)
    assert [each.status for each in tries] == [500, 302, 204]
    assert (tries[0].excerpt, tries[1].error) == ("broken", "answered 302")


async def test_killed_between_sending_and_noting_it_is_sent_again(
    told: Told, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _ = await told.add(hook)
    await told.feed([record(ended())])

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(DeliveryStore, "tried", killed)
        await told.send()
    assert await told.send() == 0  # Somebody holds it, as far as anybody knows.
    await told.database.run("UPDATE webhook_deliveries SET held_until = now()")
    await told.send()

    (delivery,) = await told.log(webhook)
    assert delivery.state == "delivered"
    assert len(hook.received) == 2
    assert len(set(hook.ids())) == 1


async def test_a_slow_webhook_holds_up_nobody_else(told: Told, hook: Receiver) -> None:
    async with receiver() as slow:
        slow.silent = True
        lame, _ = await told.add(slow)
        await told.add(hook)
        await told.feed([record(ended(), offset=n) for n in range(10)])

        rounds = [await told.sender.round() for _ in range(4)]
        await until(_has(hook, 3))
        held = len(slow.received)
        await told.sender.idle()

    assert (rounds[0], held) == (6, 3)
    tries = await told.endpoints.tries((await told.log(lame))[-1])
    assert {each.error for each in tries} <= {"no answer within 1 s"}


async def test_after_days_of_failure_it_is_disabled_and_its_user_is_told(
    told: Told, hook: Receiver
) -> None:
    webhook, _ = await told.add(hook)
    hook.answers = [(500, ""), (500, "")]
    await told.feed([record(ended())])
    await told.send()
    await told.database.run("UPDATE webhooks SET failing_since = now() - interval '6 days'")
    await told.due_now()
    await told.send()

    found = await told.endpoints.get(ME, webhook.webhook_id)
    shown = await told.notifications.page(ME, unread=True, after=None, limit=10)
    assert (found.enabled, "5 days" in (found.disabled_reason or "")) == (False, True)
    assert "webhook.disabled" in {each.type for each in shown}
    await told.due_now()
    assert await told.send() == 0

    await told.endpoints.change(ME, webhook.webhook_id, WebhookChange(enabled=True))
    assert await told.send() == 1
    assert (await told.endpoints.get(ME, webhook.webhook_id)).failing_since is None


async def test_both_secrets_sign_for_a_while_after_a_rotation(told: Told, hook: Receiver) -> None:
    webhook, before = await told.add(hook)
    _, after = await told.endpoints.rotate(ME, webhook.webhook_id)
    await told.endpoints.ping(ME, webhook.webhook_id)

    await told.send()

    (got,) = hook.received
    for secret in (before, after.get_secret_value()):
        assert Verifier(secret).verify(got.body, got.headers)["type"] == "webhook.ping"
    row = await told.database.row("SELECT * FROM webhooks")
    assert row is not None
    assert before not in str(dict(row))


async def test_a_name_that_turns_inward_is_not_connected_to(told: Told, hook: Receiver) -> None:
    webhook, _ = await told.add(hook)
    inward = replace(told.endpoints.guard, hosts=frozenset(), allow_http=True)
    told.sender.post.guard = inward
    await told.endpoints.ping(ME, webhook.webhook_id)

    await told.send()

    tries = await told.endpoints.tries((await told.log(webhook))[0])
    assert "not public" in (tries[0].error or "")
    assert hook.received == []


async def test_the_certificate_is_checked_for_the_name_and_not_for_the_address(
    database_url: str, tmp_path: Path
) -> None:
    server, client = _certificate(tmp_path, "hook.test")
    async with receiver(server) as hook, telling(database_url, client) as told:
        for name, pings in (("hook.test", 1), ("other.test", 1)):
            told.sender.post.guard = replace(told.endpoints.guard, hosts=frozenset({name}))
            endpoints = replace(told.endpoints, guard=told.sender.post.guard)
            url = f"https://{name}:{hook.port}/"
            webhook, _ = await endpoints.add(ME, url, EVENT_TYPES, "")
            for _ in range(pings):
                await endpoints.ping(ME, webhook.webhook_id)
            await told.send()

        states = {
            each.url.partition(":")[2]: (await told.log(each))[0].state
            for each in await told.endpoints.all(ME)
        }

    assert states == {f"//hook.test:{hook.port}/": "delivered", f"//other.test:{hook.port}/": "pending"}  # fmt: skip  # noqa: E501 - one line reads better
    assert len(hook.received) == 1


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


async def test_a_secret_that_was_moved_to_another_webhook_does_not_sign(
    told: Told, hook: Receiver
) -> None:
    one, _ = await told.add(hook)
    two, _ = await told.add(hook)
    await told.database.run(
        "UPDATE webhooks SET sealed = (SELECT sealed FROM webhooks WHERE webhook_id = $1)",
        one.webhook_id,
    )
    await told.endpoints.ping(ME, two.webhook_id)

    await told.send()

    assert hook.received == []
    tries = await told.endpoints.tries((await told.log(two))[0])
    assert "does not open" in (tries[0].error or "")


def _has(hook: Receiver, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return len(hook.received) >= count

    return enough


def _api(gateway: FakeGateway) -> Any:
    @asynccontextmanager
    async def opened() -> AsyncIterator[httpx2.AsyncClient]:
        app = gateway.app()
        headers = {"Authorization": f"Bearer {gateway.token(ME, 'user')}"}
        async with app.router.lifespan_context(app) as state:
            transport = httpx2.ASGITransport(app=_with(app, dict(state or {})))
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://bolt", headers=headers
            ) as client:
                yield client

    return opened()


def _with(app: Any, state: dict[str, Any]) -> Callable[..., Any]:
    async def called(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": state}, receive, send)

    return called


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
