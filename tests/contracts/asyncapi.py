"""The AsyncAPI 3 document of the event contract, from the classes and the topics."""

from typing import Any

from shared.events import CATALOG, Event
from shared.topics import DEAD_LETTERS, DECLARED, Topic

HEADERS = {
    "type": "object",
    "description": "CloudEvents 1.0 attributes in Kafka's binary mode, and W3C trace context.",
    "properties": {
        "content-type": {"const": "application/json"},
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "The event's id; equal for a repeat of it."},
        "ce_source": {"type": "string", "examples": ["/bolt-ia/narrator"]},
        "ce_type": {"type": "string", "examples": ["bolt.audio.ready.v1"]},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "The job or batch it is about."},
        "ce_partitionkey": {"type": "string"},
        "traceparent": {"type": "string"},
    },
}
DEAD_HEADERS = {
    "type": "object",
    "description": "The record's own headers, and why it lies here. All values are text.",
    "properties": {
        name: {"type": "string"}
        for name in (
            "dead_topic",
            "dead_partition",
            "dead_offset",
            "dead_service",
            "dead_error",
            "dead_code",
            "dead_reason",
            "dead_attempts",
            "dead_at",
            "dead_value",
        )
    },
}


def document() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Bolt IA events",
            "version": "1.0.0",
            "description": "What the services say to each other, and to anybody who listens.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in (*DECLARED, *DEAD_LETTERS)},
        "operations": dict(
            operation for topic in (*DECLARED, *DEAD_LETTERS) for operation in _operations(topic)
        ),
        "components": {
            "messages": {name: _message(event) for name, event in sorted(CATALOG.items())}
            | {"dead": {"name": "dead", "headers": DEAD_HEADERS, "payload": True}},
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    message = topic.name if topic.name in CATALOG else "dead"
    return {
        "address": topic.name,
        "description": f"Keyed by {topic.key}.",
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["compact" if topic.compacted else "delete"],
                    "retention.ms": topic.retention_ms,
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations(topic: Topic) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{topic.name}"}
    sends = [
        (f"{service}.sends.{topic.name}", {"action": "send", "channel": channel})
        for service in topic.published_by
    ]
    receives = [
        (
            f"{service}.receives.{topic.name}",
            {
                "action": "receive",
                "channel": channel,
                "bindings": {
                    "kafka": {
                        "groupId": {"type": "string", "enum": [service]},
                        "bindingVersion": "0.5.0",
                    }
                },
            },
        )
        for service in topic.consumed_by
    ]
    return sends + receives


def _message(event: type[Event]) -> dict[str, Any]:
    schema = event.model_json_schema(
        ref_template=f"#/components/messages/{event.topic.name}/payload/$defs/{{model}}"
    )
    return {
        "name": event.topic.name,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip(),
        "headers": HEADERS,
        "payload": schema,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": event.topic.key},
                "bindingVersion": "0.5.0",
            }
        },
    }
