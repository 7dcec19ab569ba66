"""What can go wrong between a client and the API."""

from typing import Any


class BoltError(Exception):
    """Base class of what this package raises on purpose."""


class UnreachableError(BoltError):
    """The API did not answer."""


class ApiError(BoltError):
    """The API answered with a problem (RFC 9457).

    Attributes:
        status: The HTTP status.
        code: The problem's stable code.
        errors: What is wrong with which field: `[{"pointer": ..., "detail": ...}]`.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", "error"))
        self.errors: list[dict[str, str]] = problem.get("errors") or []
        lines = [str(problem.get("detail") or problem.get("title") or f"HTTP {status}")]
        lines += [f"  {error['pointer']}: {error['detail']}" for error in self.errors]
        super().__init__("\n".join(lines))
