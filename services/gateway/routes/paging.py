"""What every list has in common: a cursor, a limit, and where the next page is."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

MOST_ITEMS = 200


class PageQuery(BaseModel):
    """Which page is wanted. Each list extends it with its filters."""

    # A filter that is misspelt must not look like one that found everything.
    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(
        default=None,
        max_length=500,
        description="`next_cursor` of the page before.",
        # Opaque, and yet not any text: tools that make up values are told.
        json_schema_extra={"format": "cursor"},
    )
    limit: int = Field(default=50, ge=1, le=MOST_ITEMS, description="How many at most.")


class PlaceQuery(PageQuery):
    """The same for lists that are counted through: their cursors are others."""

    cursor: str | None = Field(
        default=None,
        max_length=500,
        description="`next_cursor` of the page before.",
        json_schema_extra={"format": "place"},
    )


@dataclass(frozen=True, slots=True)
class NextPage:
    """Says where the next page is, in the Link header (RFC 8288)."""

    request: Request
    response: Response

    def link(self, cursor: str | None) -> None:
        """Add the header, unless this is the last page."""
        if cursor is not None:
            # Relative, so that it holds behind any proxy.
            url = self.request.url.include_query_params(cursor=cursor)
            self.response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'


def _next_page(request: Request, response: Response) -> NextPage:
    return NextPage(request, response)


TheNextPage = Annotated[NextPage, Depends(_next_page)]
