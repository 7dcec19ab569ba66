"""What dashboards and alerts ask for, read from their files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2] / "deploy" / "observability"
DASHBOARDS = sorted((ROOT / "dashboards").glob("*.json"))
ALERTS = ROOT / "alerts.yml"
SUFFIX = re.compile(r"_(bucket|count|sum)$")
# Names in PromQL that are no metric: what stands in labels, ranges and quotes is cut first.
QUOTED = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring)\s*\([^)]*\)')
WORDS = {
    *("sum", "max", "min", "rate", "increase", "histogram_quantile", "absent", "and", "or"),
    *("unless", "vector", "count", "avg"),
}
STANDINGS = {"up"}


def board(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def panels(file: Path) -> list[dict[str, Any]]:
    return [panel for panel in board(file)["panels"] if panel["type"] != "row"]


def expressions(file: Path) -> Iterator[tuple[str, str]]:
    """Yield every panel's title and PromQL, with its variables filled in."""
    for panel in panels(file):
        for target in panel["targets"]:
            if "expr" in target:
                yield panel["title"], filled(target["expr"])


def filled(expression: str) -> str:
    return expression.replace("$__rate_interval", "1m").replace("$stage", ".*")


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def metrics(expression: str) -> set[str]:
    """Return the families that an expression asks for."""
    bare = QUOTED.sub(" ", expression)
    words = set(re.findall(r"[a-zA-Z_:][\w:]*", bare)) - WORDS
    return {SUFFIX.sub("", word) for word in words}
