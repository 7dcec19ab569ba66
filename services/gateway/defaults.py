"""Completes a batch with what it does not say itself: a saved agent, and the user's preferences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.gateway.drafts import AgentDraft, BatchDraft
from services.gateway.errors import InvalidFieldsError
from services.gateway.preferences import Preferences
from services.gateway.problems import FieldError
from services.gateway.store.agents import SavedAgent


class Agents(Protocol):
    """Saved agents."""

    async def get(self, user_id: UUID, agent_id: UUID) -> SavedAgent | None:
        """Return an agent of a user, or None."""
        ...


class Chosen(Protocol):
    """What users like."""

    async def get(self, user_id: UUID) -> dict[str, Any]:
        """Return what a user has chosen."""
        ...


@dataclass(frozen=True, slots=True)
class Completed:
    """A batch that says everything.

    Attributes:
        voices: Whom the user likes best, by language; the batch and its agent come first.
    """

    draft: BatchDraft
    voices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Defaults:
    """Completes batches."""

    agents: Agents
    chosen: Chosen

    async def complete(self, user_id: UUID, draft: BatchDraft) -> Completed:
        """Return `draft` with its agent in it, and with the format its user likes.

        Raises:
            InvalidFieldsError: it names an agent twice, or one that the user does not have.
        """
        if draft.agent is not None and draft.agent_id is not None:
            raise _wrong("give agent or agent_id, not both")
        likes = Preferences.model_validate(await self.chosen.get(user_id))
        agent = draft.agent or await self._agent(user_id, draft.agent_id, likes.agent_id)
        said = draft.options.model_fields_set
        options = {
            name: value
            for name, value in (("format", likes.format), ("profile", likes.profile))
            if value is not None and name not in said
        }
        changes = {
            "agent": agent,
            "agent_id": None,
            "options": draft.options.model_copy(update=options),
        }
        return Completed(draft.model_copy(update=changes), likes.voices)

    async def _agent(
        self, user_id: UUID, asked: UUID | None, liked: UUID | None
    ) -> AgentDraft | None:
        wanted = asked or liked
        saved = await self.agents.get(user_id, wanted) if wanted else None
        if saved is None and asked is not None:
            raise _wrong(f"you have no agent {asked}; GET /v1/agents lists yours")
        # One that was liked and is gone is missed by nobody.
        return AgentDraft.model_validate(saved.content) if saved else None


def _wrong(detail: str) -> InvalidFieldsError:
    return InvalidFieldsError([FieldError(pointer="/agent_id", detail=detail)])
