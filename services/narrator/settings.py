"""What narrator can be told from outside. The keys of a voice are its provider's business."""

import os

from pydantic import Field

from shared.runtime import CommonSettings


class Settings(CommonSettings):
    """What every service has, and how many processors narrations may use."""

    narrator_encoders: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        description="Narrations joined and encoded at once; one keeps one processor busy.",
    )
