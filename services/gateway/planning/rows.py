"""Jobs that are listed one by one."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from services.gateway.drafts import BatchDraft, RowDraft
from services.gateway.planning.findings import Findings
from services.gateway.planning.targets import Targets
from services.gateway.planning.titles import wrong_with
from services.gateway.texts import wrong_with_text
from shared.vocabulary import Options, Row, Target

_LENGTHS = ("target_minutes", "target_characters")


@dataclass(slots=True)
class Rows:
    """Chooses what each row asks for, and notes what cannot be.

    Attributes:
        targets: Chooses languages and voices, and knows what the client asked for.
        first: The position of the first row.
    """

    targets: Targets
    first: int = 0
    _tellings: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def draft(self) -> BatchDraft:
        """Return what the client asked for."""
        return self.targets.draft

    @property
    def found(self) -> Findings:
        """Return where to note what is wrong."""
        return self.targets.found

    def choose(self) -> tuple[Row, ...]:
        """Return the rows, with nothing left to decide."""
        rows = self.draft.rows or []
        if not rows:
            self.found.add("give at least one row", "rows")
        for name in ("title", "titles", "language", "languages", "targets"):
            if getattr(self.draft, name) is not None:
                self.found.add(f"rows name everything themselves; leave {name} out", name)
        chosen: list[Row] = []
        seen: dict[tuple[object, ...], int] = {}
        for index, row in enumerate(rows):
            if self.found.enough:
                break
            one = self._row(index, row)
            if one is None:
                continue
            same = (one.title, one.language, one.voice, one.variation, one.options, one.text)
            if (first := seen.setdefault(same, index)) != index:
                self.found.add(f"the same as /rows/{first}; leave one out", "rows", index)
            chosen.append(one)
        return tuple(chosen)

    def _row(self, index: int, row: RowDraft) -> Row | None:
        title = unicodedata.normalize("NFC", row.title.strip())
        if wrong := wrong_with(title):
            self.found.add(wrong, "rows", index, "title")
        code = self.targets.language(row.language, ("rows", index, "language"))
        target = code and self.targets.target(code, row.voice, ("rows", index, "voice"))
        options = self._options(index, row)
        if row.text is not None and (mute := wrong_with_text(row.text)):
            self.found.add(mute, "rows", index, "text")
        if wrong or not target:
            return None
        return self._made(index, row, title, target, options)

    def _made(
        self, index: int, row: RowDraft, title: str, target: Target, options: Options | None
    ) -> Row:
        aspect = row.aspect.strip()
        return Row(
            position=self.first + index,
            title=title,
            language=target.language,
            voice=target.voice,
            variation=row.variation or self._variation(title, aspect),
            aspect=aspect,
            options=options,
            text=row.text,
        )

    def _variation(self, title: str, aspect: str) -> int:
        # The plain telling is the first; each aspect of a title is another one.
        numbers = self._tellings[title]
        if not aspect:
            return numbers.setdefault("", 1)
        taken = max(numbers.values(), default=0)
        return numbers.setdefault(aspect, taken + 1)

    def _options(self, index: int, row: RowDraft) -> Options | None:
        own = row.options.model_dump(exclude_unset=True) if row.options else {}
        if not own:
            return None
        for at, language in enumerate(own.get("review", ())):
            self.targets.language(language, ("rows", index, "options", "review", at))
        whole: dict[str, Any] = self.draft.options.model_dump()
        if any(own.get(name) is not None for name in _LENGTHS):
            whole |= dict.fromkeys(_LENGTHS)
        try:
            return Options.model_validate(whole | own)
        except ValidationError as error:
            first = error.errors()[0]
            self.found.add(str(first["msg"]), "rows", index, "options", *map(str, first["loc"]))
            return None
