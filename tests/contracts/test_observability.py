from pathlib import Path

import pytest
import yaml

from tests.contracts.metrics import every
from tests.support.observability import (
    ALERTS,
    DASHBOARDS,
    ROOT,
    STANDINGS,
    alerts,
    board,
    expressions,
    metrics,
    panels,
)

REPOSITORY = Path(__file__).parents[2]
KNOWN = {metric.prometheus for metric in every()} | STANDINGS


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_asks_only_for_metrics_that_the_code_declares(file: Path) -> None:
    unknown = {name for _, asked in expressions(file) for name in metrics(asked)} - KNOWN
    assert not unknown


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_asks_only_for_metrics_that_the_code_declares(rule: dict[str, str]) -> None:
    assert metrics(rule["expr"])
    assert not metrics(rule["expr"]) - KNOWN


def test_every_metric_is_looked_at_somewhere() -> None:
    boards = {
        name for file in DASHBOARDS for _, asked in expressions(file) for name in metrics(asked)
    }
    watched = {name for rule in alerts() for name in metrics(rule["expr"])}
    assert not KNOWN - boards - watched


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_panel_says_what_it_shows_and_takes_its_source_from_a_variable(file: Path) -> None:
    assert board(file)["uid"].startswith("bolt-")
    for panel in panels(file):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["datasource"]["uid"] in ("${datasource}", "${tempo}"), panel["title"]
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in panels(file)]
    assert len(places) == len(set(places))


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    named = {rule["annotations"]["runbook_url"] for rule in alerts()}
    written = {f"docs/runbooks/{file.name}" for file in (REPOSITORY / "docs/runbooks").glob("*.md")}
    assert named == written
    assert {Path(url).stem for url in named} == {rule["alert"] for rule in alerts()}


def test_every_alert_is_seen_to_fire_by_a_rule_test() -> None:
    tests = yaml.safe_load((ROOT / "alerts_test.yml").read_text())["tests"]
    fired = {
        case["alertname"]
        for test in tests
        for case in test.get("alert_rule_test", ())
        if case["exp_alerts"]
    }
    assert fired == {rule["alert"] for rule in alerts()}
    assert ALERTS.name == "alerts.yml"
