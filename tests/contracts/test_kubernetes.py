import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.gateway.scaling import PLANS
from shared.topics import ALL, STAGES
from tests.contracts.write import generated
from tests.support.manifests import Manifest, of, problems, rendered

ROOT = Path(__file__).parents[2]
SERVICES = ("gateway", *STAGES, "aggregator")
OVERLAYS = ("local", "staging", "production")
CONSUMES = {
    "scripter": "jobs.requested",
    "adapter": "script.generated",
    "narrator": "script.adapted",
    "aggregator": "audio.ready",
}


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> tuple[Manifest, ...]:
    return rendered(request.param)


@pytest.fixture
def production() -> tuple[Manifest, ...]:
    return rendered("production")


def test_every_object_passes_its_strict_schema(manifests: tuple[Manifest, ...]) -> None:
    assert not [problem for manifest in manifests for problem in problems(manifest)]


@pytest.mark.parametrize(
    ("kind", "name", "path", "value"),
    [
        ("Deployment", "narrator", "spec.template.spec.containers.0.livenesProbe", {}),
        ("Deployment", "narrator", "spec.revisionHistoryLimit", "five"),
        ("PodDisruptionBudget", "gateway", "spec.maxUnavaliable", 1),
        ("NetworkPolicy", "internet", "spec.egress.0.ports.0.port", {"https": 443}),
        ("KafkaTopic", "audio.ready", "spec.partition", 24),
        ("KafkaUser", "narrator", "spec.authorization.acls.0.operation", "Read"),
        ("ScaledObject", "narrator", "spec.maxReplicaCount", "24"),
        ("HTTPRoute", "gateway", "spec.rules.0.timeouts.request", "forever"),
        ("ExternalSecret", "gateway-secrets", "spec.refreshIntervall", "1h"),
        ("Cluster", "postgres", "spec.instances", "three"),
        ("OpenTelemetryCollector", "otel", "spec.mode", "everywhere"),
        ("ServiceMonitor", "bolt-ia", "spec.endpoints.0.intervall", "15s"),
        ("PrometheusRule", "bolt-ia", "spec.groups.0.rules.0.expression", "up"),
    ],
)
def test_a_broken_field_is_found(
    production: tuple[Manifest, ...], kind: str, name: str, path: str, value: object
) -> None:
    broken = copy.deepcopy(of(production, kind)[name])
    *parents, last = path.split(".")
    place: Any = broken
    for step in parents:
        place = place[int(step)] if step.isdigit() else place[step]

    place[last] = value

    assert problems(broken)


@pytest.mark.parametrize("file", generated(), ids=lambda file: file.name)
def test_what_is_generated_is_what_is_in_review(file: Path) -> None:
    assert generated()[file] == file.read_text(), "run `make contracts`"


def test_topics_are_the_same_in_code_cluster_and_document(
    production: tuple[Manifest, ...],
) -> None:
    declared = {topic.name: (topic.partitions, topic.retention_ms) for topic in ALL}
    cluster = {
        name: (topic["spec"]["partitions"], topic["spec"]["config"]["retention.ms"])
        for name, topic in of(production, "KafkaTopic").items()
    }
    channels = json.loads((ROOT / "docs" / "asyncapi.json").read_text())["channels"].values()

    assert cluster == declared
    assert {channel["address"] for channel in channels} == set(declared)


def test_a_service_writes_its_own_topics_and_no_others(production: tuple[Manifest, ...]) -> None:
    acls = of(production, "KafkaUser")["narrator"]["spec"]["authorization"]["acls"]
    writes = {a["resource"]["name"] for a in acls if "Write" in a["operations"]}

    assert writes == {
        *("audio.ready", "jobs.failed", "jobs.parked", "jobs.progress"),
        "script.adapted.narrator.dead",
    }
    assert {a["resource"]["patternType"] for a in acls} == {"literal"}
    assert "autoscaler" in of(production, "KafkaUser")


