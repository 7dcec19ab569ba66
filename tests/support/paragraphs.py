"""Paragraphs in many languages, by tag, for whoever tells languages apart."""

import json
from pathlib import Path

PARAGRAPHS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("paragraphs.json").read_text(encoding="utf-8")
)
PORTUGUESE, ENGLISH, GERMAN = (PARAGRAPHS[tag][0] for tag in ("pt-BR", "en-US", "de-AT"))
