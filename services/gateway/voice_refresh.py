"""Asks providers which voices they have, and lets every service know.

PostgreSQL keeps what they said; Redis shows it to the stages, and is filled again every
minute in case it forgot.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.gateway.errors import ApiError, ForbiddenError
from services.gateway.tokens import Principal
from shared import catalogue
from shared.catalogue import Changes, Voice
from shared.errors import InvalidRequestError, RefusedError, UnavailableError
from shared.quota import caller

log = logging.getLogger(__name__)

# Those that can be asked.
PROVIDERS = ("google",)
MIRROR_SECONDS = 60.0
AGAIN_SECONDS = 5.0


class ProviderRefusedError(ApiError):
    """A provider was asked, and will not say."""

    status = 502
    code = "provider_refused"
    title = "A provider said no"


class Store(Protocol):
    """Where it is kept."""

    async def keep(self, provider: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep what one provider said, in place of what it said before."""
        ...

    async def all(self) -> dict[str, str]:
        """Return what all of them said: JSON by provider."""
        ...


class Mirror(Protocol):
    """Where every service looks."""

    async def replace(self, news: Mapping[str, str]) -> None:
        """Show `news`: JSON by provider."""
        ...


@dataclass(frozen=True, slots=True)
class VoiceRefresh:
    """Brings the catalogue up to date.

    Attributes:
        listed: Asks a provider for its voices.
    """

    store: Store
    mirror: Mirror
    listed: Callable[[str], Awaitable[Sequence[Voice]]]

    async def refresh(self, who: Principal, provider: str) -> Changes:
        """Ask `provider`, with the keys that serve `who`; return what that changed.

        Raises:
            ForbiddenError: `who` is not an admin.
            ProviderRefusedError: the provider did not answer with voices.
            UnavailableError: the provider, the database or Redis is away.
        """
        if who.role != "admin":
            raise ForbiddenError("only an admin may refresh the catalogue of everybody")
        caller.set(str(who.user_id))
        try:
            news, changes = catalogue.refreshed(provider, await self.listed(provider))
        except (RefusedError, InvalidRequestError) as error:
            raise ProviderRefusedError(str(error)) from error
        await self.store.keep(provider, catalogue.as_rows(news))
        await self.spread()
        return changes

    async def spread(self) -> None:
        """Let every service know, this one at once.

        Raises:
            UnavailableError: the database or Redis is away.
        """
        news = await self.store.all()
        rows = [row for text in news.values() for row in json.loads(text)]
        catalogue.install(catalogue.of_rows(rows))
        await self.mirror.replace(news)

    async def keep_spread(self) -> None:
        """Spread now and every minute: an emptied Redis heals itself."""
        while True:
            try:
                await self.spread()
                await asyncio.sleep(MIRROR_SECONDS)
            except UnavailableError as error:
                log.warning("spreading voices: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)
