from dataclasses import replace
from typing import Any

import pytest

from services.narrator.narration import Order
from services.narrator.parts import Part
from services.narrator.reading import Reading
from services.narrator.recording import Production
from shared import catalogue
from shared.providers.tts import Capabilities
from shared.vocabulary import AudioFormat, Profile, ReadingNote

ORDER = Order(
    parts=(Part("Começo", "Era uma vez."),),
    voice=catalogue.voice("espeak:pt-BR"),
    production=Production({"title": "Abelhas"}),
    can=Capabilities(max_bytes=4_800),
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
        {"can": Capabilities(max_bytes=200)},
        {"can": Capabilities(max_bytes=4_800, rate=True)},
        {"can": Capabilities(max_bytes=4_800, model="another")},
        {"can": Capabilities(max_bytes=4_800, setup="http://another.example/v1")},
        {"production": Production({"title": "Outras abelhas"})},
        {"production": Production({"title": "Abelhas"}, AudioFormat.OPUS)},
        {"production": Production({"title": "Abelhas"}, profile=Profile.YOUTUBE)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_heard_or_read_in_the_file_decides_its_name(change: dict[str, Any]) -> None:
    assert replace(ORDER, **change).fingerprint != ORDER.fingerprint


def test_how_many_calls_are_open_at_once_decides_nothing() -> None:
    hurried = Capabilities(max_bytes=4_800, concurrency=1, billable=False)

    assert replace(ORDER, can=hurried).fingerprint == ORDER.fingerprint
