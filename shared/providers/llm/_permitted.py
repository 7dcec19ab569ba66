"""Asks before every call whether it may be made, and says afterwards what it cost."""

from shared.catalogue import prices
from shared.providers.llm.base import Completion, LanguageModel, Prompt
from shared.quota import calling
from shared.vocabulary import Usage

# Of one token, at least: an estimate that is too high only waits, or stops, a little early.
CHARACTERS = 3


class Permitted:
    """A language model that is called only where the work at hand may go on."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self.name = inner.name
        self.model = inner.model
        self.setup = inner.setup

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt`.

        Raises:
            StoppedError: the work may not go on, or its budget is used up.
        """
        asked = Usage(
            provider=self.name,
            model=self.model,
            input_tokens=(len(prompt.system) + len(prompt.text)) // CHARACTERS + 1,
            output_tokens=prompt.max_output_tokens,
        )
        async with calling(prices.cost(asked)) as call:
            answer = await self._inner.complete(prompt)
            call.paid = Usage(
                provider=self.name,
                model=answer.model,
                calls=1,
                input_tokens=answer.input_tokens,
                output_tokens=answer.output_tokens,
                domain=answer.domain,
            )
            call.cost_usd = prices.cost(call.paid)
            return answer

    async def aclose(self) -> None:
        """Close what the client holds open."""
        await self._inner.aclose()
