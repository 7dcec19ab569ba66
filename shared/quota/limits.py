"""How much a quota domain may be asked: from settings, or what is known of the provider."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field

# A window holds this much less than it might, so that a request which arrives late never
# meets one more than is allowed; and a process that was late may catch up a part of it.
RESERVE = 0.035
CATCH_UP = 0.01


class Limits(BaseModel):
    """What one domain (a project's quota of one model) allows. Zero is no limit.

    Attributes:
        rpm: Requests per window.
        tpm: Input tokens per window.
        rpd: Requests per day; days end at midnight in California.
        concurrency: Requests in flight.
        window_seconds: What "per minute" is. Another number suits an emulator in a hurry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rpm: int = Field(default=0, ge=0)
    tpm: int = Field(default=0, ge=0)
    rpd: int = Field(default=0, ge=0)
    concurrency: int = Field(default=0, ge=0)
    window_seconds: float = Field(default=60.0, gt=0)

    @property
    def interval(self) -> float:
        """Return the seconds from one request to the next."""
        return self.window_seconds * (1 + RESERVE) / self.rpm if self.rpm else 0.0

    @property
    def tolerance(self) -> float:
        """Return how late a request may be sent: what the reserve leaves after catching up."""
        return self.window_seconds * (RESERVE - CATCH_UP)

    @property
    def memory(self) -> float:
        """Return the seconds for which tokens count."""
        return self.window_seconds * (1 + RESERVE)

    @property
    def catch_up(self) -> float:
        """Return how late requests may be and still be followed at once by the next."""
        return self.window_seconds * CATCH_UP


# By "provider/model"; the first that matches. Google's are those it publishes; Gemini's differ
# by account and are not published: these lie between the free tier's few and the thousand of a
# paid account. QUOTA_LIMITS says what yours is; what is refused meanwhile is waited for.
DEFAULTS: Mapping[str, Limits] = {
    "google/chirp3-hd": Limits(rpm=200, concurrency=64),
    "google/studio": Limits(rpm=500, concurrency=64),
    "google/gemini-*pro*": Limits(rpm=125, concurrency=64),
    "google/gemini-*": Limits(rpm=150, concurrency=64),
    "google/*": Limits(rpm=1_000, concurrency=128),
    "gemini/*tts*": Limits(rpm=60, tpm=100_000, concurrency=16),
    "gemini/*": Limits(rpm=200, tpm=1_000_000, concurrency=64),
}
UNKNOWN = Limits(concurrency=64)


def limits_of(
    given: Mapping[str, Limits], *, provider: str, model: str, project: str = ""
) -> Limits:
    """Return what one domain allows: what the settings say of it, or else the default.

    A pattern is "provider/model", or "provider/model@project" for one project of several.
    """
    names = (f"{provider}/{model}@{project}", f"{provider}/{model}")
    for pattern, limits in (*given.items(), *DEFAULTS.items()):
        if any(fnmatchcase(name, pattern) for name in names):
            return limits
    return UNKNOWN
