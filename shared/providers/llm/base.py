"""What a language model must do. The suite in tests/contracts holds it to this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Task = Literal["premise", "plan", "block", "review", "adapt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One thing asked of a model.

    Attributes:
        task: What kind of answer is wanted.
        system: The rules that hold for the whole conversation.
        text: The question itself.
        facts: The same question as data, for a writer that reads no prose (`offline`).
        schema: JSON Schema of the answer; None for plain text.
        max_output_tokens: Where the model must stop.
    """

    task: Task
    text: str
    system: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    schema: Mapping[str, Any] | None = None
    max_output_tokens: int = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A model's answer.

    Attributes:
        text: The answer; JSON text where a schema was given.
        model: The model that answered, as it names itself.
        domain: The project whose quota was used, where there is one.
    """

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    domain: str = ""


class LanguageModel(Protocol):
    """Writes.

    Attributes:
        name: The provider's name, as in settings.
        model: The model asked for; part of every fingerprint.
        setup: What else was set that decides an answer; part of every fingerprint too.
    """

    name: str
    model: str
    setup: str

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt`.

        Raises:
            TransientError: the provider is busy or unreachable.
            RateLimitedError: the provider named a delay.
            RefusedError: the provider will not answer this.
        """
        ...

    async def aclose(self) -> None:
        """Close what the client holds open."""
        ...
