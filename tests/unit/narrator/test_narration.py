from dataclasses import replace
from typing import Any

import pytest

from services.narrator.narration import Order
from services.narrator.parts import Part
from services.narrator.reading import Reading
from services.narrator.recording import Production
from shared import catalogue
from shared.vocabulary import AudioFormat, Profile, ReadingNote

ORDER = Order(
    parts=(Part("Começo", "Era uma vez."),),
    voice=catalogue.voice("espeak:pt-BR"),
    production=Production({"title": "Abelhas"}),
)


def test_equal_orders_share_a_name() -> None:
    assert (
        ORDER.fingerprint == replace(ORDER, production=Production({"title": "Abelhas"})).fingerprint
    )


@pytest.mark.parametrize(
    "change",
    [
        {"parts": (Part("Começo", "Fim."),)},
        {"parts": (Part("Fim", "Era uma vez."),)},
        {"voice": catalogue.voice("espeak:pt-PT")},
        {"rate": 1.1},
        {"pitch": 1.0},
        {"style": "calm"},
        {"reading": Reading([ReadingNote(term="vez", pronunciation="vês")])},
        {"production": Production({"title": "Outras abelhas"})},
        {"production": Production({"title": "Abelhas"}, AudioFormat.OPUS)},
        {"production": Production({"title": "Abelhas"}, profile=Profile.YOUTUBE)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_heard_or_read_in_the_file_decides_its_name(change: dict[str, Any]) -> None:
    assert replace(ORDER, **change).fingerprint != ORDER.fingerprint
