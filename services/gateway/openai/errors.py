"""Errors in the shape that OpenAI's clients read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from services.gateway.errors import ApiError

PATHS = ("/v1/audio/", "/v1/models")

# By status; whatever else there is, is the request's fault or ours.
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


class OpenAIError(BaseModel):
    """What went wrong."""

    message: str = Field(examples=["no voice 'alloi' in the catalogue"])
    type: str = Field(examples=["invalid_request_error"])
    param: str | None = Field(description="The field that is wrong.", examples=["voice"])
    code: str | None = Field(description="The kind of problem, for programs.", examples=[None])


class OpenAIProblem(BaseModel):
    """Why a request was not answered as asked, as OpenAI's clients expect it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": {
                        "message": "voice: no voice 'alloi' in the catalogue",
                        "type": "invalid_request_error",
                        "param": "voice",
                        "code": "validation_failed",
                    }
                }
            ]
        }
    )

    error: OpenAIError


def speaks(path: str) -> bool:
    """Return whether whoever asks for `path` was written for OpenAI."""
    return path.startswith(PATHS)


def respond(error: ApiError) -> JSONResponse:
    """Return `error` as such a response."""
    first = error.errors[0] if error.errors else None
    param = first.pointer.strip("/").replace("/", ".") or None if first else None
    said = "; ".join(f"{each.pointer.strip('/')}: {each.detail}" for each in error.errors)
    # What is wrong with a field is a 400 there.
    status = 400 if error.status == 422 else error.status
    fallback = "server_error" if status >= 500 else "invalid_request_error"
    body: dict[str, Any] = {
        "error": {
            "message": said or error.detail,
            "type": _TYPES.get(status, fallback),
            "param": param,
            "code": error.code,
        }
    }
    return JSONResponse(body, status, error.headers)
