import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.webhooks import WebhookChange
from tests.support.builders import job_failed
from tests.support.gateway import ME, SOMEBODY_ELSE
from tests.support.hooks import Receiver, receiver
from tests.support.records import Record, record
from tests.support.telling import Told, ended
from tests.support.waiting import until

pytestmark = pytest.mark.connected


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


def _has(hook: Receiver, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return len(hook.received) >= count

    return enough
