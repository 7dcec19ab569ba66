"""What of deploy/k8s is written by `make contracts`: topics, users, alert rules."""

from typing import Any

import yaml

from shared.topics import ALL, DECLARED, STAGES, Topic, readers, writers
from tests.support.observability import ALERTS

HEAD = "# Generated from {source}: make contracts. A test fails when it is stale.\n"
SERVICES = ("gateway", *STAGES, "aggregator")
LABELS = {"strimzi.io/cluster": "kafka"}


def topics() -> str:
    """Return topics.yaml: every topic of shared/topics.py."""
    return _document("shared/topics.py", [_topic(topic) for topic in ALL])


def users() -> str:
    """Return users.yaml: everybody who talks to Kafka, and no more than each needs."""
    everybody = {service: service_rules(service) for service in SERVICES}
    everybody |= {"producer": producer_rules(), "autoscaler": autoscaler_rules()}
    return _document("shared/topics.py", [_user(name, rules) for name, rules in everybody.items()])


def rules() -> str:
    """Return prometheusrule.yaml: the alerts, as the Prometheus operator takes them."""
    spec = yaml.safe_load(ALERTS.read_text())
    rule = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "bolt-ia", "labels": {"app.kubernetes.io/part-of": "bolt-ia"}},
        "spec": spec,
    }
    return _document("deploy/observability/alerts.yml", [rule])


def service_rules(service: str) -> list[dict[str, Any]]:
    """Return the ACLs of a service."""
    found = []
    for topic in ALL:
        reads, writes = service in readers(topic), service in writers(topic)
        operations = ["Read"] * reads + ["Write"] * writes
        if operations:
            found.append(_topic_rule(topic.name, *operations, "Describe"))
    return [
        *found,
        *([_rule("group", service, "Read", "Describe")] if _consumes(service) else []),
    ]


def producer_rules() -> list[dict[str, Any]]:
    """Return the ACLs of another system, which brings jobs by Kafka and hears what came of them."""
    heard = ("audio.ready", "jobs.failed", "batches.completed")
    return [
        *(_topic_rule(t.name, "Write", "Describe") for t in DECLARED if "external" in writers(t)),
        *(_topic_rule(name, "Read", "Describe") for name in heard),
        _rule("group", "producer-", "Read", "Describe", pattern="prefix"),
    ]


def autoscaler_rules() -> list[dict[str, Any]]:
    """Return the ACLs of KEDA: it asks for offsets, and reads nothing."""
    return [
        *(_topic_rule(t.name, "Describe") for t in DECLARED if set(t.consumed_by) & set(SERVICES)),
        *(_rule("group", service, "Describe") for service in SERVICES),
    ]


def _consumes(service: str) -> bool:
    return any(service in topic.consumed_by for topic in ALL)


def _topic(topic: Topic) -> dict[str, Any]:
    config: dict[str, Any] = {
        name: int(value) if value.isdigit() else value for name, value in topic.config.items()
    }
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaTopic",
        "metadata": {"name": topic.name, "labels": LABELS},
        "spec": {
            "partitions": topic.partitions,
            "replicas": 3,
            "config": {**config, "min.insync.replicas": 2},
        },
    }


def _user(name: str, acls: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaUser",
        "metadata": {"name": name, "labels": LABELS},
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": acls},
        },
    }


def _topic_rule(name: str, *operations: str) -> dict[str, Any]:
    return _rule("topic", name, *operations)


def _rule(kind: str, name: str, *operations: str, pattern: str = "literal") -> dict[str, Any]:
    return {
        "resource": {"type": kind, "name": name, "patternType": pattern},
        "operations": list(operations),
    }


def _document(source: str, objects: list[dict[str, Any]]) -> str:
    class Plain(yaml.CSafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump_all(objects, Dumper=Plain, sort_keys=False, width=100)
    return HEAD.format(source=source) + text
