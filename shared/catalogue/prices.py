"""What providers charge, at list price: US dollars per million of a unit, by provider and model.

A model is priced by the longest name in the sheet that its own begins with, so that
"gemini-3.8-flash-001" is "gemini-3.8-flash". What is not in the sheet costs nothing here,
which is right for what runs on one's own machine, and too little for what is new.
"""

import json
from functools import cache
from importlib.resources import files

from shared.vocabulary import Usage

MILLION = 1_000_000
UNITS = ("input", "output", "characters", "audio_seconds")


def cost(usage: Usage) -> float:
    """Return what `usage` costs in US dollars."""
    price = _price(usage.provider, usage.model)
    if not price:
        return 0.0
    used = (usage.input_tokens, usage.output_tokens, usage.characters, usage.audio_seconds)
    return sum(price.get(unit, 0.0) * amount for unit, amount in zip(UNITS, used, strict=True)) / (
        MILLION
    )


@cache
def _price(provider: str, model: str) -> dict[str, float]:
    fitting = [
        row
        for row in _sheet()
        if row["provider"] == provider and model.startswith(str(row["model"]))
    ]
    best = max(fitting, key=lambda row: len(str(row["model"])), default={})
    return {unit: float(best[unit]) for unit in UNITS if unit in best}


@cache
def _sheet() -> list[dict[str, str | float]]:
    rows: list[dict[str, str | float]] = json.loads(
        files("shared.catalogue").joinpath("prices.json").read_text("utf-8")
    )
    return rows
