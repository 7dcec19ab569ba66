"""A language model that tells what it is asked, how long it takes and what it reads and writes."""

from opentelemetry import trace

from shared.providers.llm.base import Completion, LanguageModel, Prompt
from shared.telemetry import calls

OPERATION = "generate_content"

tracer = trace.get_tracer("bolt.llm")


class Observed:
    """A model, observed. Texts are never told: they are the user's."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self.name = inner.name
        self.model = inner.model
        self.setup = inner.setup

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt`."""
        span = tracer.start_as_current_span(
            f"{OPERATION} {self.model}",
            kind=trace.SpanKind.CLIENT,
            attributes={"gen_ai.output.type": "json" if prompt.schema else "text"},
        )
        with span as told, calls.operation(OPERATION, self.name, self.model) as operation:
            told.set_attributes(operation.labels | {"bolt.llm.task": prompt.task})
            answer = await self._inner.complete(prompt)
            told.set_attributes(
                {
                    "gen_ai.response.model": answer.model,
                    "gen_ai.usage.input_tokens": answer.input_tokens,
                    "gen_ai.usage.output_tokens": answer.output_tokens,
                }
            )
            calls.tokens(operation, read=answer.input_tokens, written=answer.output_tokens)
            return answer

    async def aclose(self) -> None:
        """Close what the client holds open."""
        await self._inner.aclose()
