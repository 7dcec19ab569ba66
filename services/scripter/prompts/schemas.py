"""The JSON that is asked for. Flat: models keep to a flat schema better."""

from services.scripter.plan import MOST_BLOCKS

_TEXT = {"type": "string"}
_LIST = {"type": "array", "items": _TEXT, "maxItems": 12}
PREMISE = {
    "type": "object",
    "properties": {
        "logline": _TEXT,
        "promise": _TEXT,
        "audience": _TEXT,
        "tone": _TEXT,
        "point_of_view": _TEXT,
        "facts": _LIST,
        "names": _LIST,
        "avoid": _LIST,
    },
    "required": ["logline", "promise", "audience", "tone", "point_of_view"],
}
_BLOCK = {
    "type": "object",
    "properties": {"heading": _TEXT, "goal": _TEXT, "target_characters": {"type": "integer"}},
    "required": ["heading", "goal", "target_characters"],
}
PLAN = {
    "type": "object",
    "properties": {"blocks": {"type": "array", "items": _BLOCK, "maxItems": MOST_BLOCKS}},
    "required": ["blocks"],
}
REVIEW = {
    "type": "object",
    "properties": {
        "contradictions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"block": {"type": "integer"}, "contradiction": _TEXT},
                "required": ["block", "contradiction"],
            },
            "maxItems": 20,
        }
    },
    "required": ["contradictions"],
}
