"""What a client may send to ask for a batch: as loose as a user may be, typed all the same.

What needs the catalogue, or the rest of the request, is checked by `planning`.
"""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.gateway.texts import Key, Text, Title
from shared.vocabulary import Agent, Mode, Options

MOST_VARIATIONS = 20
# Far above what one batch may be: they bound the work of saying what is wrong with it.
MOST_TITLES = 100_000
MOST_LANGUAGES = 500
MOST_TARGETS = 2_000
PROMPT_CHARACTERS = 20_000

# Names of languages and voices: a wrong one is repeated in the answer. What is one is said by
# the catalogue; tools that make up values are told by the format.
Name = Annotated[Text, Field(max_length=100)]
LanguageTag = Annotated[Name, Field(json_schema_extra={"format": "language-tag"})]
LanguageKey = Annotated[Key, Field(max_length=100, json_schema_extra={"format": "language-tag"})]
VoiceName = Annotated[Name, Field(json_schema_extra={"format": "voice-id"})]
ProviderName = Annotated[Name, Field(json_schema_extra={"format": "provider"})]
MOST_TERMS = 500
TERM_CHARACTERS = 200

Term = Annotated[Text, Field(min_length=1, max_length=TERM_CHARACTERS)]
TermKey = Annotated[Key, Field(min_length=1, max_length=TERM_CHARACTERS)]
Prompt = Annotated[Text, Field(max_length=PROMPT_CHARACTERS)]


class Draft(BaseModel):
    """Base of every value here: frozen, and loud about fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VariationDraft(Draft):
    """An independent telling of every title."""

    aspect: Text = Field(
        default="",
        max_length=300,
        description="What makes this telling different.",
        examples=["hook: open with a question"],
    )


class TargetDraft(Draft):
    """A language, and who speaks it."""

    language: LanguageTag = Field(description="BCP 47 tag.", examples=["pt-BR"])
    voice: VoiceName | None = Field(
        default=None,
        description="An id from /v1/voices; the language's default voice where left out.",
        examples=["pt-BR-Chirp3-HD-Kore"],
    )


class AgentDraft(Draft):
    """A persona: how the scripts sound, and how they are fitted to each language."""

    name: Text = Field(default="default", min_length=1, max_length=200)
    language: LanguageTag = Field(
        description="The language scripts are written in.", examples=["en-US"]
    )
    premise_prompt: Prompt = ""
    persona_prompt: Prompt = ""
    block_structure_prompt: Prompt = ""
    cultural_adaptation_prompt: Prompt = ""
    cultural_configs: dict[LanguageKey, Prompt] = Field(
        default={}, description="What to mind in one language, by language."
    )
    glossary: dict[LanguageKey, dict[TermKey, Term]] = Field(
        default={}, description="How a term is said, by language."
    )
    do_not_translate: list[Term] = Field(
        default=[],
        max_length=MOST_TERMS,
        description="Names and terms that stay as they are in every language.",
        examples=[["Bolt IA"]],
    )
    default_voices: dict[LanguageKey, VoiceName] = Field(
        default={}, description="The agent's voice in a language, by language."
    )
    target_languages: list[LanguageTag] = Field(
        default=[],
        max_length=MOST_LANGUAGES,
        description="Used where the batch itself names no language.",
        json_schema_extra={"uniqueItems": True},
    )

    def content(self) -> Agent:
        """Return what the writing stages are given."""
        return Agent.model_validate(self.model_dump())


class OptionsDraft(Options):
    """How long the audio should be, and how it should sound."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"target_minutes": 3, "speaking_rate": 1.1}]},
    )


class RowDraft(Draft):
    """One job: a line of a spreadsheet."""

    title: Title = Field(description="1 to 1000 characters.", examples=["How stars die"])
    language: LanguageTag = Field(description="BCP 47 tag.", examples=["pt-BR"])
    voice: VoiceName | None = Field(
        default=None, description="An id from /v1/voices; the language's default where left out."
    )
    variation: int | None = Field(
        default=None,
        ge=1,
        le=MOST_VARIATIONS,
        description="Which telling of the title; follows from the aspects where left out.",
    )
    aspect: Text = Field(default="", max_length=300, description="What makes it different.")
    options: OptionsDraft | None = Field(
        default=None, description="What this job alone is to be; the rest is as the batch says."
    )
    text: Text | None = Field(
        default=None,
        description="A finished text, narrated as it stands; nothing is written or adapted.",
        examples=[None],
    )


def _variations(value: Any) -> Any:
    # A bool is an int to Python, and no count to anybody.
    if isinstance(value, int) and not isinstance(value, bool):
        return [{}] * min(max(value, 0), MOST_VARIATIONS + 1)
    return value


def _voices(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        language: [voice] if isinstance(voice, str) else voice for language, voice in value.items()
    }


class BatchDraft(Draft):
    """Titles, languages, voices and variations, and how they multiply."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "mode": "matrix",
                    "name": "Space week",
                    "titles": ["Why is the sky dark at night?", "How stars die"],
                    "languages": ["pt-BR", "en-US"],
                    "voices": {"pt-BR": "pt-BR-Chirp3-HD-Kore"},
                    "variations": 2,
                    "options": {"target_minutes": 3},
                }
            ]
        }
    )

    mode: Mode = Field(
        description=(
            "`expand_languages`: one title, any number of languages. `expand_titles`: any number "
            "of titles, one language. `matrix`: any number of both."
        )
    )
    title: Title | None = Field(default=None, description="One title; or use `titles`.")
    titles: list[Title] | None = Field(
        default=None, max_length=MOST_TITLES, description="1 to 1000 characters each."
    )
    language: LanguageTag | None = Field(
        default=None, description="One language; or use `languages`."
    )
    languages: list[LanguageTag] | None = Field(
        default=None, max_length=MOST_LANGUAGES, description="BCP 47 tags."
    )
    targets: list[TargetDraft] | None = Field(
        default=None,
        max_length=MOST_TARGETS,
        description="Languages with their voices, instead of the two.",
    )
    rows: list[RowDraft] | None = Field(
        default=None,
        max_length=MOST_TITLES,
        description="Jobs listed one by one, instead of titles, languages and variations.",
    )
    voices: Annotated[
        dict[LanguageKey, Annotated[list[VoiceName], Field(max_length=MOST_TARGETS)]],
        BeforeValidator(_voices, json_schema_input_type=dict[str, str | list[str]]),
    ] = Field(
        default={},
        max_length=MOST_LANGUAGES,
        description="One voice, or several, by language.",
    )
    variations: Annotated[
        list[VariationDraft],
        BeforeValidator(_variations, json_schema_input_type=int | list[VariationDraft]),
        Field(
            min_length=1,
            max_length=MOST_VARIATIONS,
            description=f"How many tellings of each title, or what each is about; at most "
            f"{MOST_VARIATIONS}.",
        ),
    ] = [VariationDraft()]
    agent: AgentDraft | None = Field(
        default=None, description="Who writes. Left out: as `agent_id` or your preferences say."
    )
    agent_id: UUID | None = Field(
        default=None, description="One of /v1/agents, instead of `agent`.", examples=[None]
    )
    options: OptionsDraft = Field(default=OptionsDraft(), description="For every job.")
    name: Text = Field(default="", max_length=200, description="What to call the batch.")
