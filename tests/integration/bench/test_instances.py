from typing import Any

import jsonschema
import pytest

from bench.emulators.instances import instance
from bench.emulators.writing import Brief

ASKED = Brief(language="pt", characters=1_000, count=0, seed="x")
SCHEMAS: list[dict[str, Any]] = [
    {"type": "string", "minLength": 700},
    {"type": "string", "maxLength": 5},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": "^[a-z]{2}-[A-Z]{2}$"},
    {"enum": ["a", "b"]},
    {"const": 4},
    {"type": ["string", "null"]},
    {"type": "integer", "minimum": 40, "multipleOf": 7},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 60},
    {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    {"allOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"type": "object"}]},
    {
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
        "$ref": "#/$defs/Node",
    },
    {"type": "object", "additionalProperties": {"type": "string"}},
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_is_made_validates(schema: dict[str, Any]) -> None:
    jsonschema.validate(instance(schema, ASKED), schema)


def test_understands_geminis_own_spelling() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {
            "names": {"type": "ARRAY", "items": {"type": "STRING"}, "max_items": "2"},
            "kind": {"any_of": [{"type": "INTEGER"}], "nullable": True},
        },
    }

    made = instance(schema, ASKED)

    assert len(made["names"]) == 2
    assert isinstance(made["kind"], int)


def test_a_text_is_as_long_as_asked_and_a_title_is_short() -> None:
    fields = ("title", "text", "language")
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}

    made = instance(schema, ASKED)

    assert 900 < len(made["text"]) < 1_100
    assert len(made["title"]) < 60
    assert made["language"] == "pt"
