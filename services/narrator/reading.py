"""How a text is read aloud where that is not how it is written. Subtitles never show it."""

import re
import unicodedata
from collections.abc import Sequence

from shared.vocabulary import ReadingNote

# Scripts that put no space between words: a term may begin and end anywhere in them.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]")


class Reading:
    """Says terms as their notes tell: whole words only, and the longest first."""

    def __init__(self, notes: Sequence[ReadingNote]) -> None:
        self.notes = {
            unicodedata.normalize("NFC", note.term.strip()): note.pronunciation.strip()
            for note in notes
            if note.term.strip() and note.pronunciation.strip()
        }
        longest_first = sorted(self.notes, key=len, reverse=True)
        self._terms = re.compile("|".join(map(_whole, longest_first))) if self.notes else None

    def __call__(self, text: str) -> str:
        """Return `text` as it is to be spoken."""
        return self._terms.sub(self._said, text) if self._terms else text

    def _said(self, match: re.Match[str]) -> str:
        following = match.string[match.end() : match.end() + 1]
        # A vowel sign belongs to the letter before it: the term goes on.
        if following and unicodedata.category(following).startswith("M"):
            return match[0]
        return self.notes[match[0]]


def _whole(term: str) -> str:
    before = r"(?<!\w)" if _spaced(term[0]) else ""
    after = r"(?!\w)" if _spaced(term[-1]) else ""
    return before + re.escape(term) + after


def _spaced(character: str) -> bool:
    return character.isalnum() and not _UNSPACED.match(character)
