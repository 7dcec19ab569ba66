import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from services.gateway.cursors import After
from services.gateway.store.agents import AgentStore, SavedAgent
from services.gateway.store.database import Database
from services.gateway.store.preferences import PreferenceStore
from services.gateway.store.users import UserStore
from shared.postgres import open_pool

pytestmark = pytest.mark.connected


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


async def somebody(database: Database) -> UUID:
    user = await UserStore(database).add(f"{uuid4()}@example.com", "hash")
    assert user is not None
    return user.user_id


async def saved(agents: AgentStore, user: UUID, name: str = "Bia") -> SavedAgent:
    made = await agents.add(user, {"name": name, "language": "pt-BR"}, most=100)
    assert made is not None
    return made


async def test_of_many_who_write_the_version_they_read_one_does(database: Database) -> None:
    agents, user = AgentStore(database), await somebody(database)
    bia = await saved(agents, user)

    written = await asyncio.gather(
        *(agents.replace(user, bia.agent_id, {"name": f"Bia {n}"}, [bia.version]) for n in range(8))
    )

    (winner,) = [one for one in written if one is not None]
    assert winner.version == bia.version + 1
    assert winner.created_at == bia.created_at
    assert await agents.get(user, bia.agent_id) == winner


async def test_an_agent_is_forgotten_in_the_version_that_was_read_only(database: Database) -> None:
    agents, user = AgentStore(database), await somebody(database)
    bia = await saved(agents, user)
    await agents.replace(user, bia.agent_id, {"name": "Bia"}, None)

    assert not await agents.remove(user, bia.agent_id, [bia.version])
    assert not await agents.remove(uuid4(), bia.agent_id, None)
    assert await agents.remove(user, bia.agent_id, [bia.version, bia.version + 1])
    assert await agents.get(user, bia.agent_id) is None


async def test_agents_are_their_users_and_as_many_as_may_be(database: Database) -> None:
    agents, ana, bob = AgentStore(database), await somebody(database), await somebody(database)
    bia = await saved(agents, ana)

    assert await agents.add(ana, {"name": "one too many"}, most=1) is None
    assert await agents.get(bob, bia.agent_id) is None
    assert await agents.replace(bob, bia.agent_id, {"name": "stolen"}, None) is None
    assert await agents.page(bob, None, None, 10) == []


async def test_agents_are_found_by_a_part_of_their_name_as_it_is_written(
    database: Database,
) -> None:
    agents, user = AgentStore(database), await somebody(database)
    await saved(agents, user, "100% Bia")
    await saved(agents, user, "100 Bia")

    found = await agents.page(user, "% bia", None, 10)

    assert [agent.content["name"] for agent in found] == ["100% Bia"]


async def test_pages_of_agents_show_each_once_while_others_are_saved(database: Database) -> None:
    agents, user = AgentStore(database), await somebody(database)
    there = [(await saved(agents, user, f"agent {n}")).agent_id for n in range(10)]

    seen: list[UUID] = []
    after: After | None = None
    while page := await agents.page(user, None, after, 3):
        seen += [agent.agent_id for agent in page]
        after = After(page[-1].created_at, page[-1].agent_id)
        await saved(agents, user, "a new one")

    assert seen == there[::-1]


async def test_preferences_chosen_at_once_are_all_kept(database: Database) -> None:
    preferences, user = PreferenceStore(database), await somebody(database)
    assert await preferences.get(user) == {}

    await asyncio.gather(*(preferences.change(user, {f"field {n}": n}) for n in range(8)))
    await preferences.change(user, {"field 0": None})

    assert await preferences.get(user) == {f"field {n}": n or None for n in range(8)}
    assert await preferences.get(uuid4()) == {}