def test_pods_are_restricted_and_have_no_way_up(manifests: tuple[Manifest, ...]) -> None:
    namespace = of(manifests, "Namespace")["bolt-ia"]["metadata"]["labels"]
    assert namespace["pod-security.kubernetes.io/enforce"] == "restricted"
    for kind in ("Deployment", "StatefulSet", "Job"):
        for manifest in of(manifests, kind).values():
            pod = manifest["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
            assert pod["automountServiceAccountToken"] is False
            for container in pod["containers"]:
                context = container["securityContext"]
                assert context["readOnlyRootFilesystem"] is True
                assert context["allowPrivilegeEscalation"] is False
                assert context["capabilities"] == {"drop": ["ALL"]}
                assert "memory" in container["resources"]["limits"]
                assert "cpu" not in container["resources"]["limits"]


def test_a_service_is_probed_drained_and_spread(manifests: tuple[Manifest, ...]) -> None:
    drain = int(_config(manifests)["DRAIN_SECONDS"])
    deployments = of(manifests, "Deployment")
    assert set(deployments) == set(SERVICES)
    for name, deployment in deployments.items():
        pod = deployment["spec"]["template"]["spec"]
        [container] = pod["containers"]
        paths = {
            kind: container[f"{kind}Probe"]["httpGet"]["path"]
            for kind in ("startup", "liveness", "readiness")
        }
        assert paths == {
            "startup": "/health/startup",
            "liveness": "/health/live",
            "readiness": "/health/ready",
        }
        assert pod["terminationGracePeriodSeconds"] >= drain + 30
        assert pod["serviceAccountName"] == name
        assert len(pod["topologySpreadConstraints"]) == 2
        budget = of(manifests, "PodDisruptionBudget")[name]["spec"]
        assert budget["selector"]["matchLabels"]["app.kubernetes.io/name"] == name
        assert budget["maxUnavailable"] == 1


def _config(manifests: tuple[Manifest, ...]) -> dict[str, str]:
    [config] = (each for name, each in of(manifests, "ConfigMap").items() if "config" in name)
    return dict(config["data"])


def test_no_secret_is_in_the_environment(manifests: tuple[Manifest, ...]) -> None:
    for deployment in of(manifests, "Deployment").values():
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert not [e for e in container["env"] if "secretKeyRef" in e.get("valueFrom", {})]
    secret = re.compile(r"(PASSWORD|SECRET|TOKEN|API_KEYS|KEK)$")
    assert not [name for name in _config(manifests) if secret.search(name)]


@pytest.mark.parametrize("service", CONSUMES)
def test_the_autoscaler_does_not_fight_slow_work(
    production: tuple[Manifest, ...], service: str
) -> None:
    spec = of(production, "ScaledObject")[service]["spec"]
    trigger = spec["triggers"][0]["metadata"]
    down = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]

    assert trigger["excludePersistentLag"] == "false"
    assert trigger["offsetResetPolicy"] == "earliest"
    assert trigger["topic"] == CONSUMES[service]
    assert trigger["consumerGroup"] == service
    assert int(trigger["lagThreshold"]) >= 100
    assert spec["minReplicaCount"] == 1
    assert spec["maxReplicaCount"] <= next(t.partitions for t in ALL if t.name == trigger["topic"])
    assert down["stabilizationWindowSeconds"] >= 600
    assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 300}]
    assert spec["fallback"]["replicas"] >= 1
    assert "replicas" not in of(production, "Deployment")[service]["spec"]


def test_the_documented_arithmetic_is_that_of_the_manifests(
    production: tuple[Manifest, ...],
) -> None:
    rows = re.findall(
        r"^\| (\w+) \| (\d+) \| ([\d.]+) \| (\d+) \| (\d+) \|",
        (ROOT / "deploy" / "k8s" / "README.md").read_text(),
        re.MULTILINE,
    )
    for service, at_once, seconds, wait, threshold in rows:
        trigger = of(production, "ScaledObject")[service]["spec"]["triggers"][0]["metadata"]
        assert int(at_once) * int(wait) / float(seconds) == pytest.approx(int(threshold), rel=0.01)
        assert trigger["lagThreshold"] == threshold
        plan = PLANS[service]
        assert (plan.at_once, plan.seconds, plan.wait_seconds) == (
            int(at_once),
            float(seconds),
            int(wait),
        )
        assert plan.most == of(production, "ScaledObject")[service]["spec"]["maxReplicaCount"]
    assert {row[0] for row in rows} == set(CONSUMES)


def test_nothing_is_open_that_no_policy_opens(manifests: tuple[Manifest, ...]) -> None:
    policies = of(manifests, "NetworkPolicy")
    assert policies["default-deny"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    [rule] = policies["internet"]["spec"]["egress"]
    assert {"10.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"} <= set(
        rule["to"][0]["ipBlock"]["except"]
    )
    assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]


def test_live_progress_has_no_time_limit_and_speaks_websocket(
    production: tuple[Manifest, ...],
) -> None:
    first = of(production, "HTTPRoute")["gateway"]["spec"]["rules"][0]
    [port] = of(production, "Service")["gateway-ws"]["spec"]["ports"]

    assert first["timeouts"] == {"request": "0s"}
    assert first["backendRefs"] == [{"name": "gateway-ws", "port": 80}]
    assert port["appProtocol"] == "kubernetes.io/ws"


def test_compose_and_cluster_show_the_same_dashboards_and_alerts(
    production: tuple[Manifest, ...],
) -> None:
    boards = of(production, "ConfigMap")["bolt-dashboards"]["data"]
    folder = ROOT / "deploy" / "observability"
    rules = of(production, "PrometheusRule")["bolt-ia"]["spec"]

    assert boards == {file.name: file.read_text() for file in (folder / "dashboards").glob("*")}
    assert rules == yaml.safe_load((folder / "alerts.yml").read_text())
