"""What can be told of quotas from outside."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.quota.limits import Limits
from shared.settings import BaseSettings


class Settings(BaseSettings):
    """Read where a provider opens its pool."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    redis_url: str = Field(
        default="redis://localhost:6379/0", description="Redis or Valkey: quotas and circuits."
    )
    quota_limits: dict[str, Limits] = Field(
        default_factory=dict,
        description='JSON by "provider/model" or "provider/model@project", `*` for any: '
        '{"gemini/gemini-3.8-flash": {"rpm": 1000, "tpm": 2000000, "rpd": 0, "concurrency": 64}}. '
        "Zero is no limit; the first pattern that matches counts, then the defaults.",
    )
    quota_longest_wait_seconds: float = Field(
        default=60.0,
        gt=0,
        description="How long a call waits for a quota before its job is put aside until then.",
    )
    quota_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        description="When the places that a killed process held are free again.",
    )
