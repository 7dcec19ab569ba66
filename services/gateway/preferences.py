"""What a user likes: how the web UI looks to them, and what a batch does not say itself."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.drafts import LanguageKey, LanguageTag, VoiceName
from shared.vocabulary import AudioFormat, Profile

MOST_LANGUAGES = 200
MOST_RECENT = 20


class Preferences(BaseModel):
    """What was chosen; null where nothing was."""

    # One that a newer version wrote is left alone.
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "ui_language": "pt-BR",
                    "theme": "dark",
                    "agent_id": None,
                    "format": "mp3",
                    "profile": "youtube",
                    "voices": {"pt-BR": "pt-BR-Chirp3-HD-Kore"},
                    "recent_languages": ["pt-BR", "en-US"],
                }
            ]
        },
    )

    ui_language: Literal["en", "pt-BR"] | None = Field(
        default=None, description="Of the web UI. Null: as the browser says."
    )
    theme: Literal["light", "dark"] | None = Field(
        default=None, description="Of the web UI. Null: as the system says."
    )
    agent_id: UUID | None = Field(
        default=None, description="Who writes where a batch does not say. Null: a plain one."
    )
    format: AudioFormat | None = Field(
        default=None, description="Of audio, where a batch does not say."
    )
    profile: Profile | None = Field(
        default=None, description="Where audio is published, where a batch does not say."
    )
    voices: dict[LanguageKey, VoiceName] = Field(
        default={},
        max_length=MOST_LANGUAGES,
        description="Who speaks a language, by language, where neither batch nor agent says.",
    )
    recent_languages: list[LanguageTag] = Field(
        default=[], max_length=MOST_RECENT, description="Used last, the latest first."
    )
