"""Which languages, and who speaks them."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.drafts import BatchDraft, TargetDraft
from services.gateway.planning.findings import Findings
from services.gateway.problems import pointer
from shared import catalogue
from shared.catalogue import Voice
from shared.errors import InvalidRequestError
from shared.providers.tts import Speakers
from shared.vocabulary import Target

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """Chooses languages and voices, and notes what cannot be chosen.

    Attributes:
        draft: What the client asked for.
        speakers: Who may speak where the client names no voice.
        found: Where to note it.
        reasons: By language: why its voice, where nobody was named.
        preferred: Whom the user likes best, by language.
    """

    draft: BatchDraft
    speakers: Speakers
    found: Findings
    reasons: dict[str, str] = field(default_factory=dict)
    preferred: Mapping[str, str] = field(default_factory=dict)

    def choose(self) -> tuple[Target, ...]:
        """Return every language with each of its voices, in the order asked for."""
        draft = self.draft
        ways = [
            name
            for name in ("language", "languages", "targets")
            if getattr(draft, name) is not None
        ]
        if len(ways) > 1:
            self.found.add(f"give one of {' and '.join(ways)}, not both", ways[0])
        if draft.targets is None:
            return tuple(self._listed())
        if draft.voices:
            self.found.add("targets name their voices themselves; leave voices out", "voices")
        return tuple(self._paired(draft.targets))

    def _paired(self, asked: Sequence[TargetDraft]) -> Iterator[Target]:
        if not asked:
            self.found.add("give at least one target", "targets")
        seen: dict[Target, int] = {}
        for index, pair in enumerate(asked):
            code = self.language(pair.language, ("targets", index, "language"))
            target = code and self.target(code, pair.voice, ("targets", index, "voice"))
            if not target:
                continue
            if target in seen:
                first = f"/targets/{seen[target]}"
                self.found.add(f"the same as {first}; leave one out", "targets", index)
            seen.setdefault(target, index)
            yield target

    def _listed(self) -> Iterator[Target]:
        asked = self._asked()
        if not asked:
            self.found.add("give a language, or at least one in languages", "languages")
        voices = self._voices_by_code()
        seen: dict[str, Place] = {}
        for where, text in asked:
            code = self.language(text, where)
            if code is None:
                continue
            if code in seen:
                first = pointer(seen[code])
                self.found.add(f"the same language as {first}; leave one out", *where)
                continue
            seen[code] = where
            yield from self._spoken(code, voices.pop(code, None), where)
        for key, _ in voices.values():
            self.found.add(f"{key} is not among the languages asked for", "voices", key)

    def _asked(self) -> list[tuple[Place, str]]:
        draft = self.draft
        if draft.languages is None and draft.language is not None:
            return [(("language",), draft.language)]
        if draft.languages is None and draft.agent is not None:
            given, place = draft.agent.target_languages, ("agent", "target_languages")
            return [((*place, index), language) for index, language in enumerate(given)]
        return [(("languages", index), text) for index, text in enumerate(draft.languages or [])]

    def _voices_by_code(self) -> dict[str, tuple[str, list[str]]]:
        # By the language as the catalogue writes it, with the key as the client wrote it.
        by_code: dict[str, tuple[str, list[str]]] = {}
        for key, voices in self.draft.voices.items():
            code = self.language(key, ("voices", key))
            if code is not None:
                by_code[code] = (key, voices)
        return by_code

    def _spoken(
        self, code: str, asked: tuple[str, list[str]] | None, where: Place
    ) -> Iterable[Target]:
        if asked is None:
            target = self.target(code, None, where)
            return [target] if target else []
        key, voices = asked
        if not voices:
            self.found.add("give at least one voice, or leave the language out", "voices", key)
        chosen: dict[Target, None] = {}
        for index, voice in enumerate(voices):
            target = self.target(code, voice, ("voices", key, index))
            if target in chosen:
                self.found.add("the same voice twice; leave one out", "voices", key, index)
            elif target:
                chosen[target] = None
        return chosen

    def language(self, text: str, where: Place) -> str | None:
        """Return a language's code; None, and a note, where there is no such language."""
        if self.found.enough:
            return None
        try:
            return catalogue.language(text).code
        except InvalidRequestError as error:
            self.found.add(str(error), *where)
            return None

    def target(self, code: str, asked: str | None, where: Place) -> Target | None:
        """Return who speaks; None, and a note, where nobody can or `asked` does not."""
        agent = self.draft.agent
        if asked is None and agent is not None and code in agent.default_voices:
            asked, where = agent.default_voices[code], ("agent", "default_voices", code)
        try:
            voice = None if self.found.enough else self._voice(code, asked)
        except InvalidRequestError as error:
            self.found.add(str(error), *where)
            return None
        if voice is not None and voice.language != code:
            detail = f"{voice.id} speaks {voice.language}, not {code}; /v1/voices?language={code}"
            self.found.add(f"{detail} lists those that do", *where)
            return None
        return Target(language=code, voice=voice.id) if voice else None

    def _voice(self, code: str, asked: str | None) -> Voice:
        if asked is not None:
            return catalogue.voice(asked)
        with contextlib.suppress(InvalidRequestError):
            # One that its provider has withdrawn since it was liked is missed by nobody.
            liked = catalogue.voice(self.preferred.get(code, ""))
            if liked.language == code:
                self.reasons[code] = "your preference"
                return liked
        speakers = self.speakers
        choice = catalogue.choose(code, speakers.providers, unwell=speakers.unwell)
        self.reasons[code] = choice.reason
        return choice.voice
