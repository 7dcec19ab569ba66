"""The answers a script is made of. Each is paid for once, even when a later one fails."""

from collections.abc import Awaitable, Callable

from pydantic import BaseModel

from shared.artefacts import Artefacts, fingerprint
from shared.errors import TransientError
from shared.providers.llm import LanguageModel, Prompt, clean

# More than this and it was not narration that the model wrote; a second try usually is.
MOST_STRIPPED = 0.03


class Step(BaseModel):
    """An answer as it is kept."""

    text: str
    model: str


class Steps:
    """Asks a model, one step of one script after another.

    A step is stored as soon as it is answered. When the next one fails, another try of the
    job goes on from there instead of paying for everything again.

    Args:
        llm: Who is asked.
        artefacts: Where answers are kept.
        script: The fingerprint of the script, which the steps belong to.
        keep: False where asking again costs less than looking for an answer.
    """

    def __init__(
        self, llm: LanguageModel, artefacts: Artefacts, *, script: str, keep: bool = True
    ) -> None:
        self._llm = llm
        self._artefacts = artefacts
        self._script = script
        self._keep = keep

    async def data(self, name: str, prompt: Prompt, check: Callable[[str], object]) -> str:
        """Return the answer of the step called `name` as JSON text.

        Args:
            name: Different for each step of the script.
            prompt: What to ask, if it has not been answered yet.
            check: Raises `TransientError` for an answer not worth keeping.
        """

        async def ask() -> Step:
            step = await self._ask(prompt)
            check(step.text)
            return step

        return await self._once(name, ask)

    async def prose(self, name: str, prompt: Prompt) -> str:
        """Return the answer of the step called `name` as text that can be narrated.

        Raises:
            TransientError: nothing in the answer can.
        """

        async def ask() -> Step:
            step = await self._ask(prompt)
            cleaned = clean(step.text)
            if cleaned.stripped > MOST_STRIPPED:
                again = await self._ask(prompt)
                cleaned = min(cleaned, clean(again.text), key=lambda each: each.stripped)
                step = again
            if not cleaned.text:
                raise TransientError(f"{self._llm.name}: nothing in {name} can be narrated")
            return step.model_copy(update={"text": cleaned.text})

        return await self._once(name, ask)

    async def _once(self, name: str, ask: Callable[[], Awaitable[Step]]) -> str:
        async def make() -> bytes:
            return (await ask()).model_dump_json().encode()

        step = await self._kept(name, make) if self._keep else await ask()
        return step.text

    async def _kept(self, name: str, make: Callable[[], Awaitable[bytes]]) -> Step:
        key = fingerprint("step/1", script=self._script, step=name)
        made = await self._artefacts.once("step", key, make, media_type="application/json")
        return Step.model_validate_json(await self._artefacts.get(made.ref))

    async def _ask(self, prompt: Prompt) -> Step:
        answer = await self._llm.complete(prompt)
        return Step(text=answer.text, model=answer.model)
