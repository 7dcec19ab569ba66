"""How every error looks on the wire: one handler for each kind, one shape for all."""

import logging
import re
from collections import defaultdict
from functools import cache
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.gateway import site
from services.gateway.errors import (
    ApiError,
    InvalidFieldsError,
    TooLargeError,
    UnsupportedMediaError,
)
from services.gateway.openai import errors as openai
from services.gateway.problems import FieldError, Problem, pointer, respond, trace_id
from shared.errors import InvalidRequestError, TransientError

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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
    if openai.speaks(path):
        return openai.respond(error)
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


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    path = request.url.path
    if status.value == 404 and (page := site.missing(request)):
        return page
    if status.value == TooLargeError.status:
        # Its name differs between versions of Python; our codes do not change.
        return render(path, TooLargeError(str(error.detail), headers=error.headers))
    if status.value == 405:
        return _not_served(request)
    details = {
        400: "the body cannot be read; send JSON in UTF-8, whole",
        404: f"nothing is served at {path}; /openapi.json lists what is",
    }
    answer = ApiError(details.get(status.value, str(error.detail)), headers=error.headers)
    answer.status, answer.title = status.value, status.phrase
    answer.code = status.name.lower()
    return render(path, answer)


def _methods(request: Request) -> set[str]:
    # From the routes, not from the document: to write that takes half a second, in which nobody
    # else would be answered.
    served: dict[str, set[str]] = defaultdict(set)
    for route in iter_route_contexts(request.app.routes):
        if route.path_format and getattr(route, "include_in_schema", False):
            served[route.path_format] |= route.methods or set()
    path = request.url.path
    if path in served:
        return served[path]
    found = (served[template] for template in served if _pattern(template).fullmatch(path))
    return set().union(*found)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    # The id of a voice may hold slashes.
    escaped = re.escape(template).replace(r"\{voice_id\}", ".+")
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", escaped))


def _served(request: Request) -> bool:
    methods = _methods(request)
    return not methods or request.method in methods


def _not_served(request: Request) -> JSONResponse:
    path = request.url.path
    allowed = ", ".join(sorted(_methods(request))) or "GET"
    answer = ApiError(
        f"{request.method} is not served at {path}; see the Allow header",
        headers={"Allow": allowed},
    )
    answer.status, answer.title, answer.code = 405, "Method Not Allowed", "method_not_allowed"
    return render(path, answer)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    if not _served(request):
        # A path that another method serves, and that looks like one with an id in it.
        return _not_served(request)
    if wrong_kind := _wrong_kind(request):
        return render(request.url.path, wrong_kind)
    errors = [_field_error(found) for found in error.errors()]
    return render(request.url.path, InvalidFieldsError(errors))


def _wrong_kind(request: Request) -> UnsupportedMediaError | None:
    # Only asked about a request that could not be understood.
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    field = getattr(request.scope.get("route"), "body_field", None)
    if field is None or not given:
        return None
    wanted = field.field_info.media_type
    fits = given in FORMS if wanted in FORMS else given == wanted or given.endswith("+json")
    if fits:
        return None
    return UnsupportedMediaError(f"send {wanted} as Content-Type, not {given[:100]!r}")


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
