import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks.webhooks import Webhook as Verifier

from services.gateway.webhooks.messages import EVENT_TYPES
from tests.support.gateway import ME
from tests.support.hooks import Receiver, receiver
from tests.support.telling import Told, telling

pytestmark = pytest.mark.connected


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

    assert states == {
        f"//hook.test:{hook.port}/": "delivered",
        f"//other.test:{hook.port}/": "pending",
    }
    assert len(hook.received) == 1


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
