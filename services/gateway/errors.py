"""Errors a client caused. `rendering` says how they look on the wire.

* ApiError                  400
  x UnauthenticatedError    401  who are you?
  x ForbiddenError          403  not you
  x NotFoundError           404  no such thing, or not yours
    - NotReadyError         404  ... yet
  x ConflictError           409  it is taken
  x PreconditionError       412  it is not what you think any more
  x TooLargeError           413  more than will be read
  x UnsupportedMediaError   415  not a kind of body that is read here
  x RangeNotSatisfiableError 416 the object ends before the range begins
  x InvalidFieldsError      422  every field that is wrong, at once
    - KeyReusedError        422  an Idempotency-Key that stands for another request
  x TooManyRequestsError    429  come back later
  x NotConfiguredError      503  a setting is missing

To add one: a subclass with `status`, `code` and `title`.
"""

from collections.abc import Mapping, Sequence

from services.gateway.problems import MOST_ERRORS, FieldError


class ApiError(Exception):
    """Rendered as a problem with `status`, `code` and `title`."""

    status = 400
    code = "bad_request"
    title = "The request cannot be answered"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers


class UnauthenticatedError(ApiError):
    """Nobody, or nobody any more."""

    status = 401
    code = "unauthenticated"
    title = "Sign in first"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApiError):
    """Known, and not allowed."""

    status = 403
    code = "forbidden"
    title = "You may not do this"


class NotFoundError(ApiError):
    """No such thing, or not yours: the two look the same."""

    status = 404
    code = "not_found"
    title = "There is no such thing"


class NotReadyError(NotFoundError):
    """It will be there, and is not yet."""

    code = "not_ready"
    title = "It is not ready yet"


class ConflictError(ApiError):
    """It is taken."""

    status = 409
    code = "conflict"
    title = "It exists already"


class PreconditionError(ApiError):
    """It is not what you think any more."""

    status = 412
    code = "precondition_failed"
    title = "It has changed since you read it"


class TooLargeError(ApiError):
    """More than will be read."""

    status = 413
    code = "too_large"
    title = "The request is too large"


class UnsupportedMediaError(ApiError):
    """Not a kind of body that is read here."""

    status = 415
    code = "unsupported_media_type"
    title = "The body is of another kind"


class RangeNotSatisfiableError(ApiError):
    """The object ends before the range begins."""

    status = 416
    code = "range_not_satisfiable"
    title = "There are no such bytes"

    def __init__(self, size: int) -> None:
        super().__init__(
            f"the object has {size} bytes; ask for a range within them",
            headers={"Content-Range": f"bytes */{size}"},
        )


class InvalidFieldsError(ApiError):
    """Every field that is wrong, at once."""

    status = 422
    code = "validation_failed"
    title = "The request is not valid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        shown = errors[:MOST_ERRORS]
        count = "1 problem" if len(shown) == 1 else f"{len(shown)} problems"
        first = "the first " if len(shown) == MOST_ERRORS else ""
        super().__init__(f"{first}{count}; see errors", errors=shown)


class KeyReusedError(ApiError):
    """An Idempotency-Key that stands for another request."""

    status = 422
    code = "idempotency_key_reused"
    title = "The Idempotency-Key was used for another request"


class TooManyRequestsError(ApiError):
    """Come back later."""

    status = 429
    code = "too_many_requests"
    title = "Too many requests"


class NotConfiguredError(ApiError):
    """A setting is missing: only who runs the system can help."""

    status = 503
    code = "not_configured"
    title = "This is not set up here"
