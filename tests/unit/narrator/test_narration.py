from dataclasses import replace
from typing import Any

import pytest

from services.narrator.narration import Order
from shared import catalogue

ORDER = Order(
    text="Era uma vez.",
    voice=catalogue.voice("espeak:pt-BR"),
    rate=1.0,
    pitch=0.0,
    tags={"title": "Abelhas"},
)


def test_equal_orders_share_a_name() -> None:
    assert ORDER.fingerprint == replace(ORDER, tags={"title": "Abelhas"}).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Fim."},
        {"voice": catalogue.voice("espeak:pt-PT")},
        {"rate": 1.1},
        {"pitch": 1.0},
        {"tags": {"title": "Outras abelhas"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_heard_or_read_in_the_file_decides_its_name(change: dict[str, Any]) -> None:
    assert replace(ORDER, **change).fingerprint != ORDER.fingerprint
