"""What adapter can be told from outside."""

from pydantic import Field

from shared.runtime import CommonSettings


class Settings(CommonSettings):
    """The model's own settings and keys are read by its provider."""

    adapter_max_attempts: int | None = Field(
        default=None, ge=1, description="MAX_ATTEMPTS of this stage alone."
    )
    llm: str = Field(
        default="auto",
        description="Language model: a file of providers/llm, or `auto` for the first with a key.",
    )
    part_characters: int = Field(
        default=8_000,
        ge=500,
        description="How much of a script is adapted in one call; longer ones go part by part.",
    )

    @property
    def attempts(self) -> int:
        """Return how often one job is tried here."""
        return self.adapter_max_attempts or self.max_attempts
