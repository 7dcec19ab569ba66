"""A language model that says what a test wants, and remembers what it was asked."""

import json
from collections.abc import Callable
from typing import Any

from shared.providers.llm import Completion, LanguageModel, Prompt

# Makes a model of settings; what comes first is told it as its key, or its name.
Connect = Callable[..., LanguageModel]
Answer = str | dict[str, Any] | Exception


class FakeLanguageModel:
    """Answers sensibly unless told otherwise.

    Attributes:
        asked: The prompts, in order.
        answers: By task; a list is used up from its front, a function gets the prompt.
    """

    name = "fake"
    model = "fake-1"
    setup = ""

    def __init__(self, **answers: list[Answer] | Callable[[Prompt], Answer]) -> None:
        self.asked: list[Prompt] = []
        self.answers = answers

    async def complete(self, prompt: Prompt) -> Completion:
        self.asked.append(prompt)
        answer = self._answer(prompt)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return Completion(text=text, model="fake-1-001", input_tokens=10, output_tokens=5)

    async def aclose(self) -> None:
        return None

    def tasks(self) -> list[str]:
        """Return what was asked for, in order."""
        return [prompt.task for prompt in self.asked]

    def _answer(self, prompt: Prompt) -> Answer:
        told = self.answers.get(prompt.task)
        if callable(told):
            return told(prompt)
        if told:
            return told.pop(0)
        return _SENSIBLE[prompt.task](prompt)


def told(block: int, characters: int) -> str:
    """Return a block as it is told unless a test says otherwise: as long as it should be."""
    middle = "And so it goes on. " * (characters // 19)
    begun = f"This is block {block}. {middle}"[: characters - 14].rstrip()
    return begun.ljust(characters - 14, "n") + " It ends here."


def prompt(**changes: Any) -> Prompt:
    """Return a question that anybody can answer."""
    return Prompt(**{"task": "premise", "text": "Write.", "system": "Be brief."} | changes)


def _plan(prompt: Prompt) -> Answer:
    blocks = prompt.facts["blocks"]
    each = prompt.facts["target_characters"] // blocks
    planned = [
        {"heading": f"Part {n}", "goal": f"Goal {n}", "target_characters": each}
        for n in range(1, blocks + 1)
    ]
    return {"blocks": planned}


_SENSIBLE: dict[str, Callable[[Prompt], Answer]] = {
    "premise": lambda prompt: {"logline": f"About {prompt.facts['title']}."},
    "plan": _plan,
    "block": lambda prompt: told(prompt.facts["block"], prompt.facts["target_characters"]),
    "review": lambda prompt: {"contradictions": []},
    "adapt": lambda prompt: {"text": f"In {prompt.facts['language']}: {prompt.facts['text']}"},
}
