"""RFC 9457 problem details: the one shape every error has on the wire."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from opentelemetry import trace
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
# An answer stays readable, and small, however wrong the request is.
MOST_ERRORS = 100

Place = Literal["body", "query", "path", "header", "cookie"]


class FieldError(BaseModel):
    """One thing that is wrong with a request, and where."""

    model_config = ConfigDict(populate_by_name=True)

    pointer: str = Field(
        description="JSON pointer (RFC 6901) to the value.", examples=["/titles/0"]
    )
    detail: str = Field(
        description="What is wrong with it, and what would be right.",
        examples=["a title needs at least one visible character"],
    )
    row: int | None = Field(
        default=None, description="The line of a spreadsheet, from 1.", examples=[None]
    )
    column: str | None = Field(
        default=None, description="The column of a spreadsheet, by its heading.", examples=[None]
    )
    place: Place = Field(
        default="body",
        alias="in",
        description="Which part of the request the pointer points into.",
    )


class Problem(BaseModel):
    """Why a request was not answered as asked (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:bolt-ia:problem:validation_failed",
                    "title": "The request is not valid",
                    "status": 422,
                    "detail": "1 problem; see errors",
                    "instance": "/v1/batches",
                    "code": "validation_failed",
                    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                    "errors": [
                        {
                            "pointer": "/languages/1",
                            "detail": "no language 'pt-XX'; did you mean pt-BR, pt-PT?",
                            "in": "body",
                        }
                    ],
                }
            ]
        }
    )

    type: str = Field(description="A URN that names the kind of problem; it never changes.")
    title: str = Field(description="The kind of problem, in words.")
    status: int = Field(description="The HTTP status, repeated.")
    detail: str = Field(description="What happened this time, and what would help.")
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="The kind of problem, for programs.")
    trace_id: str | None = Field(default=None, description="To find this request in the traces.")
    errors: list[FieldError] = Field(default=[], description="Every field that is wrong.")


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return `problem` as a response."""
    body: dict[str, Any] = problem.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not problem.errors:
        del body["errors"]
    return JSONResponse(body, problem.status, headers, media_type=MEDIA_TYPE)


def trace_id() -> str | None:
    """Return the id of the current trace, where there is one."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def pointer(parts: Iterable[str | int]) -> str:
    """Return the JSON pointer to what lies at `parts`."""
    path = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
    # A name may hold what no encoding can carry.
    return path.encode("utf-8", "replace").decode()
