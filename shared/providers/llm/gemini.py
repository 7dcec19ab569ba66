"""Gemini, over the Gemini Developer API (`google-genai`).

One client serves every key: the key travels in a header of each request. Limits belong to a
key's project, so a key may say which one is its own: `GEMINI_API_KEYS=alpha:AIza...,AIza...`.
"""

from dataclasses import dataclass

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.providers.llm.base import LanguageModel


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
    gemini_thinking_level: str = Field(
        default="low", description="low, medium or high; empty for models that cannot be told."
    )
    gemini_timeout_seconds: float = Field(
        default=120.0, gt=0, description="How long one answer may take, thinking included."
    )


@dataclass(frozen=True, slots=True)
class Key:
    """A key, and the project whose quota it draws on.

    Attributes:
        project: The user's name for it; empty where unsaid, and then the key stands alone.
        secret: What the request carries. Hidden from `repr`, and so from logs.
    """

    project: str
    secret: SecretStr


def keys(settings: Settings) -> tuple[Key, ...]:
    """Return the keys of `settings`, each once, in the order given."""
    given = f"{settings.gemini_api_keys.get_secret_value()},"
    given += settings.gemini_api_key.get_secret_value()
    found: dict[str, Key] = {}
    for entry in filter(None, map(str.strip, given.split(","))):
        project, _, secret = entry.rpartition(":")
        found.setdefault(secret, Key(project, SecretStr(secret)))
    return tuple(found.values())


def configured() -> bool:
    """Return whether Gemini could be asked now."""
    settings = Settings()
    return bool(keys(settings) or settings.gemini_base_url)


def create() -> LanguageModel:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.llm._gemini_client import Gemini

    settings = Settings()
    # An emulator may want no key, but the SDK wants one.
    anonymous = (Key("", SecretStr("no-key")),)
    return Gemini(settings, keys(settings) or anonymous)
