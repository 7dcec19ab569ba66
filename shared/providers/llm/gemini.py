"""Gemini, over the Gemini Developer API (`google-genai`).

One client serves every key: the key travels in a header of each request. Limits belong to a
key's project, so a key may say which one is its own: `GEMINI_API_KEYS=alpha:AIza...,AIza...`.
"""

from pydantic import Field

from shared import quota
from shared.providers.llm.base import LanguageModel
from shared.vendors.gemini.settings import GeminiSettings


class Settings(GeminiSettings):
    """What Gemini can be told from outside."""

    gemini_model: str = Field(default="gemini-3.8-flash", description="The model that writes.")
    gemini_models: str = Field(
        default="",
        description="Models that write, comma-separated, best first: the next one answers where "
        "no key serves one for long. GEMINI_MODEL alone if empty.",
    )
    gemini_thinking_level: str = Field(
        default="low", description="low, medium or high; empty for models that cannot be told."
    )
    gemini_timeout_seconds: float = Field(
        default=120.0, gt=0, description="How long one answer may take, thinking included."
    )


def models(settings: Settings) -> tuple[str, ...]:
    """Return the models that may write, best first."""
    listed = filter(None, map(str.strip, settings.gemini_models.split(",")))
    return tuple(dict.fromkeys(listed)) or (settings.gemini_model,)


def model() -> str:
    return models(Settings())[0]


def configured() -> bool:
    """Return whether Gemini could be asked now."""
    return Settings().configured


def create() -> LanguageModel:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.llm._gemini_client import Gemini

    settings = Settings()
    return Gemini(settings, models(settings), quota.create("gemini", settings.keys))
