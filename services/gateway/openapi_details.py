"""What FastAPI does not know of our OpenAPI document: errors are problems, everywhere."""

from typing import Any

from services.gateway.openai import errors as openai
from services.gateway.problems import MEDIA_TYPE, Problem

# What may happen to any operation.
EVERYWHERE = {
    "429": "Too many requests; come back after Retry-After seconds.",
    "500": "Something broke on our side.",
    "503": "A part of the system is away.",
}
METHODS = {"get", "post", "put", "patch", "delete"}
_SCHEMA = "#/components/schemas/{model}"

Document = dict[str, Any]


def complete(document: Document) -> Document:
    """Return `document` with every error response described as a problem. Repeating is fine."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=_SCHEMA, by_alias=True, mode="serialization")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    foreign = openai.OpenAIProblem.model_json_schema(ref_template=_SCHEMA, mode="serialization")
    schemas |= foreign.pop("$defs")
    schemas["OpenAIProblem"] = foreign
    for path, operations in document["paths"].items():
        for method in METHODS & operations.keys():
            _describe(path, operations[method])
    return document


def _describe(path: str, operation: Document) -> None:
    responses: Document = operation["responses"]
    kind, model = MEDIA_TYPE, "Problem"
    if openai.speaks(path):
        # What is wrong with a field is a 400 there.
        kind, model = "application/json", "OpenAIProblem"
        responses.pop("422", None)
        responses.setdefault("400", {"description": "The request is not valid."})
    for status, text in _errors(path, operation).items():
        responses.setdefault(status, {"description": text})
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {kind: {"schema": {"$ref": _SCHEMA.format(model=model)}}}
    if "422" in responses:
        responses["422"]["description"] = "The request is not valid; `errors` says where and why."
    operation["responses"] = dict(sorted(responses.items()))


def _errors(path: str, operation: Document) -> dict[str, str]:
    errors = dict(EVERYWHERE)
    if operation.get("security"):
        errors["401"] = "No access token or API key, or one that is not valid any more."
        errors["403"] = "The API key has no scope for this."
    if "{" in path:
        errors["404"] = "There is no such thing, or it is not yours."
    if "requestBody" in operation:
        errors["400"] = "The body cannot be read: it is cut short, or not UTF-8."
        errors["413"] = "The body is larger than will be read."
        errors["415"] = "The body is of another kind than is read here."
    return errors
