"""Takes texts to narrate, and says what became of them."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.acceptance import Acceptance
from services.gateway.narrating.asking import NarrationDraft, drafted
from services.gateway.narrating.speakers import FALLBACK
from services.gateway.narrating.waiting import Told, Waiting
from services.gateway.pointing import pointing
from services.gateway.store.batches import as_accepted


@dataclass(frozen=True, slots=True)
class Wish:
    """How an answer is wanted.

    Attributes:
        wait: Seconds to wait for the end, at most.
        key: What the same request will bear when it is repeated.
        unread: The language of texts that name none and do not read as any.
    """

    wait: float = 0.0
    key: str | None = None
    unread: str = FALLBACK


@dataclass(frozen=True, slots=True)
class Desk:
    """Where narrations are asked for."""

    acceptance: Acceptance
    waiting: Waiting

    async def ask(self, user_id: UUID, draft: NarrationDraft, wish: Wish) -> Told:
        """Return how the narrations of `draft` stand, once they ended or the wait is over.

        Raises:
            InvalidFieldsError: the draft asks for what cannot be.
            KeyReusedError: the key stands for another request.
        """
        batch = await drafted(draft, wish.unread)
        with pointing(draft.renamed):
            accepted = await self.acceptance.accept(user_id, batch, wish.key)
        return await self.waiting.of(user_id, as_accepted(accepted), seconds=wish.wait)
