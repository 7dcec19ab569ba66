import importlib
from typing import Any

import pytest
from fastapi import FastAPI
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from services.gateway.app import build as build_gateway
from shared.events import ScriptAdapted
from shared.runtime.envelope import decode
from tests.support.gateway import settings as gateway_settings

STAGES = ("scripter", "adapter", "narrator")


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LLM", "offline")
    return importlib.import_module(f"services.{request.param}.app").build()


def brokers_of(app: Any) -> list[KafkaBroker]:
    return list(app.brokers)


def test_no_subscriber_acknowledges_by_itself(stage: Any) -> None:
    subscribers: list[Any] = [each for b in brokers_of(stage) for each in b.subscribers]
    [subscriber] = subscribers

    assert subscriber.ack_policy is AckPolicy.MANUAL
    options = subscriber._connection_args
    assert options["auto_offset_reset"] == "earliest"
    assert options.get("enable_auto_commit") in (None, False)


def test_no_topic_is_made_by_asking_for_it(stage: Any) -> None:
    [broker] = brokers_of(stage)

    assert broker.config.allow_auto_create_topics is False


def test_a_stage_has_probes_and_metrics_and_nothing_to_post_to(stage: Any) -> None:
    paths = {path for path, _ in stage.routes}

    assert paths == {"/health/live", "/health/ready", "/health/startup", "/metrics"}


def test_the_gateway_has_no_way_to_try_a_handler() -> None:
    app: FastAPI = build_gateway(gateway_settings())

    assert not [route for route in app.routes if "try" in getattr(route, "path", "").split("/")]


def test_what_has_the_same_offset_in_two_partitions_is_two_jobs() -> None:
    value = b'{"title": "Bees", "language": "pt-BR", "text": "Buzz."}'

    def read(partition: int) -> ScriptAdapted:
        return decode(ScriptAdapted, value, (), topic="t", partition=partition, offset=7)

    assert read(0).job_id != read(1).job_id
    assert read(0).event_id == read(0).event_id
