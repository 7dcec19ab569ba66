"""A real Prometheus and an OpenTelemetry receiver watch the system work, err and fall."""

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from confluent_kafka import Producer

from cli.client import Client
from deploy.local.service import SERVICES
from deploy.local.stack import Stack
from tests.support.observability import ALERTS, DASHBOARDS, alerts, expressions, metrics
from tests.support.otlp import Receiver, receiver
from tests.support.prometheus import Prometheus, program, prometheus
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

# One of two keys is refused for good.
FAULTS = {"faults": [{"kind": "key_invalid", "key": "beta.two"}]}
# What goes wrong on purpose: nothing of it happens in a run that goes well.
ON_PURPOSE = {"bolt_provider_circuit_opened_total", "bolt_provider_quota_remaining"}


@pytest.fixture(scope="module")
def emulators() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "bench.emulators", "--print-json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        urls = json.loads(process.stdout.readline())
        control = urllib.request.Request(  # noqa: S310 - loopback
            f"{urls['gemini']}/_control", json.dumps(FAULTS).encode()
        )
        urllib.request.urlopen(control, timeout=10).close()  # noqa: S310 - loopback
        yield urls
        process.terminate()


@pytest.fixture(scope="module")
def traces() -> Iterator[Receiver]:
    with receiver() as received:
        yield received


@pytest.fixture(scope="module")
def watched(
    emulators: dict[str, str], traces: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    env = {
        "LLM": "gemini",
        "GEMINI_BASE_URL": emulators["gemini"],
        "GEMINI_API_KEYS": "alpha:alpha.one,beta:beta.two",
        "GOOGLE_TTS_ENDPOINT": emulators["tts"],
        "GOOGLE_TTS_API_KEYS": "alpha:three",
        "QUOTA_LIMITS": '{"gemini/*": {"rpd": 10000}}',
        "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url,
    }
    with Stack(tmp_path_factory.mktemp("watched"), env=env, forget=True) as running:
        yield running


@pytest.fixture(scope="module")
def prom(watched: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("prometheus")
    rules = yaml.safe_load(ALERTS.read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            # A test does not wait for ten minutes to be sure.
            rule.pop("for", None)
    hasty = folder / "alerts.yml"
    hasty.write_text(yaml.safe_dump(rules))
    targets = {name: watched.service_url(name).removeprefix("http://") for name in SERVICES}
    with prometheus(folder, targets, [hasty]) as running:
        yield running


@pytest.fixture(scope="module")
def jobs(watched: Stack, prom: Prometheus) -> list[dict[str, Any]]:
    """Make a batch, put one record on a topic that is no event, and let Prometheus see it."""
    return asyncio.run(_made(watched, prom))


async def _made(watched: Stack, prom: Prometheus) -> list[dict[str, Any]]:
    async def scraped() -> bool:
        # An alert on growth needs to have seen what it grew from.
        return len(prom.query("target_info")) == len(SERVICES)

    await until(scraped)
    producer = Producer({"bootstrap.servers": watched.endpoints.kafka})
    producer.produce("script.adapted", b"{", key=b"k")
    assert producer.flush(10) == 0
    async with Client(watched.service_url("gateway")) as bolt:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        accepted = await bolt.create_batch(
            {
                "mode": "matrix",
                "titles": ["O segredo das abelhas", "Como nasce um vulcão"],
                "languages": ["pt-BR", "en-US", "es-ES"],
            }
        )
        async for _ in bolt.watch(accepted["batch_id"]):
            pass
        done = [job async for job in bolt.results(accepted["batch_id"])]

    async def counted() -> bool:
        # Twice, so that there is a rate of what came last.
        last = ("bolt_batch_duration_seconds_count", "bolt_ws_closed_total")
        twice = all(prom.query(f"count_over_time({name}[1m]) > 1") for name in last)
        return twice and bool(prom.query("bolt_outbox_republished_total"))

    await until(counted, seconds=60)
    assert {job["state"] for job in done} == {"completed"}
    return done


async def test_every_metric_of_a_dashboard_or_an_alert_has_data(
    prom: Prometheus, jobs: list[dict[str, Any]]
) -> None:
    asked = {
        name for file in DASHBOARDS for _, asked in expressions(file) for name in metrics(asked)
    }
    asked |= {name for rule in alerts() for name in metrics(rule["expr"])}

    empty = [name for name in sorted(asked) if not prom.query(f'{{__name__=~"{name}(_count)?"}}')]

    assert asked >= ON_PURPOSE
    assert not empty


async def test_every_panel_of_every_dashboard_shows_something(
    prom: Prometheus, jobs: list[dict[str, Any]]
) -> None:
    silent = {
        (file.stem, title)
        for file in DASHBOARDS
        for title, asked in expressions(file)
        if not prom.query(asked)
    }

    assert not silent


async def test_the_trace_of_a_job_shows_all_five_services(
    traces: Receiver, jobs: list[dict[str, Any]]
) -> None:
    # The one that wrote its master script, and so asked the model.
    found = [traces.trace(job["job_id"].replace("-", "")) for job in jobs]
    spans = max(found, key=len)
    by_id = {each.span.span_id: each for each in spans}
    roots = [each for each in spans if each.span.parent_span_id not in by_id]

    assert all({each.service for each in spans} == set(SERVICES) for spans in found)
    assert [(each.service, each.span.name) for each in roots] == [("gateway", "job accepted")]
    assert roots[0].span.links
    names = {each.span.name for each in spans}
    assert {"audio.ready fold", "script.adapted process", "jobs.requested publish"} <= names
    model = next(each for each in spans if each.span.name.startswith("generate_content "))
    assert model.attributes["gen_ai.provider.name"] == "gcp.gemini"
    assert any(each.span.name.startswith("text_to_speech ") for each in spans)
    assert any(each.attributes.get("bolt.batch.id") for each in spans)


async def test_a_bucket_leads_to_the_trace_of_a_job(
    prom: Prometheus, jobs: list[dict[str, Any]]
) -> None:
    found = prom.ask(
        "query_exemplars",
        query="bolt_job_duration_seconds_bucket",
        start=time.time() - 600,
        end=time.time(),
    )

    named = {each["labels"]["trace_id"] for row in found for each in row["exemplars"]}
    assert named <= {job["job_id"].replace("-", "") for job in jobs}
    assert named


async def test_no_text_and_no_key_is_in_a_span(
    traces: Receiver, jobs: list[dict[str, Any]]
) -> None:
    said = repr([each.span for each in traces.spans])

    assert len(said) > 10_000
    assert not [word for word in ("abelhas", "alpha.one", "beta.two") if word in said]


async def test_what_went_wrong_fires_its_alerts(
    prom: Prometheus, jobs: list[dict[str, Any]]
) -> None:
    async def fired() -> bool:
        return prom.firing() >= {"BoltDeadLetters", "BoltProviderKeyRefused"}

    await until(fired, seconds=20)
    assert "BoltServiceDown" not in prom.firing()
    assert "BoltJobsFailFast" not in prom.firing()


async def test_a_service_that_falls_fires_its_alert(
    watched: Stack, prom: Prometheus, jobs: list[dict[str, Any]]
) -> None:
    await asyncio.to_thread(watched.kill, "narrator")

    async def down() -> bool:
        return "BoltServiceDown" in prom.firing()

    await until(down, seconds=30)


def test_the_rules_pass_their_own_tests(tmp_path: Path) -> None:
    done = subprocess.run(
        [program("promtool"), "test", "rules", str(ALERTS.with_name("alerts_test.yml"))],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
