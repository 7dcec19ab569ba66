"""How every error looks on the wire: one handler for each kind, one shape for all."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from services.gateway.errors import (
    ApiError,
    InvalidFieldsError,
    TooLargeError,
)
from services.gateway.problems import FieldError, Problem, pointer, respond, trace_id
from shared.errors import InvalidRequestError, TransientError

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5


def install(app: FastAPI) -> None:
    """Render every error of `app` as a problem."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TransientError, _unavailable)
    app.add_exception_handler(InvalidRequestError, _refused)
    app.add_exception_handler(Exception, _bug)


def render(path: str, error: ApiError) -> JSONResponse:
    """Return `error` as the response to a request for `path`."""
    problem = Problem(
        type=f"urn:bolt-ia:problem:{error.code}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        # The query may hold a ticket; the path holds nothing secret.
        instance=path,
        code=error.code,
        trace_id=trace_id(),
        errors=list(error.errors),
    )
    return respond(problem, error.headers)


async def _api_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 - for the type checker; the key says so
    return render(request.url.path, error)


async def _http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    path = request.url.path
    if status.value == TooLargeError.status:
        # Its name differs between versions of Python; our codes do not change.
        return render(path, TooLargeError(str(error.detail), headers=error.headers))
    details = {
        404: f"nothing is served at {path}; /openapi.json lists what is",
        405: f"{request.method} is not served at {path}; see the Allow header",
    }
    answer = ApiError(details.get(status.value, str(error.detail)), headers=error.headers)
    answer.status, answer.title = status.value, status.phrase
    answer.code = status.name.lower()
    return render(path, answer)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    errors = [_field_error(found) for found in error.errors()]
    return render(request.url.path, InvalidFieldsError(errors))


def _field_error(found: dict[str, object]) -> FieldError:
    location = found["loc"]
    assert isinstance(location, tuple)  # noqa: S101 - pydantic says so
    # pydantic marks what is wrong with a name, not with its value, by one more part.
    place, *parts = (part for part in location if part != "[key]")
    kind, message = found["type"], str(found["msg"])
    if kind == "json_invalid":
        at = parts.pop() if parts else 0
        message = f"this is not JSON, from character {at} on"
    elif kind == "extra_forbidden":
        message = f"there is no field {str(parts[-1])[:100]!r}; check its spelling or leave it out"
    elif kind == "missing":
        message = f"{parts[-1] if parts else 'a body'} is required"
    return FieldError(
        pointer=pointer(parts), detail=message.removeprefix("Value error, "), place=place
    )


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.warning("unavailable: %s", error)
    answer = ApiError(
        "a part of the system does not answer; repeat the same request in a moment, "
        "what it began already is not begun twice",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
    answer.status, answer.code = 503, "unavailable"
    answer.title = "Try again in a moment"
    return render(request.url.path, answer)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    answer = ApiError(str(error))
    answer.status, answer.code, answer.title = 422, "invalid_request", "This cannot be asked for"
    return render(request.url.path, answer)


async def _bug(request: Request, _: Exception) -> JSONResponse:
    # Starlette raises the error again once the answer is sent, so the server logs it whole.
    answer = ApiError("this is our mistake, not yours; the trace_id helps us to find it")
    answer.status, answer.code, answer.title = 500, "internal_error", "Something broke"
    return render(request.url.path, answer)
