"""Which API, and who: from the environment, else from a file in the user's own folder."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import SettingsConfigDict

from cli.errors import BoltError
from cli.tokens import Tokens
from shared.settings import BaseSettings

FILE = Path.home() / ".config" / "bolt" / "config.json"
# Longer than the API may take to answer a refresh.
TURN_SECONDS = 150.0


class Config(BaseSettings):
    """`BOLT_URL` and `BOLT_TOKEN`."""

    model_config = SettingsConfigDict(env_prefix="BOLT_", extra="ignore")

    url: str = Field(default="http://127.0.0.1:8000", description="Where the gateway is.")
    token: str | None = Field(
        default=None,
        description="An access token or an API key, instead of what `bolt login` keeps.",
    )


class Saved(BaseModel):
    """What `bolt login` keeps."""

    url: str | None = None
    token: str | None = None
    refresh_token: str | None = None


def read() -> Config:
    """Return the configuration; the environment wins over the file.

    Raises:
        BoltError: the file is none that `bolt login` wrote.
    """
    saved, given = _saved(), Config()
    if saved.url and "url" not in given.model_fields_set:
        return given.model_copy(update={"url": saved.url})
    return given


@dataclass(frozen=True, slots=True)
class InFile:
    """Keeps the tokens for the commands that follow, readable by their owner only."""

    url: str

    def read(self) -> Tokens:
        """Return the pair of this API; none where the file is about another one."""
        saved = _saved()
        # What one API gave is shown to no other.
        return Tokens(saved.token, saved.refresh_token) if saved.url == self.url else Tokens()

    def write(self, tokens: Tokens) -> None:
        """Keep another pair instead: whole or not at all, whatever happens meanwhile."""
        if tokens != self.read():
            self._write(tokens)

    def _write(self, tokens: Tokens) -> None:
        saved = Saved(url=self.url, token=tokens.access, refresh_token=tokens.refresh)
        part = FILE.with_suffix(f".{os.getpid()}")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(saved.model_dump_json())
        part.replace(FILE)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["InFile"]:
        """Wait until no other command takes a refresh token."""
        FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FILE.with_suffix(".lock").open("w") as lock:
            await _locked(lock.fileno())
            # Closing the file, or dying, lets the next one have its turn.
            yield self


async def _locked(file: int) -> None:
    try:
        async with asyncio.timeout(TURN_SECONDS):
            while True:
                try:
                    return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    await asyncio.sleep(0.05)
    except TimeoutError:
        raise BoltError("another command holds the tokens; try again") from None


def _saved() -> Saved:
    try:
        return Saved.model_validate_json(FILE.read_bytes())
    except FileNotFoundError:
        return Saved()
    except ValidationError:
        raise BoltError(f"{FILE} cannot be read; delete it and sign in again") from None
