"""From a script to its adaptation, part after part."""

from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict, ValidationError

from services.adapter import prompts
from services.adapter.assignment import Assignment
from shared.errors import TransientError
from shared.providers.llm import LanguageModel, clean
from shared.vocabulary import Usage

Make = Callable[[], Awaitable["AdaptedPart"]]
# From the number of a part and how to make it to the part, which may have been made before.
Keep = Callable[[int, Make], Awaitable["AdaptedPart"]]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str
    adaptations: list[str] = []
    reading_notes: list[str] = []


class AdaptedPart(BaseModel):
    """An adapted part as it is kept, with what it cost."""

    text: str
    notes: list[str]
    usage: Usage


class AdaptedScript(BaseModel):
    """A whole adapted script, with what it cost."""

    text: str
    notes: int
    usage: Usage


async def adapt(
    asked: Assignment, texts: tuple[str, ...], *, llm: LanguageModel, keep: Keep
) -> AdaptedScript:
    """Return the adaptation of a script.

    Args:
        asked: What to adapt, from what to what.
        texts: The script in parts.
        llm: Who adapts.
        keep: Makes a part, unless an earlier try already has.
    """
    done: list[AdaptedPart] = []
    for number, text in enumerate(texts, start=1):
        part = prompts.Part(
            text=text,
            number=number,
            parts=len(texts),
            tail=done[-1].text if done else "",
            decided=tuple(note for each in done for note in each.notes),
        )
        done.append(await keep(number, _making(asked, part, llm)))
    return AdaptedScript(
        text="\n\n".join(each.text for each in done),
        notes=sum(len(each.notes) for each in done),
        usage=_sum([each.usage for each in done]),
    )


def _making(asked: Assignment, part: prompts.Part, llm: LanguageModel) -> Make:
    async def make() -> AdaptedPart:
        answered = await llm.complete(prompts.adapt(asked, part))
        answer = _read(answered.text)
        return AdaptedPart(
            text=answer.text,
            notes=answer.adaptations + answer.reading_notes,
            usage=Usage(
                provider=llm.name,
                model=answered.model,
                calls=1,
                input_tokens=answered.input_tokens,
                output_tokens=answered.output_tokens,
            ),
        )

    return make


def _read(text: str) -> _Answer:
    try:
        answer = _Answer.model_validate_json(text)
    except ValidationError as error:
        raise TransientError("the adaptation is not the JSON asked for") from error
    cleaned = clean(answer.text).text
    if not cleaned:
        raise TransientError("the adaptation holds nothing to narrate")
    return answer.model_copy(update={"text": cleaned})


def _sum(usages: list[Usage]) -> Usage:
    return usages[-1].model_copy(
        update={
            name: sum(getattr(usage, name) for usage in usages)
            for name in ("calls", "input_tokens", "output_tokens")
        }
    )
