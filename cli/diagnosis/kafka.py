"""Kafka: is it there, are the topics as declared, and may we see them?"""

from collections.abc import Iterator, Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from cli.diagnosis.findings import Finding, bad, fine, poor
from shared.runtime import CommonSettings, kafka_security
from shared.topics import ALL

PART = "kafka"
FORBIDDEN = 29
MAKE = "run python -m shared.runtime.create_topics, or apply deploy/k8s/components/kafka-strimzi"


async def check() -> list[Finding]:
    """Look at the brokers and at every declared topic."""
    settings, security = CommonSettings(), kafka_security.Settings()
    servers = settings.kafka_bootstrap_servers
    admin = AIOKafkaAdminClient(
        bootstrap_servers=servers.split(","),
        request_timeout_ms=10_000,
        **kafka_security.options(security),
    )
    try:
        await admin.start()
        brokers = (await admin.describe_cluster())["brokers"]
        told = await admin.describe_topics([topic.name for topic in ALL])
    except (KafkaError, OSError) as error:
        fix = "check KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL, KAFKA_USERNAME and the rest"
        return [bad(PART, f"{servers} does not let us in: {error!r}", fix)]
    finally:
        await admin.close()
    who = security.kafka_username or "anonymous"
    return [
        fine(PART, f"{len(brokers)} brokers at {servers}, as {who}"),
        *_topics({each["topic"]: each for each in told}, who, len(brokers)),
    ]


def _topics(told: Mapping[str, Mapping[str, Any]], who: str, brokers: int) -> Iterator[Finding]:
    wrong = 0
    for topic in ALL:
        found = told.get(topic.name, {"error_code": 3, "partitions": []})
        for finding in _topic(topic.name, topic.partitions, found, who, brokers):
            wrong += 1
            yield finding
    if not wrong:
        yield fine(PART, f"{len(ALL)} topics as declared")


def _topic(
    name: str, declared: int, found: Mapping[str, Any], who: str, brokers: int
) -> Iterator[Finding]:
    partitions = found["partitions"]
    if found["error_code"] == FORBIDDEN:
        yield poor(PART, f"{who} may not see {name}", "right for a service that does not need it")
    elif found["error_code"]:
        yield bad(PART, f"{name} is not there", MAKE)
    elif len(partitions) < declared:
        says = f"{name} has {len(partitions)} partitions, and {declared} are declared"
        yield bad(PART, says, "raise them: kafka-topics --alter, or apply the KafkaTopic")
    elif brokers >= 3 and (copies := min(len(each["replicas"]) for each in partitions)) < 3:
        says = f"{name} is kept {copies} times, and there are {brokers} brokers"
        yield poor(PART, says, "raise its replication factor: a lost disk would lose jobs")
    elif any(len(each["isr"]) < len(each["replicas"]) for each in partitions):
        yield poor(PART, f"{name} has replicas that lag behind", "look at the brokers' health")
