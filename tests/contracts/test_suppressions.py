"""Whoever tells a tool to look away says which rule, and why."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOPS = ("services", "shared", "cli", "bolt_ia", "bench", "deploy", "examples", "tests")
SOURCES = sorted(
    p for top in TOPS for p in (ROOT / top).rglob("*.py") if "node_modules" not in p.parts
)
CODES = r"[A-Z]+\d+(?:, ?[A-Z]+\d+)*"
BARE = re.compile(rf"#\s*noqa(?!: {CODES} - \w)|#\s*type: ignore(?!\[[\w, -]+\]\s+# \w)")


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    lines = (
        (path, number, line)
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    )

    found = [
        f"{path.relative_to(ROOT)}:{n}: {line}" for path, n, line in lines if BARE.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("comment", "bare"),
    [
        ("noqa", True),
        ("noqa: S608", True),
        ("noqa: S608 - a constant", False),
        ("type: ignore", True),
        ("type: ignore[misc]", True),
        ("type: ignore[misc]  # has no types", False),
    ],
)
def test_a_bare_one_is_told_from_one_with_a_reason(comment: str, bare: bool) -> None:
    assert (BARE.search(f"x = 1  # {comment}") is not None) is bare
