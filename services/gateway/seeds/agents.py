"""Agents by the field names of those days."""

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.drafts import AgentDraft, LanguageKey, LanguageTag, Prompt, VoiceName
from services.gateway.narrating.speakers import region
from services.gateway.store.agents import SavedAgent
from services.gateway.texts import Text
from shared.errors import InvalidRequestError

# From their names to ours; the others are the same.
NAMES = {
    "idioma": "language",
    "persona_and_global_rules_prompt": "persona_prompt",
    "idiomas_alvo": "target_languages",
}
SAME = (
    *("name", "premise_prompt", "block_structure_prompt", "cultural_adaptation_prompt"),
    *("cultural_configs", "default_voices"),
)


def renamed(pointer: str) -> str:
    """Return a pointer into an agent by the names of those days."""
    _, name, *rest = pointer.split("/")
    theirs = {new: old for old, new in NAMES.items()}
    return "/".join(["", theirs.get(name, name), *rest])


class AgenteConfig(BaseModel):
    """Who writes, and in which languages it is wanted."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"idioma": "pt-BR", "idiomas_alvo": ["pt-BR", "en-US"]}]},
    )

    name: Text = Field(default="default", min_length=1, max_length=200)
    idioma: LanguageTag = Field(default="pt-BR", description="The language scripts are written in.")
    premise_prompt: Prompt = ""
    persona_and_global_rules_prompt: Prompt = ""
    block_structure_prompt: Prompt = ""
    cultural_adaptation_prompt: Prompt = ""
    idiomas_alvo: list[LanguageTag] = Field(
        default=[],
        max_length=500,
        description="Left out: only `idioma`.",
        json_schema_extra={"uniqueItems": True},
    )
    cultural_configs: dict[LanguageKey, Prompt] = {}
    default_voices: dict[LanguageKey, VoiceName] = {}

    def draft(self) -> AgentDraft:
        """Return the agent as it is called now."""
        ours: dict[str, Any] = {name: getattr(self, name) for name in SAME}
        ours |= {new: getattr(self, old) for old, new in NAMES.items()}
        ours["language"] = _tag(self.idioma)
        ours["target_languages"] = [_tag(language) for language in self.idiomas_alvo]
        ours["default_voices"] = {_tag(key): voice for key, voice in self.default_voices.items()}
        return AgentDraft(**ours)


class AgentSeen(AgenteConfig):
    """A saved agent."""

    id: UUID = Field(examples=["9a3de21c-0b57-4b1c-8a55-6d7f8f1f9b10"])
    created_at: Any = Field(examples=["2026-11-20T12:00:00Z"])

    @classmethod
    def of(cls, saved: SavedAgent) -> Self:
        """Return how it was shown then."""
        theirs = {name: saved.content[name] for name in SAME}
        theirs |= {old: saved.content[new] for old, new in NAMES.items()}
        return cls(**theirs, id=saved.agent_id, created_at=saved.created_at)


def _tag(language: str) -> str:
    # What is no language stays, and is said to be none by whoever plans with it.
    try:
        return region(language)
    except InvalidRequestError:
        return language
