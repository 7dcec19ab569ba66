import re
from pathlib import Path

import pytest

from shared.telemetry import DECLARED, Metric
from tests.contracts.metrics import document

ROOT = Path(__file__).parents[2]
# What has as many values as there are users, jobs or records.
UNBOUNDED = re.compile(r"(^|[._])(id|key|user|job|batch|title|text|url|offset|message)$")


def test_the_document_is_the_one_in_review() -> None:
    assert document() == (ROOT / "docs" / "metrics.md").read_text(), "run `make contracts`"


@pytest.mark.parametrize("metric", DECLARED.values(), ids=lambda metric: metric.name)
def test_no_label_can_grow_without_bound(metric: Metric) -> None:
    assert not [label for label in metric.labels if UNBOUNDED.search(label)]


@pytest.mark.parametrize("metric", DECLARED.values(), ids=lambda metric: metric.name)
def test_durations_are_in_seconds_and_their_buckets_reach_that_far(metric: Metric) -> None:
    if metric.kind == "histogram" and metric.unit == "s":
        assert metric.prometheus.endswith("_seconds")
        assert metric.buckets[0] <= 1
        assert metric.buckets[-1] >= 30
    assert sorted(metric.buckets) == list(metric.buckets)
    assert metric.services
    assert metric.about.endswith(".")
