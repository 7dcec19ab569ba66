"""The tests that docs/operations.md names are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/operations.md").read_text().split("## Traps", 1)[1].split("\n## ", 1)[0]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", TABLE)))


def test_every_trap_is_held() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]

    assert len(rows) >= 20
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_holds_it_is_there(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / "tests" / file).read_text()
