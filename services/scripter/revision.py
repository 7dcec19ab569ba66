"""What is put right once a script is whole: what contradicts itself, then its length. Once each."""

from collections.abc import Callable

from services.scripter import length, prompts, review
from services.scripter.draft import Draft
from services.scripter.steps import Steps
from shared.errors import RefusedError

Report = Callable[[str], None]


async def hold_together(draft: Draft, *, steps: Steps, report: Report) -> None:
    """Have the blocks written again that contradict the others."""
    if len(draft.texts) < 2:
        return
    report("consistency")
    faults = await _faults(draft, steps, report)
    for number, lines in faults.items():
        report(f"block {number} again: {'; '.join(lines)}"[:300])
        prompt = prompts.rewrite(draft.asked, draft.so_far(number), _again(draft, number, lines))
        draft.texts[number - 1] = await steps.prose(f"block {number} corrected", prompt)


async def fit(draft: Draft, *, steps: Steps, report: Report) -> None:
    """Have the blocks written again that make the script too long or too short."""
    numbers = length.to_rewrite(draft.blocks, draft.texts, wanted=draft.asked.characters)
    if numbers:
        had = length.measured(draft.texts)
        report(f"{had} characters, {draft.asked.characters} wanted: {len(numbers)} blocks again")
    for number in numbers:
        written, wanted = draft.texts[number - 1], draft.blocks[number - 1].characters
        faults = [prompts.length_fault(len(written), wanted)]
        prompt = prompts.rewrite(draft.asked, draft.so_far(number), _again(draft, number, faults))
        again = await steps.prose(f"block {number} fitted", prompt)
        if abs(len(again) - wanted) < abs(len(written) - wanted):
            draft.texts[number - 1] = again


async def _faults(draft: Draft, steps: Steps, report: Report) -> dict[int, list[str]]:
    prompt = prompts.review(draft.asked, draft.premise, draft.blocks, draft.texts)
    try:
        answer = await steps.data("review", prompt, lambda _: None)
    except RefusedError as error:
        # A script that was paid for is not thrown away because nobody will read it.
        report(f"consistency was not checked: {error}")
        return {}
    faults = review.read(answer, blocks=len(draft.texts))
    if faults is None:
        report("consistency was not checked: the review is not the JSON asked for")
    return faults or {}


def _again(draft: Draft, number: int, faults: list[str]) -> prompts.Again:
    return prompts.Again(
        number=number,
        written=draft.texts[number - 1],
        follows=draft.follows(number),
        faults=tuple(faults),
    )
