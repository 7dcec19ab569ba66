"""The order in which a script comes to be: premise, plan, block after block."""

from collections.abc import Callable

from services.scripter import continuity, plan, prompts
from services.scripter.commission import Commission
from services.scripter.steps import Steps


async def write(
    asked: Commission, *, steps: Steps, report: Callable[[str], None], block_characters: int
) -> str:
    """Return the master script.

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

    texts: list[str] = []
    for number in range(1, len(blocks) + 1):
        report(f"block {number} of {len(blocks)}")
        so_far = prompts.SoFar(
            premise=premise,
            plan=blocks,
            summary=continuity.summary(blocks, texts),
            tail=continuity.tail(texts[-1]) if texts else "",
        )
        texts.append(await steps.prose(f"block {number}", prompts.block(asked, so_far, number)))
    return "\n\n".join(texts)
