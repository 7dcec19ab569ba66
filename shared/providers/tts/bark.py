"""Bark (Suno), on this machine: a model that acts a text rather than reads it.

It needs the extra `bark` (torch and transformers), its weights, which come from the Hugging
Face hub at the first word unless `BARK_MODEL` is a folder that has them, and a GPU to be
worth the wait. It says thirteen seconds at a time.
"""

from importlib.util import find_spec

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.errors import RefusedError
from shared.providers.tts.base import TextToSpeech
from shared.settings import BaseSettings


class Settings(BaseSettings):
    """What Bark can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    bark_model: str = Field(
        default="suno/bark-small", description="Bark's weights: a folder, or a name on the hub."
    )


def configured() -> bool:
    return find_spec("torch") is not None and find_spec("transformers") is not None


def create() -> TextToSpeech:
    if not configured():
        raise RefusedError("bark: install the extra `bark` (packages torch and transformers)")
    # The SDK takes seconds to import: only those who use it should wait.
    from shared.providers.tts._bark_model import Bark

    return Bark(Settings().bark_model)
