"""A writer that needs no key, no network and no time: the whole product runs with it.

It reads the facts of a prompt, never the prose, and answers from phrases it has by heart:
a plausible narration about any title, in each language of `_offline/`. It knows nothing
about the subject. Its adaptation is a stand-in, not a translation: the same title, told
again from the other language's own phrases (English ones where it has none).
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.providers.llm._offline_phrases import speak
from shared.providers.llm._offline_telling import Telling, plain
from shared.providers.llm.base import Completion, LanguageModel, Prompt

_CHARACTERS = 900


class Offline:
    """Writes from phrases; free, instant, and the same every time."""

    name = "offline"
    # A change of phrases is another writer: raise it, and scripts are written anew.
    model = "phrases-1"
    setup = ""

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt` from its facts."""
        facts = prompt.facts
        phrases = speak(str(facts.get("language") or "en"))
        seed = "|".join(str(facts.get(name) or "") for name in ("aspect", "variation", "script"))
        telling = Telling(phrases, plain(str(facts.get("title") or "")), seed)
        answer = _ANSWERS[prompt.task](telling, facts)
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return Completion(text=text, model=self.model)

    async def aclose(self) -> None:
        """Close nothing."""


def model() -> str:
    return Offline.model


def configured() -> bool:
    """Return True: it needs nothing."""
    return True


def create() -> LanguageModel:
    return Offline()


def _premise(telling: Telling, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "logline": telling.title,
        "audience": "",
        "tone": str(facts.get("aspect") or ""),
        "point_of_view": "",
        "promise": telling.facets(1)[0].goal,
        "facts": [],
        "names": [],
        "avoid": [],
    }


def _plan(telling: Telling, facts: Mapping[str, Any]) -> dict[str, Any]:
    blocks = max(1, int(facts.get("blocks") or 1))
    characters = int(facts.get("target_characters") or _CHARACTERS)
    return {
        "blocks": [
            {
                "heading": facet.name,
                "goal": facet.goal,
                "target_characters": round(characters / blocks),
            }
            for facet in telling.facets(blocks)
        ]
    }


def _block(telling: Telling, facts: Mapping[str, Any]) -> str:
    blocks = max(1, int(facts.get("blocks") or 1))
    number = min(max(1, int(facts.get("block") or 1)), blocks)
    return telling.block(number, blocks, int(facts.get("target_characters") or _CHARACTERS))


def _adapt(telling: Telling, facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {"block": facts.get("part"), "blocks": facts.get("parts")}
    length = facts.get("target_characters") or len(str(facts.get("text") or "")) or _CHARACTERS
    return {
        "title": telling.title,
        "text": _block(telling, {**told, "target_characters": length}),
        "adaptations": [],
        "reading_notes": [],
        "chapter_titles": [facet.name for facet in telling.facets(int(facts.get("chapters") or 0))],
    }


def _review(telling: Telling, facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one of several
    # What is said of any subject contradicts nothing.
    return {"contradictions": []}


_ANSWERS = {
    "premise": _premise,
    "plan": _plan,
    "block": _block,
    "review": _review,
    "adapt": _adapt,
}
