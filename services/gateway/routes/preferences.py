"""/me/preferences: what you like."""

from fastapi import APIRouter
from pydantic import ConfigDict

from services.gateway.deps import Me, TheAgents, ThePreferences
from services.gateway.errors import InvalidFieldsError
from services.gateway.planning.agents import check_voices
from services.gateway.planning.findings import Findings
from services.gateway.preferences import Preferences

router = APIRouter(prefix="/me/preferences", tags=["agents"])


class PreferencesChange(Preferences):
    """What is to be different. What is left out stays; null is forgotten."""

    model_config = ConfigDict(extra="forbid")


@router.get("", summary="Read your preferences")
async def read_preferences(me: Me, preferences: ThePreferences) -> Preferences:
    """Return what you have chosen."""
    return Preferences.model_validate(await preferences.get(me.user_id))


@router.patch("", summary="Change your preferences")
async def update_preferences(
    body: PreferencesChange, me: Me, preferences: ThePreferences, agents: TheAgents
) -> Preferences:
    """Choose some things anew. Batches that do not say otherwise follow from now on."""
    found = Findings()
    check_voices(body.voices, found, "voices")
    if body.agent_id is not None and await agents.get(me.user_id, body.agent_id) is None:
        found.add(f"you have no agent {body.agent_id}; GET /v1/agents lists yours", "agent_id")
    if found.errors:
        raise InvalidFieldsError(found.errors)
    chosen = body.model_dump(mode="json", exclude_unset=True)
    return Preferences.model_validate(await preferences.change(me.user_id, chosen))
