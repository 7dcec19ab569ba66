"""Where such a server is, and its key."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import BaseSettings


class OpenAISettings(BaseSettings):
    """What can be told from outside, whatever the server is asked for."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    openai_base_url: str = Field(
        default="https://api.openai.com/v1",
        description="OpenAI-compatible server, up to and with `/v1`.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), description="Its key; servers of your own mostly want none."
    )
