"""/agents: personas that write, saved to be used again."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway import cursors, versions
from services.gateway.deps import Me, TheAgents
from services.gateway.drafts import AgentDraft
from services.gateway.errors import ConflictError, InvalidFieldsError, NotFoundError
from services.gateway.planning.agents import check
from services.gateway.planning.findings import Findings
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.store.agents import SavedAgent
from services.gateway.versions import IfNoneMatch, TheWriting

router = APIRouter(prefix="/agents", tags=["agents"])

MOST_AGENTS = 1_000
NAME_CHARACTERS = 200
AgentId = Annotated[UUID, Path(description="The agent.")]
FULL: dict[int | str, dict[str, Any]] = {
    409: {"description": f"You have {MOST_AGENTS} agents; delete one."}
}
CHANGED: dict[int | str, dict[str, Any]] = {
    412: {"description": "It was changed since you read it."}
}


class AgentRead(AgentDraft):
    """A saved agent: what was sent, and which writing of it this is."""

    model_config = ConfigDict(extra="ignore")

    agent_id: UUID = Field(examples=["9a3de21c-0b57-4b1c-8a55-6d7f8f1f9b10"])
    version: int = Field(description="Grows with every change; the ETag.", examples=[3])
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, saved: SavedAgent) -> Self:
        """Return how the API shows `saved`."""
        return cls(
            **saved.content,
            agent_id=saved.agent_id,
            version=saved.version,
            created_at=saved.created_at,
            updated_at=saved.updated_at,
        )


class AgentQuery(PageQuery):
    """Which agents are wanted."""

    search: str | None = Field(
        default=None, max_length=200, pattern=r"^[^\x00]*$", description="Part of the name."
    )


class AgentPage(BaseModel):
    """Some agents, newest first."""

    items: list[AgentRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


@router.post("", status_code=201, summary="Save an agent", responses=FULL)
async def create_agent(
    body: AgentDraft, me: Me, agents: TheAgents, response: Response
) -> AgentRead:
    """Save an agent, to be named by `agent_id` in batches."""
    return _shown(await _added(me.user_id, body, agents), response, new=True)


@router.get("", summary="List agents")
async def list_agents(
    me: Me, agents: TheAgents, query: Annotated[AgentQuery, Query()], next_page: TheNextPage
) -> AgentPage:
    """Return your agents, newest first."""
    after = cursors.after(query.cursor)
    rows = await agents.page(me.user_id, query.search, after, query.limit + 1)
    page = cursors.cut(rows, query.limit, lambda agent: (agent.created_at, agent.agent_id))
    next_page.link(page.next_cursor)
    return AgentPage(
        items=[AgentRead.of(saved) for saved in page.items], next_cursor=page.next_cursor
    )


@router.get(
    "/{agent_id}",
    summary="Read an agent",
    response_model=AgentRead,
    responses={304: {"description": "It is what If-None-Match says."}},
)
async def read_agent(
    agent_id: AgentId,
    me: Me,
    agents: TheAgents,
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> AgentRead | Response:
    """Return an agent. Its `ETag` is for `If-Match` when you change it."""
    saved = await mine(me.user_id, agent_id, agents)
    if versions.unchanged(if_none_match, saved.version):
        return Response(status_code=304, headers={"ETag": versions.etag(saved.version)})
    return _shown(saved, response)


@router.put("/{agent_id}", summary="Change an agent", responses=CHANGED)
async def replace_agent(
    agent_id: AgentId, body: AgentDraft, me: Me, agents: TheAgents, writing: TheWriting
) -> AgentRead:
    """Write an agent anew, whole. Batches that were accepted keep the one they began with."""
    _check(body)
    content = body.model_dump(mode="json")
    saved = await agents.replace(me.user_id, agent_id, content, writing.versions)
    if saved is None:
        await mine(me.user_id, agent_id, agents)
        raise versions.changed("the agent")
    writing.done(saved.version)
    return AgentRead.of(saved)


@router.delete("/{agent_id}", status_code=204, summary="Delete an agent", responses=CHANGED)
async def delete_agent(agent_id: AgentId, me: Me, agents: TheAgents, writing: TheWriting) -> None:
    """Forget an agent. Batches that were accepted keep it."""
    if not await agents.remove(me.user_id, agent_id, writing.versions):
        await mine(me.user_id, agent_id, agents)
        raise versions.changed("the agent")


@router.post("/{agent_id}/duplicate", status_code=201, summary="Duplicate an agent", responses=FULL)
async def duplicate_agent(
    agent_id: AgentId, me: Me, agents: TheAgents, response: Response
) -> AgentRead:
    """Save the same agent once more, under another name."""
    saved = await mine(me.user_id, agent_id, agents)
    name = f"{str(saved.content['name'])[: NAME_CHARACTERS - 7]} (copy)"
    copy = AgentDraft.model_validate(saved.content | {"name": name})
    return _shown(await _added(me.user_id, copy, agents), response, new=True)


async def _added(user_id: UUID, draft: AgentDraft, agents: TheAgents) -> SavedAgent:
    _check(draft)
    saved = await agents.add(user_id, draft.model_dump(mode="json"), most=MOST_AGENTS)
    if saved is None:
        raise ConflictError(f"you have {MOST_AGENTS} agents; delete one first")
    return saved


async def mine(user_id: UUID, agent_id: UUID, agents: TheAgents) -> SavedAgent:
    """Return an agent of a user.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    saved = await agents.get(user_id, agent_id)
    if saved is None:
        raise NotFoundError(f"you have no agent {agent_id}")
    return saved


def _check(draft: AgentDraft) -> None:
    found = Findings()
    check(draft, found)
    if found.errors:
        raise InvalidFieldsError(found.errors)


def _shown(saved: SavedAgent, response: Response, *, new: bool = False) -> AgentRead:
    response.headers["ETag"] = versions.etag(saved.version)
    if new:
        response.headers["Location"] = f"/v1/agents/{saved.agent_id}"
    return AgentRead.of(saved)
