"""A value that validates against a schema, filled with what the prompt asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.emulators import formats, writing
from bench.emulators.chance import draw
from bench.emulators.writing import Brief

_SPELT = {
    "anyOf": "any_of",
    "oneOf": "one_of",
    "allOf": "all_of",
    "maxItems": "max_items",
    "minItems": "min_items",
    "maxLength": "max_length",
    "minLength": "min_length",
    "prefixItems": "prefix_items",
    "multipleOf": "multiple_of",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}
_LONG = ("text", "script", "content", "narration", "body", "story")
_SHORT = ("title", "heading", "name", "label", "term", "titulo", "título")
_LANGUAGE = ("language", "locale", "idioma", "lang")
_FAULTS = ("issues", "problems", "errors", "contradictions", "findings", "warnings", "conflicts")
_SIZES = ("characters", "chars", "length", "caracteres")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Place:
    name: str = ""
    path: str = "$"
    depth: int = 0
    # How many siblings of a list share the length that is asked for.
    shares: int = 1

    def at(self, name: str) -> "_Place":
        return replace(self, name=name, path=f"{self.path}.{name}", depth=self.depth + 1)

    def item(self, number: int, of: int) -> "_Place":
        path = f"{self.path}[{number}]"
        return replace(self, path=path, depth=self.depth + 1, shares=self.shares * of)


def instance(schema: Mapping[str, Any], asked: Brief) -> Any:
    """Return a value of `schema`, in either of Gemini's spellings or JSON Schema's."""
    return _value(schema, _Filler(schema, asked), _Place())


@dataclass(frozen=True, slots=True)
class _Filler:
    root: Mapping[str, Any]
    asked: Brief

    def follow(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what `schema` refers to, choices made."""
        for _ in range(_DEEPEST):
            if "$ref" in schema:
                found: Any = self.root
                for part in str(schema["$ref"]).lstrip("#/").split("/"):
                    found = found.get(part, {})
                schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
            elif choices := (_get(schema, "anyOf") or _get(schema, "oneOf")):
                real = [each for each in choices if _type(each) != "null"]
                kept = {k: v for k, v in schema.items() if k not in _CHOICES}
                schema = {**kept, **(real or choices)[0]}
            elif parts := _get(schema, "allOf"):
                kept = {k: v for k, v in schema.items() if k not in _CHOICES}
                schema = _merged([kept, *map(self.follow, parts)])
            else:
                break
        return schema


_CHOICES = frozenset({"anyOf", "any_of", "oneOf", "one_of", "allOf", "all_of"})


def _value(schema: Mapping[str, Any], filler: _Filler, place: _Place) -> Any:
    schema = filler.follow(schema)
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("enum"):
        return draw(filler.asked.seed, place.path).choice(list(choices))
    kind = _type(schema)
    if kind in ("boolean", "null"):
        return True if kind == "boolean" else None
    make = {"object": _object, "array": _array, "integer": _integer, "number": _number}
    return make.get(kind, _string)(schema, filler, place)


def _object(schema: Mapping[str, Any], filler: _Filler, place: _Place) -> dict[str, Any]:
    properties = schema.get("properties") or {}
    required = set(schema.get("required") or ())
    names = [name for name in properties if name in required or place.depth < _DEEPEST]
    return {name: _value(properties[name], filler, place.at(name)) for name in names}


def _array(schema: Mapping[str, Any], filler: _Filler, place: _Place) -> list[Any]:
    least = int(_get(schema, "minItems") or 0)
    most = int(_get(schema, "maxItems") or max(least, 50))
    if fixed := _get(schema, "prefixItems"):
        return [_value(each, filler, place.item(i, 1)) for i, each in enumerate(fixed)]
    wanted = filler.asked.count if place.depth <= 2 and filler.asked.count else 3
    if place.name.lower() in _FAULTS or place.depth > _DEEPEST // 2:
        wanted = 0
    size = min(max(wanted, least), most)
    items = schema.get("items") or {}
    return [_value(items, filler, place.item(number, size)) for number in range(size)]


def _integer(schema: Mapping[str, Any], filler: _Filler, place: _Place) -> int:
    return int(_number(schema, filler, place, step=1))


def _number(
    schema: Mapping[str, Any], filler: _Filler, place: _Place, *, step: float = 0.5
) -> float:
    value = float(draw(filler.asked.seed, place.path).randint(1, 10))
    if any(word in place.name.lower() for word in _SIZES):
        value = max(1, filler.asked.characters // place.shares)
    low, high = schema.get("minimum"), schema.get("maximum")
    if (above := _get(schema, "exclusiveMinimum")) is not None:
        low = above + step
    if (below := _get(schema, "exclusiveMaximum")) is not None:
        high = below - step
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    if every := _get(schema, "multipleOf"):
        value = -(-value // every) * every
        value = value - every if high is not None and value > high else value
    return value


def _string(schema: Mapping[str, Any], filler: _Filler, place: _Place) -> str:
    asked, seed = filler.asked, f"{filler.asked.seed}{place.path}"
    if known := formats.example(str(schema.get("format", "")), str(schema.get("pattern", ""))):
        return known
    name = place.name.lower()
    if name in _LANGUAGE:
        text = asked.language
    elif name in _LONG:
        size = max(1, asked.characters // place.shares)
        text = writing.passage(asked.language, size, seed, paragraphs=asked.paragraphs)
    elif name in _SHORT:
        text = writing.phrase(asked.language, seed)
    else:
        text = writing.sentence(asked.language, seed)
    least, most = int(_get(schema, "minLength") or 0), _get(schema, "maxLength")
    if len(text) < least:
        text = (text + " " + writing.passage(asked.language, 2 * least, seed))[: max(least, 80)]
    return text if most is None else text[: int(most)].rstrip() or text[: int(most)]


def _merged(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for part in parts:
        properties = {**whole.get("properties", {}), **part.get("properties", {})}
        required = [*whole.get("required", ()), *part.get("required", ())]
        whole |= part
        if properties:
            whole |= {"properties": properties, "required": required}
    return whole


def _get(schema: Mapping[str, Any], name: str) -> Any:
    return schema.get(name, schema.get(_SPELT[name]))


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        kind = next((each for each in kind if each.lower() != "null"), "null")
    if kind:
        return str(kind).lower()
    return "object" if "properties" in schema else "array" if "items" in schema else "string"
