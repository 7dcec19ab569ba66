"""Where the API is, and the keys for it."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared import quota
from shared.settings import BaseSettings


class GeminiSettings(BaseSettings):
    """What can be told from outside, whatever Gemini is asked for."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    gemini_api_keys: SecretStr = Field(
        default=SecretStr(""), description="Keys, comma-separated: `project:key` or `key`."
    )
    gemini_api_key: SecretStr = Field(default=SecretStr(""), description="The same, for one key.")
    gemini_base_url: str = Field(default="", description="Another endpoint: a proxy, an emulator.")
    gemini_api_version: str = Field(default="v1", description="`v1beta` for `-latest` aliases.")

    @property
    def keys(self) -> tuple[quota.Key, ...]:
        """Return the keys, each once, in the order given."""
        given = (self.gemini_api_keys, self.gemini_api_key)
        return quota.parse(",".join(each.get_secret_value() for each in given))

    @property
    def configured(self) -> bool:
        """Return whether Gemini could be asked now."""
        return bool(self.keys or self.gemini_base_url)
