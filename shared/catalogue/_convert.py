"""Writes `voices.json` from a sheet of every provider's voices. Not used at run time.

    python -m shared.catalogue._convert SHEET

To add a provider of the sheet: a line in `PROVIDERS`, and one per family in `LABELS`. An
engine with one voice per language is a column of `languages.json` instead, as `espeak` is.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

# The sheet's name of a provider, and the file of `shared/providers/tts` that speaks it.
PROVIDERS = {"google-cloud-tts": "google"}

# Families whose voices have bare names: what goes between language and name in their ids.
LABELS = {"gemini-tts": "Gemini"}

# Families that share one voice list between models: the model that speaks.
MODELS = {"gemini-tts": "gemini-2.5-flash-tts"}

STAGES = {"PREVIEW": "Preview"}


def rows(sheet: dict[str, Any], codes: list[str]) -> Iterator[dict[str, Any]]:
    """Yield one row per provider, family and language of `codes`."""
    for entry in sheet["entries"]:
        if provider := PROVIDERS.get(entry["provider"]):
            for code in _codes(entry["locale"], codes):
                yield _row(entry, provider, code)


def _codes(locale: str, codes: list[str]) -> list[str]:
    # An engine that says only "pt" speaks every "pt-…" of the catalogue.
    base = locale.partition("-")[0]
    return [locale] if locale in codes else [c for c in codes if c.partition("-")[0] == base]


def _row(entry: dict[str, Any], provider: str, code: str) -> dict[str, Any]:
    family = entry["model_family"]
    label = LABELS.get(family)
    # Google's own full names keep Google's own spelling, also in "fil-ph-Neural2-A".
    first = entry["voices"][0]["name"]
    prefix = f"{code}-{label}-" if label else first[: first.rindex("-") + 1]
    row = {"provider": provider, "family": family, "language": code, "prefix": prefix}
    if model := MODELS.get(family):
        row["model"] = model
    if stage := STAGES.get(entry["launch_stage"]):
        row["launch_stage"] = stage
    for gender in ("female", "male", "unspecified"):
        names = sorted(
            voice["name"].removeprefix("" if label else prefix)
            for voice in entry["voices"]
            if voice["gender"].lower() == gender
        )
        if names:
            row["neutral" if gender == "unspecified" else gender] = " ".join(names)
    return row


def main(path: str) -> None:
    """Write `voices.json` beside this file."""
    codes = [language["code"] for language in json.loads((HERE / "languages.json").read_bytes())]
    found = rows(json.loads(Path(path).read_bytes()), codes)
    lines = (json.dumps(row, ensure_ascii=False) for row in found)
    (HERE / "voices.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
