"""What a language and a voice are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who speaks one language.

    Attributes:
        id: Unique in the catalogue, and what users, events and files name.
        provider: The file of `shared/providers/tts` that speaks it.
        family: The provider's own generation of voices ("chirp3-hd").
        language: BCP 47 tag, as the provider writes it.
        name: What the provider's API calls it.
        model: The model that must be asked for along with `name`; empty where names suffice.
        gender: "male", "female" or "neutral".
        launch_stage: "GA", "Preview", "Unofficial" (nobody promises that it stays), or
            "Unlisted" (its provider does not name it any more).
    """

    id: str
    provider: str
    family: str
    language: str
    name: str
    model: str = ""
    gender: str = "neutral"
    launch_stage: str = "GA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language in a region.

    Attributes:
        code: BCP 47 tag ("pt-BR").
        name: In English.
        name_pt: In Portuguese.
        voices: How many voices the catalogue has for it.
        characters_per_second: How fast it is narrated, spaces and punctuation counted.
    """

    code: str
    name: str
    name_pt: str
    voices: int
    characters_per_second: float

    @property
    def base(self) -> str:
        """Return the language without its region: "pt"."""
        return base(self.code)


def base(code: str) -> str:
    """Return the language of `code`, without its region: "pt"."""
    return code.partition("-")[0].lower()
