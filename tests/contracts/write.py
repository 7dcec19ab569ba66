"""`make contracts`: write today's schemas and documents, for review.

A sample is written once, by hand, and never edited: old messages are still on the topics.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from services.gateway import openapi
from shared.events import CATALOG
from tests.contracts import configuration, kubernetes, metrics
from tests.contracts.asyncapi import document

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
ROOT = HERE.parents[1]


def write(file: Path, content: Any) -> None:
    """Write `content` as JSON that reviews well."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


@cache
def generated() -> dict[Path, str]:
    """Return what of deploy/k8s is generated, by file."""
    components = ROOT / "deploy" / "k8s" / "components"
    return {
        components / "kafka-strimzi" / "topics.yaml": kubernetes.topics(),
        components / "kafka-strimzi" / "users.yaml": kubernetes.users(),
        components / "monitoring" / "prometheusrule.yaml": kubernetes.rules(),
    }


def main() -> None:
    """Write every generated document of the event contract."""
    for topic, event in CATALOG.items():
        write(SCHEMAS / f"{topic}.json", event.model_json_schema())
    write(ROOT / "docs" / "asyncapi.json", document())
    (ROOT / "docs" / "openapi.json").write_text(openapi.document() + "\n")
    (ROOT / "docs" / "configuration.md").write_text(configuration.document())
    (ROOT / "docs" / "metrics.md").write_text(metrics.document())
    for file, content in generated().items():
        file.write_text(content)
    (ROOT / ".env.example").write_text(configuration.example())


if __name__ == "__main__":
    main()
