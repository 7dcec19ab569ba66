"""The whole system on a Kafka with TLS, logins, and the rights of deploy/k8s."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError, Producer

from cli.client import Client
from cli.diagnosis import diagnose
from deploy.local.environment import Environment
from deploy.local.stack import Stack
from tests.contracts.kubernetes import SERVICES, service_rules
from tests.e2e.conftest import OFFLINE
from tests.support.secured_kafka import Secured, secured_kafka

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured_kafka(tmp_path_factory.mktemp("secured"), SERVICES) as running:
        yield running


@pytest.fixture(scope="module")
def system(kafka: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("passwords")
    admin = kafka.environment("admin", folder / "admin")
    # A Kafka that is given is used, and none is started.
    given = Environment({**os.environ, **admin})  # noqa: TID251 - handed on whole
    stack = Stack(
        tmp_path_factory.mktemp("system"), services=(), env=OFFLINE, environment=given, forget=True
    )
    with stack:
        stack.prepare()
        for service in SERVICES:
            kafka.grant(service, service_rules(service))
        for service in SERVICES:
            stack.start_service(service, env=kafka.environment(service, folder / service))
        yield stack


async def test_jobs_are_made_by_services_that_may_do_no_more_than_they_must(system: Stack) -> None:
    async with Client(system.service_url("gateway")) as bolt:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        accepted = await bolt.create_batch(
            {"mode": "matrix", "titles": ["Como nasce um vulcão"], "languages": ["pt-BR", "en-US"]}
        )
        async for _ in bolt.watch(accepted["batch_id"]):
            pass
        batch = await bolt.read_batch(accepted["batch_id"])

    assert batch["counts"]["completed"] == 2
    logs = "".join(file.read_text() for file in system.state.logs.glob("*.log"))
    assert "AuthorizationFailed" not in logs
    assert "-password" not in logs


@pytest.mark.parametrize(
    ("user", "topic", "may"),
    [
        ("narrator", "audio.ready", True),
        ("narrator", "jobs.requested", False),
        ("scripter", "batches.control", False),
        ("gateway", "batches.submitted", True),
        ("aggregator", "audio.ready", False),
    ],
)
def test_a_service_that_writes_what_it_may_not_is_refused(
    kafka: Secured, system: Stack, user: str, topic: str, may: bool
) -> None:
    told: list[KafkaError | None] = []
    producer = Producer({**kafka.client(user), "message.timeout.ms": 20_000})

    producer.produce(topic, b"{}", key=b"k", on_delivery=lambda error, _: told.append(error))
    producer.flush(25)

    codes = [error and error.code() for error in told]
    assert codes == ([None] if may else [KafkaError.TOPIC_AUTHORIZATION_FAILED])


async def test_the_doctor_says_what_a_service_may_see(
    kafka: Secured, system: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in kafka.environment("narrator", tmp_path / "password").items():
        monkeypatch.setenv(name, value)

    found = await diagnose(["kafka"])

    assert [each.says for each in found if each.state == "error"] == []
    hidden = {each.says for each in found if each.state == "warning"}
    assert "narrator may not see jobs.requested" in hidden
    assert "narrator may not see script.adapted" not in hidden


def test_a_wrong_password_is_refused(kafka: Secured, system: Stack, tmp_path: Path) -> None:
    heard: list[int] = []
    producer = Producer(
        {**kafka.client("narrator", "wrong"), "error_cb": lambda error: heard.append(error.code())}
    )

    for _ in range(20):
        producer.poll(0.5)
        if KafkaError._AUTHENTICATION in heard:
            break

    assert KafkaError._AUTHENTICATION in heard
