"""How much one script, one adaptation or one narration takes where nothing is known yet. Pure.

The stages decide by the text; this decides by its length, so that it can be said beforehand.
What experience adds is in `experience`.
"""

import re
from dataclasses import dataclass
from math import ceil

from shared import catalogue
from shared.catalogue import Voice
from shared.errors import InvalidRequestError
from shared.vocabulary import Options

_CHARACTERS_PER_SECOND = 14.0
# How long paragraphs are, and where a narrator ends a segment: at the first paragraph's end
# after so many letters, and never later than so many.
_PARAGRAPH = 500
_ENOUGH, _MOST = 800, 1_500
# Languages of which one character is said as long as about three letters.
_WIDE = re.compile(r"(?:cmn|yue|zh|ja|ko|hak|wuu)\b", re.IGNORECASE)
_WIDE_LETTERS = 3
_MOST_BLOCKS = 200

_CHARACTERS_A_TOKEN = 4
# Of a question about a script: the rules, the plan, what was told so far.
_ASKED_TOKENS = 900
# Of an answer that is a plan or a premise.
_PLAN_TOKENS = 300
# What Gemini counts of a second of speech.
_AUDIO_TOKENS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What something takes."""

    calls: float = 0.0
    characters: float = 0.0
    input_tokens: float = 0.0
    output_tokens: float = 0.0
    audio_seconds: float = 0.0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(**{n: getattr(self, n) + getattr(other, n) for n in self.__slots__})

    def times(self, factors: "Amount") -> "Amount":
        """Return it with each part multiplied by that part of `factors`."""
        return Amount(**{n: getattr(self, n) * getattr(factors, n) for n in self.__slots__})


SAME = Amount(calls=1, characters=1, input_tokens=1, output_tokens=1, audio_seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the stages are set to.

    Attributes:
        default_minutes: How long a script is where nobody said.
        block_characters: How much of a script is written at once.
        part_characters: How much of a script is adapted at once.
        revises: Whether a script is read once more when it is whole.
    """

    default_minutes: float = 1.0
    block_characters: int = 1_600
    part_characters: int = 8_000
    revises: bool = True

    def wanted(self, options: Options, language: str) -> int:
        """Return how many characters a script in `language` is to have."""
        minutes = self.default_minutes
        if options.target_minutes is not None:
            minutes = options.target_minutes * options.speaking_rate
        return options.target_characters or max(1, round(minutes * 60 * pace(language)))

    def blocks(self, characters: int) -> int:
        """Return in how many blocks a script of `characters` is written."""
        return min(_MOST_BLOCKS, max(1, ceil(characters / self.block_characters)))

    def script(self, characters: int) -> Amount:
        """Return what writing a script takes: a premise, a plan, its blocks, and a review."""
        blocks = self.blocks(characters)
        reviews = 1 if self.revises and blocks > 1 else 0
        written = characters / _CHARACTERS_A_TOKEN
        return Amount(
            calls=2 + blocks + reviews,
            input_tokens=(2 + blocks) * _ASKED_TOKENS + reviews * (_ASKED_TOKENS + written),
            output_tokens=2 * _PLAN_TOKENS + written,
        )

    def adaptation(self, characters: int, source: str, language: str) -> Amount:
        """Return what adapting a script of `characters` takes."""
        parts = max(1, ceil(characters / self.part_characters))
        return Amount(
            calls=parts,
            input_tokens=parts * _ASKED_TOKENS + characters / _CHARACTERS_A_TOKEN,
            output_tokens=self.adapted(characters, source, language) / _CHARACTERS_A_TOKEN,
        )

    def adapted(self, characters: int, source: str, language: str) -> int:
        """Return how long a script becomes in another language: as long to speak as before."""
        return max(1, round(characters * pace(language) / pace(source)))

    def narration(self, characters: int, source: str, voice: Voice, rate: float) -> Amount:
        """Return what speaking a script of `characters` takes, adapted to the voice's language."""
        text = self.adapted(characters, source, voice.language)
        seconds = text / pace(voice.language) / rate
        return Amount(
            calls=self._segments(characters, source, voice.language),
            characters=text,
            input_tokens=text / _CHARACTERS_A_TOKEN,
            output_tokens=seconds * _AUDIO_TOKENS,
            audio_seconds=seconds,
        )

    def _segments(self, characters: int, source: str, language: str) -> int:
        # Chapters are spoken one by one, and a block is a chapter.
        blocks = self.blocks(characters)
        paragraphs = max(1, round(characters / blocks / _PARAGRAPH))
        wide = _WIDE_LETTERS if _WIDE.match(language) else 1
        letters = self.adapted(characters, source, language) * wide / blocks / paragraphs
        whole, in_hand = 0, 0.0
        for _ in range(paragraphs):
            if in_hand and in_hand + letters > _MOST:
                whole, in_hand = whole + 1, 0.0
            in_hand += letters
            if in_hand > _MOST:
                whole, in_hand = whole + int(in_hand // _MOST), in_hand % _MOST
            if in_hand >= _ENOUGH:
                whole, in_hand = whole + 1, 0.0
        return blocks * (whole + (1 if in_hand else 0))


def scaled(amount: Amount, count: float) -> Amount:
    """Return `amount`, `count` times."""
    return amount.times(Amount(**dict.fromkeys(Amount.__slots__, count)))


def model_of(voice: Voice) -> str:
    """Return the model that a bill for `voice` names, where the voice decides it."""
    return voice.model or voice.family


def pace(language: str) -> float:
    """Return how many characters of `language` are said in a second."""
    try:
        return catalogue.language(language).characters_per_second
    except InvalidRequestError:
        return _CHARACTERS_PER_SECOND
