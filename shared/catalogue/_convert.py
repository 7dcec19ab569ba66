"""Writes `voices.json` from a sheet of every provider's voices. Not used at run time.

    python -m shared.catalogue._convert SHEET

To add a provider of the sheet: a line in `PROVIDERS`, and one per family in `LABELS`. An
engine with one voice per language is a column of `languages.json` instead, as `espeak` is; one
whose voices are whatever its server has is a line of `servers.json`, as `openai` is.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

# The sheet's name of a provider, and the file of `shared/providers/tts` that speaks it.
PROVIDERS = {"google-cloud-tts": "google", "gemini-api": "gemini", "bark": "bark"}

# Families whose voices have bare names: what goes between language and name in their ids.
LABELS = {"gemini-tts": "Gemini", "gemini-3.8-tts": "Gemini38"}

# Families that share one voice list between models: the model that speaks.
MODELS = {"gemini-tts": "gemini-2.5-flash-tts", "gemini-3.8-tts": "gemini-3.8-flash-tts"}

# Providers that name a language and no region, and speak it in one way only.
REGIONLESS = frozenset(["gemini", "bark"])

# Where the catalogue has several regions of such a language, or another code: the one spoken.
HOMES = {
    "als": "sq-AL",
    "arb-Arab": "ar-001",
    "arz": "ar-EG",
    "azj": "az-AZ",
    "bn": "bn-BD",
    "ca": "ca-ES",
    "en": "en-US",
    "es": "es-ES",
    "fr": "fr-FR",
    "hy": "hy-AM",
    "khk": "mn-MN",
    "lvs": "lv-LV",
    "nl": "nl-NL",
    "npi": "ne-NP",
    "ory": "or-IN",
    "pes": "fa-IR",
    "pt": "pt-BR",
    "ru": "ru-RU",
    "swh": "sw-KE",
    "uzn": "uz-UZ",
    "zh": "cmn-CN",
    "zh-Hans": "cmn-CN",
    "zh-Hant": "cmn-TW",
    "zsm": "ms-MY",
}

STAGES = {"PREVIEW": "Preview"}


def rows(sheet: dict[str, Any], codes: list[str]) -> Iterator[dict[str, Any]]:
    """Yield one row per provider, family and language of `codes`."""
    for entry in sheet["entries"]:
        if provider := PROVIDERS.get(entry["provider"]):
            for code in _codes(entry["locale"], codes, provider):
                yield _row(entry, provider, code)


def _codes(locale: str, codes: list[str], provider: str) -> list[str]:
    if provider in REGIONLESS and (home := HOMES.get(locale)):
        return [home] if home in codes else []
    # An engine that says only "pt" speaks every "pt-…" of the catalogue.
    base = locale.partition("-")[0]
    return [locale] if locale in codes else [c for c in codes if c.partition("-")[0] == base]


def _row(entry: dict[str, Any], provider: str, code: str) -> dict[str, Any]:
    family = entry["model_family"]
    label = LABELS.get(family)
    # Google's own full names keep Google's own spelling, also in "fil-ph-Neural2-A".
    first = entry["voices"][0]["name"]
    prefix = f"{code}-{label}-" if label else first[: max(map(first.rfind, "-_")) + 1]
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
