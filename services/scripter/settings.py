"""What scripter can be told from outside."""

from pydantic import Field

from shared.runtime import CommonSettings


class Settings(CommonSettings):
    """The model's own settings and keys are read by its provider."""

    scripter_max_attempts: int | None = Field(
        default=None, ge=1, description="MAX_ATTEMPTS of this stage alone."
    )
    llm: str = Field(
        default="auto",
        description="Language model: a file of providers/llm, or `auto` for the first with a key.",
    )
    default_minutes: float = Field(
        default=1.0, gt=0, le=180, description="How long a script is where nobody said."
    )
    block_characters: int = Field(
        default=1_600,
        ge=400,
        description="About how much a model writes at once; longer drifts, shorter costs calls.",
    )

    @property
    def attempts(self) -> int:
        """Return how often one job is tried here."""
        return self.scripter_max_attempts or self.max_attempts
