"""What narrator can be told from outside. The keys of a voice are its provider's business."""

from pydantic import Field

from shared.catalogue import FAMILIES
from shared.runtime import CommonSettings


class Settings(CommonSettings):
    """What every service has, and how many processors narrations may use."""

    narrator_max_attempts: int | None = Field(
        default=None, ge=1, description="MAX_ATTEMPTS of this stage alone."
    )
    narrator_user_handlers: int | None = Field(
        default=None,
        ge=1,
        description="USER_HANDLERS of this stage alone; each speaks many segments at once.",
    )
    narrator_encoders: int = Field(
        # Not the machine's count: in a container that is the host's, not ours.
        default=2,
        ge=1,
        description="Narrations joined and encoded at once; one keeps one processor busy.",
    )

    narrator_stand_in_families: str = Field(
        default=",".join(FAMILIES),
        description="Where a job allows another voice than the one that cannot speak: the "
        "families to ask, comma-separated, best first; the others come after them.",
    )
    narrator_voice_patience_seconds: float = Field(
        default=300.0,
        ge=0,
        description="How long such a job waits for the quota of its own voice instead.",
    )

    @property
    def stand_in_families(self) -> tuple[str, ...]:
        """Return the families in their order."""
        return tuple(filter(None, map(str.strip, self.narrator_stand_in_families.split(","))))

    @property
    def handlers_of_a_user(self) -> int:
        """Return how many jobs of one user are worked on at once here."""
        return self.narrator_user_handlers or self.user_handlers

    @property
    def attempts(self) -> int:
        """Return how often one job is tried here."""
        return self.narrator_max_attempts or self.max_attempts
