"""The order in which a script comes to be: premise, plan, block after block, revision."""

from collections.abc import Callable

from services.scripter import plan, prompts, revision
from services.scripter.commission import Commission
from services.scripter.draft import Draft
from services.scripter.steps import Steps


async def write(
    asked: Commission, *, steps: Steps, report: Callable[[str], None], block_characters: int
) -> Draft:
    """Return the master script, as it came.

    Args:
        asked: What to write.
        steps: Asks the model.
        report: Takes lines for the job's log.
        block_characters: About how much to write at once.
    """
    report("premise")
    premise = await steps.data("premise", prompts.premise(asked), prompts.check_premise)

    count = plan.how_many(asked.characters, block_characters=block_characters)
    planned = await steps.data(
        "plan",
        prompts.plan(asked, premise, count),
        lambda answer: plan.read(answer, characters=asked.characters),
    )
    blocks = plan.read(planned, characters=asked.characters)
    report(f"plan: {len(blocks)} block{'s' if len(blocks) > 1 else ''}")

    draft = Draft(asked, premise, blocks)
    for number in range(1, len(blocks) + 1):
        report(f"block {number} of {len(blocks)}")
        prompt = prompts.block(asked, draft.so_far(number), number)
        draft.texts.append(await steps.prose(f"block {number}", prompt))
    return draft


async def revise(draft: Draft, *, steps: Steps, report: Callable[[str], None]) -> None:
    """Put right what does not hold together, and then the length."""
    await revision.hold_together(draft, steps=steps, report=report)
    await revision.fit(draft, steps=steps, report=report)
