"""Which API, and who: from the environment, else from a file in the user's own folder."""

import json
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import BaseSettings

FILE = Path.home() / ".config" / "bolt" / "config.json"


class Config(BaseSettings):
    """`BOLT_URL` and `BOLT_TOKEN`."""

    model_config = SettingsConfigDict(env_prefix="BOLT_", extra="ignore")

    url: str = Field(default="http://127.0.0.1:8000", description="Where the gateway is.")
    token: str | None = Field(default=None, description="An access token.")


def read() -> Config:
    """Return the configuration; the environment wins over the file."""
    saved = json.loads(FILE.read_text()) if FILE.exists() else {}
    given = Config()
    return Config(**{**saved, **given.model_dump(exclude_unset=True)})


def save(config: Config) -> None:
    """Keep the configuration for the next command, readable by its owner only."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.touch(mode=0o600)
    FILE.chmod(0o600)
    FILE.write_text(json.dumps(config.model_dump()))
