"""Which language a text is spoken in, and by whom, where its user does not say both."""

import contextlib
from dataclasses import dataclass

from shared import catalogue
from shared.catalogue import gate
from shared.catalogue.words import base
from shared.errors import InvalidRequestError

# Where a language is named without its region, or only read off a text.
REGIONS = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "pt": "pt-BR", "zh": "cmn-CN"}
FALLBACK = "en-US"
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Part:
    """Who speaks a text.

    Attributes:
        voice: None where whoever serves best will do.
        wrong: Why nobody can; else empty.
        field: What to change then.
    """

    language: str = ""
    voice: str | None = None
    wrong: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Gives every text its part.

    Attributes:
        language: For texts that name none.
        voice: For texts that name none.
        provider: Whose voice, where no text and nobody else names one.
        unread: The language of texts that name none and do not read as any.
    """

    language: str | None = None
    voice: str | None = None
    provider: str | None = None
    unread: str = FALLBACK

    async def of(self, text: str, language: str | None, voice: str | None) -> Part:
        """Return who speaks `text`; a voice that is named decides its language."""
        # A text that is in another language than the rest has no use for the rest's voice.
        voice = voice or (self.voice if language is None else None)
        wanted = language or self.language
        try:
            spoken = catalogue.voice(voice).language if voice is not None else None
        except InvalidRequestError as error:
            return Part(wrong=str(error), field="voice")
        try:
            code = region(wanted or spoken or await reads_as(text, self.unread))
        except InvalidRequestError as error:
            return Part(wrong=str(error), field="language")
        # That a voice speaks another language is said by whoever plans the batch.
        return Part(code, voice) if voice is not None else self._by_provider(code)

    def _by_provider(self, code: str) -> Part:
        if self.provider in (None, "", AUTO):
            return Part(code)
        try:
            found = catalogue.voices(language=code, provider=self.provider)
        except InvalidRequestError as error:
            return Part(wrong=str(error), field="provider")
        if not found:
            return Part(wrong=f"{self.provider} has no voice for {code}", field="provider")
        return Part(code, found[0].id)


def region(language: str) -> str:
    """Return a language of the catalogue; of one without a region, the usual one.

    Raises:
        InvalidRequestError: there is no such language.
    """
    try:
        return catalogue.language(language).code
    except InvalidRequestError:
        if (usual := _usual(language)) is None:
            raise
        return usual


async def reads_as(text: str, unread: str = FALLBACK) -> str:
    """Return the language that a text plainly reads as; else `unread`."""
    verdict = await gate.judge(text, unread)
    return (verdict.reads_as and _usual(verdict.reads_as)) or unread


def _usual(language: str) -> str | None:
    bare = language.strip().lower()
    with contextlib.suppress(KeyError):
        return REGIONS[bare]
    codes = [each.code for each in catalogue.languages() if base(each.code) == bare]
    own = f"{bare}-{bare.upper()}"
    return own if own in codes else next(iter(codes), None)
