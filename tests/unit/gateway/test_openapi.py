import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Route

from services.gateway import home, openapi
from services.gateway.app import build
from tests.support.gateway import settings

DOCUMENT: dict[str, Any] = json.loads(openapi.document())
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
BODIES = {
    name: schema
    for name, schema in DOCUMENT["components"]["schemas"].items()
    if schema["type"] == "object" and not name.startswith("Body_")
}


def test_the_document_is_the_one_in_review() -> None:
    committed = (Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8")

    assert committed == openapi.document() + "\n", (
        "run `python -m services.gateway.openapi > docs/openapi.json`"
    )


def test_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["components"]["securitySchemes"]


@pytest.mark.parametrize("operation", [op for _, op in OPERATIONS], ids=[n for n, _ in OPERATIONS])
def test_every_operation_explains_itself(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]


def test_operation_ids_are_the_names_of_functions_and_unique() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]

    assert len(ids) == len(set(ids))
    assert all(name.isidentifier() for name in ids)


@pytest.mark.parametrize("operation", [op for _, op in OPERATIONS], ids=[n for n, _ in OPERATIONS])
def test_every_error_is_described_as_a_problem(operation: dict[str, Any]) -> None:
    errors = {s: r for s, r in operation["responses"].items() if s[0] in "45"}

    assert {"500", "503"} <= errors.keys()
    assert ("401" in errors) or "security" not in operation
    for response in errors.values():
        kind, model = "application/problem+json", "Problem"
        if "openai" in operation["tags"]:
            kind, model = "application/json", "OpenAIProblem"
        assert response["content"] == {kind: {"schema": {"$ref": f"#/components/schemas/{model}"}}}


@pytest.mark.parametrize("name", BODIES)
def test_every_model_has_an_example(name: str) -> None:
    schema = BODIES[name]

    fields = schema.get("properties", {}).values()
    own = any("examples" in field for field in fields)
    of_parts = any("$ref" in json.dumps(field) for field in fields)
    assert "examples" in schema or own or of_parts or name == "BatchCounts"


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= DOCUMENT["components"]["schemas"].keys()


def test_the_page_without_a_build_needs_nothing_from_elsewhere() -> None:
    app = build(settings())
    app.router.routes.append(Route("/plain", home.page("1.0")))

    answer = TestClient(app).get("/plain")

    assert answer.headers["content-type"].startswith("text/html")
    assert "POST /v1/batches" in answer.text
    for word in ("<script", "src=", "http-equiv", "@import", "$rows", "$version"):
        assert word not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_the_whole_app_builds_without_a_server() -> None:
    app = build(settings())

    paths = {getattr(route, "path", "") for route in app.router.routes}
    assert {"/health/live", "/health/ready", "/health/startup", "/"} <= paths
