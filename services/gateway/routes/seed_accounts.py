"""/token, /register, /me/agents: the first names of these."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.security import OAuth2PasswordRequestForm

from services.gateway.deps import (
    Me,
    TheAgents,
    ThePasswords,
    TheSignIn,
    TheUsers,
    TheVisitor,
)
from services.gateway.pointing import pointing
from services.gateway.routes import agents as canonical
from services.gateway.routes import auth
from services.gateway.routes.agents import CHANGED, FULL, AgentId
from services.gateway.routes.auth import REFUSED, RegistrationCreate, TokenRead
from services.gateway.routes.me import UserRead
from services.gateway.seeds.agents import AgenteConfig, AgentSeen, renamed
from services.gateway.store.users import User
from services.gateway.versions import TheWriting
from services.gateway.who import Sparingly

router = APIRouter(tags=["first names"])

MOST = 1_000


@router.post(
    "/register",
    status_code=201,
    response_model=UserRead,
    summary="As POST /v1/auth/register",
    responses={409: {"description": "The address has an account already."}, 429: REFUSED[429]},
    dependencies=[Sparingly],
)
async def seed_register(body: RegistrationCreate, users: TheUsers, passwords: ThePasswords) -> User:
    """Make an account."""
    return await auth.register(body, users, passwords)


@router.post(
    "/token", summary="As POST /v1/auth/token", responses=REFUSED, dependencies=[Sparingly]
)
async def seed_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], sign_in: TheSignIn, visitor: TheVisitor
) -> TokenRead:
    """Sign in: `access_token` and `token_type`."""
    return await auth.create_token(form, sign_in, visitor)


@router.get("/me/agents", summary="As GET /v1/agents")
async def seed_agents(me: Me, agents: TheAgents) -> list[AgentSeen]:
    """Return your agents, newest first."""
    return [AgentSeen.of(saved) for saved in await agents.page(me.user_id, None, None, MOST)]


@router.post("/me/agents", status_code=201, summary="As POST /v1/agents", responses=FULL)
async def seed_add_agent(
    body: AgenteConfig, me: Me, agents: TheAgents, response: Response
) -> AgentSeen:
    """Save an agent."""
    with pointing(renamed):
        saved = await canonical.create_agent(body.draft(), me, agents, response)
    return await seed_agent(saved.agent_id, me, agents)


@router.get("/me/agents/{agent_id}", summary="As GET /v1/agents/{id}")
async def seed_agent(agent_id: AgentId, me: Me, agents: TheAgents) -> AgentSeen:
    """Return an agent."""
    return AgentSeen.of(await canonical.mine(me.user_id, agent_id, agents))


@router.put("/me/agents/{agent_id}", summary="As PUT /v1/agents/{id}", responses=CHANGED)
async def seed_change_agent(
    agent_id: AgentId, body: AgenteConfig, me: Me, agents: TheAgents, writing: TheWriting
) -> AgentSeen:
    """Write an agent anew, whole."""
    with pointing(renamed):
        await canonical.replace_agent(agent_id, body.draft(), me, agents, writing)
    return await seed_agent(agent_id, me, agents)


@router.delete(
    "/me/agents/{agent_id}", status_code=204, summary="As DELETE /v1/agents/{id}", responses=CHANGED
)
async def seed_delete_agent(
    agent_id: AgentId, me: Me, agents: TheAgents, writing: TheWriting
) -> None:
    """Forget an agent."""
    await canonical.delete_agent(agent_id, me, agents, writing)
