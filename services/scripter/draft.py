"""A script while it is written: its premise, its plan and the blocks there are."""

import re
from dataclasses import dataclass, field

from services.scripter import continuity, prompts
from services.scripter.commission import Commission
from services.scripter.plan import Block
from shared.vocabulary import Chapter

_PARAGRAPHS = re.compile(r"\n\s*\n")
_OPENING = 300
_TITLE = 120


@dataclass(slots=True)
class Draft:
    """A script while it is written.

    Attributes:
        texts: The blocks there are, in order.
    """

    asked: Commission
    premise: str
    blocks: tuple[Block, ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the script."""
        return "\n\n".join(self.texts)

    def so_far(self, number: int) -> prompts.SoFar:
        """Return what the writer of block `number` must know, from 1."""
        before = self.texts[: number - 1]
        return prompts.SoFar(
            premise=self.premise,
            plan=self.blocks,
            summary=continuity.summary(self.blocks, before),
            tail=continuity.tail(before[-1]) if before else "",
        )

    def follows(self, number: int) -> str:
        """Return how the block after block `number` begins; nothing after the last."""
        return self.texts[number][:_OPENING] if number < len(self.texts) else ""

    def chapters(self) -> tuple[Chapter, ...]:
        """Return a chapter for each block, with the paragraph of the script it begins at."""
        found: list[Chapter] = []
        paragraph = 0
        for number, (block, text) in enumerate(zip(self.blocks, self.texts, strict=True), start=1):
            title = " ".join(block.heading.replace("*", " ").lstrip("# ").split())
            found.append(Chapter(title=title[:_TITLE] or str(number), paragraph=paragraph))
            paragraph += len(_PARAGRAPHS.split(text.strip()))
        return tuple(found)
