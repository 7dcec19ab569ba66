"""What Google Cloud Text-to-Speech can be told from outside, and the keys found there."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared import quota
from shared.settings import BaseSettings


class Settings(BaseSettings):
    """What Google Cloud Text-to-Speech can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    google_tts_api_keys: SecretStr = Field(
        default=SecretStr(""), description="Keys, comma-separated: `project:key` or `key`."
    )
    google_application_credentials: str = Field(
        default="", description="Path of a service account's JSON; used where there are no keys."
    )
    google_tts_endpoint: str = Field(
        default="",
        description="A region's host (TLS), or host:port of an emulator (no TLS, unless :443).",
    )
    google_tts_timeout_seconds: float = Field(
        default=60.0, gt=0, description="How long one segment may take."
    )


def keys(settings: Settings) -> tuple[quota.Key, ...]:
    """Return the keys of `settings`, each once, in the order given."""
    return quota.parse(settings.google_tts_api_keys.get_secret_value())


def is_plain(endpoint: str) -> bool:
    """Return whether `endpoint` is an emulator, to be talked to without TLS."""
    return ":" in endpoint and not endpoint.endswith(":443")
