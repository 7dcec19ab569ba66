"""ETag, If-Match and If-None-Match for things that count their own versions (RFC 9110)."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response

from services.gateway.errors import PreconditionError

_TAG = re.compile(r'(?:W/)?"v(\d{1,9})"')

IfMatch = Annotated[
    str | None,
    Header(
        max_length=200,
        description="The `ETag` you have read: nothing is changed where it is another one by now.",
        examples=['"v3"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(max_length=200, description="The `ETag` you have: 304 where it is still the same."),
]


@dataclass(frozen=True, slots=True)
class Writing:
    """A change of something that has versions.

    Attributes:
        versions: Which of them may be changed; None: any.
        response: Where the version that came of it is said.
    """

    versions: list[int] | None
    response: Response

    def done(self, version: int) -> None:
        """Say which version it is now."""
        self.response.headers["ETag"] = etag(version)


def _writing(response: Response, if_match: IfMatch = None) -> Writing:
    return Writing(named(if_match), response)


TheWriting = Annotated[Writing, Depends(_writing)]


def etag(version: int) -> str:
    """Return what names a version."""
    return f'"v{version}"'


def named(header: str | None) -> list[int] | None:
    """Return the versions that an If-Match header allows; None where any will do."""
    if header is None or header.strip() == "*":
        return None
    # A weak tag never matches for a change.
    return [int(tag) for tag in re.findall(r'(?<!W/)"v(\d{1,9})"', header)]


def unchanged(header: str | None, version: int) -> bool:
    """Return whether an If-None-Match header names this version."""
    if header is None:
        return False
    return header.strip() == "*" or str(version) in _TAG.findall(header)


def changed(what: str) -> PreconditionError:
    """Return the error for who wrote about an older version."""
    return PreconditionError(f"{what} was changed since you read it; read it again, then repeat")
