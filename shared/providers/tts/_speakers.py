"""Who may speak for a user now: by the keys there are, and by how providers stand."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeAlias
from uuid import UUID

from shared.quota.standing import Standings


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who may be asked where nobody was named.

    Attributes:
        providers: Best first: their keys are there.
        unwell: By provider: why it had better not be asked now.
    """

    providers: tuple[str, ...]
    unwell: Mapping[str, str] = field(default_factory=dict)


# From a user to who may speak for them now.
SpeakersOf: TypeAlias = Callable[[UUID], Awaitable[Speakers]]


class Presence(AbstractAsyncContextManager["Presence"]):
    """Knows who may speak. An async context: leaving it closes its connections."""

    def __init__(
        self, standings: Standings, configured: Callable[[Collection[str]], tuple[str, ...]]
    ) -> None:
        self._standings = standings
        self._configured = configured

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._standings.aclose()

    async def __call__(self, user_id: UUID) -> Speakers:
        standing = await self._standings.now()
        keyed = standing.keyed(str(user_id))
        return Speakers(self._configured(keyed), standing.unwell)
