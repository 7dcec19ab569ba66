"""Gemini, over the Gemini Developer API (`google-genai`).

One client serves every key: the key travels in a header of each request. Limits belong to a
key's project, so a key may say which one is its own: `GEMINI_API_KEYS=alpha:AIza...,AIza...`.
"""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared import quota
from shared.providers.llm.base import LanguageModel
from shared.settings import BaseSettings


class Settings(BaseSettings):
    """What Gemini can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    gemini_api_keys: SecretStr = Field(
        default=SecretStr(""), description="Keys, comma-separated: `project:key` or `key`."
    )
    gemini_api_key: SecretStr = Field(default=SecretStr(""), description="The same, for one key.")
    gemini_base_url: str = Field(default="", description="Another endpoint: a proxy, an emulator.")
    gemini_api_version: str = Field(default="v1", description="`v1beta` for `-latest` aliases.")
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


def keys(settings: Settings) -> tuple[quota.Key, ...]:
    """Return the keys of `settings`, each once, in the order given."""
    given = (settings.gemini_api_keys, settings.gemini_api_key)
    return quota.parse(",".join(each.get_secret_value() for each in given))


def models(settings: Settings) -> tuple[str, ...]:
    """Return the models that may write, best first."""
    listed = filter(None, map(str.strip, settings.gemini_models.split(",")))
    return tuple(dict.fromkeys(listed)) or (settings.gemini_model,)


def model() -> str:
    return models(Settings())[0]


def configured() -> bool:
    """Return whether Gemini could be asked now."""
    settings = Settings()
    return bool(keys(settings) or settings.gemini_base_url)


def create() -> LanguageModel:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.llm._gemini_client import Gemini

    settings = Settings()
    return Gemini(settings, models(settings), quota.create("gemini", keys(settings)))
