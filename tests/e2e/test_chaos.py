import argparse
from pathlib import Path

import pytest

from bench.chaos import storm
from bench.chaos.schedule import Kind

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(480)]


def test_kills_outages_and_faults_lose_nothing_and_pay_nothing_twice(tmp_path: Path) -> None:
    asked = argparse.Namespace(jobs=48, every=9, minutes=6, seed=1, keep=tmp_path / "stack")

    result = storm.measure(asked)

    assert result["broken"] == []
    # It did go wrong, and in every way.
    assert {each["what"] for each in result["disturbances"]} == set(Kind)
    assert result["bill"]["unusable"] > 0
