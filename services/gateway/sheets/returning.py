"""An exported sheet that comes back: what of it is new, what was changed, what is the same."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from services.gateway.drafts import BatchDraft
from services.gateway.editing import Editor, runs
from services.gateway.errors import InvalidFieldsError, NotReadyError
from services.gateway.planning import Plan, plan
from services.gateway.problems import FieldError
from services.gateway.sheets.asking import Sheet, checked, row_of
from services.gateway.store.works import Whole, Work
from shared.events import BatchesSubmitted
from shared.providers.tts import Speakers
from shared.vocabulary import TERMINAL_JOB_STATES, BatchRequest, JobState, Mode, Options, Row

# What only the voice is told; anything else is told anew, from the title.
_SPOKEN = frozenset({"voice", "speaking_rate", "style"})
_TOLD = ("title", "language", "voice", "variation", "aspect")
_OWN = ("target_minutes", "speaking_rate", "style")


@dataclass(frozen=True, slots=True)
class Change:
    """A job that its row asks to be another.

    Attributes:
        line: Of the sheet.
        fields: What is different.
        script: The whole text, where that is.
    """

    line: int
    work: Work
    row: Row
    fields: tuple[str, ...]
    script: str | None = None


@dataclass(slots=True)
class Return:
    """What a sheet asks of a batch."""

    added: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0

    def add(self, row: Row, there: Collection[tuple[object, ...]], whole: Whole) -> None:
        """Ask for a new job, unless it is `there`: a sheet may be sent twice."""
        if _same_job(row, row.options or whole.options) in there:
            self.unchanged += 1
        else:
            position = whole.last + 1 + len(self.added)
            self.added.append(row.model_copy(update={"position": position}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Compares a sheet with its batch, and does what is different.

    Attributes:
        editor: Knows the jobs, and changes texts.
        speakers: Who may speak where a row names no voice.
        max_jobs: The most rows that are taken.
    """

    editor: Editor
    speakers: Speakers
    max_jobs: int

    async def compare(self, user_id: UUID, batch_id: UUID, sheet: Sheet) -> tuple[Whole, Return]:
        """Return what is different.

        Raises:
            NotReadyError: the batch is being taken in.
            InvalidFieldsError: a row asks for what cannot be; nothing is done.
        """
        whole = await self.editor.works.whole(user_id, batch_id)
        if whole is None:
            raise NotReadyError("the batch is being taken in; send the sheet again in a moment")
        works = await self._works(user_id, batch_id, sheet)
        planned = self._planned(sheet, works, whole)
        there = await self._there(user_id, batch_id, planned.rows, works)
        found = Return()
        errors: list[FieldError] = []
        for index, row in enumerate(planned.rows):
            work = works.get(index)
            if work is None:
                found.add(row, there, whole)
                continue
            change = await self._change(sheet, index, work, row)
            if change is None:
                found.unchanged += 1
            elif wrong := _forbids(change):
                errors.append(sheet.locate(FieldError(pointer=f"/rows/{index}", detail=wrong)))
            else:
                found.changed.append(change)
        if errors:
            raise InvalidFieldsError(errors)
        return whole, found

    async def carry_out(self, user_id: UUID, batch_id: UUID, whole: Whole, found: Return) -> None:
        """Publish what is different. Done twice, it is done once: ids follow from the content."""
        for change in found.changed:
            await self._carry_out(change)
        if found.added and whole.agent is not None:
            rows = tuple(found.added)
            request = BatchRequest(
                mode=whole.mode or Mode.MATRIX,
                agent=whole.agent,
                script_language=whole.script_language,
                options=whole.options,
                name=whole.name,
                rows=rows,
            )
            digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
            await self.editor.publisher.publish(
                BatchesSubmitted(
                    event_id=uuid5(batch_id, f"added/{digest}"),
                    occurred_at=datetime.now(UTC),
                    batch_id=batch_id,
                    user_id=user_id,
                    request=request,
                    total_jobs=len(rows),
                )
            )

    async def _works(self, user_id: UUID, batch_id: UUID, sheet: Sheet) -> dict[int, Work]:
        named: dict[int, UUID] = {}
        errors: list[FieldError] = []
        for index, cells in enumerate(sheet.rows):
            if text := cells.get("job_id"):
                try:
                    named[index] = UUID(text)
                except ValueError:
                    errors.append(_no_job(sheet, index))
        works = await self.editor.works.all(user_id, set(named.values()))
        found = {i: works[j] for i, j in named.items() if j in works}
        for index, job_id in named.items():
            if index not in found or works[job_id].batch_id != batch_id:
                errors.append(_no_job(sheet, index))
        if len(set(named.values())) < len(named):
            detail = "two rows name one job; leave the job_id of a new row empty"
            errors.append(FieldError(pointer="/rows", detail=detail))
        if errors:
            raise InvalidFieldsError(errors)
        return found

    async def _there(
        self, user_id: UUID, batch_id: UUID, rows: Sequence[Row], works: Mapping[int, Work]
    ) -> set[tuple[object, ...]]:
        titles = {row.title for index, row in enumerate(rows) if index not in works}
        found = await self.editor.works.of_titles(user_id, batch_id, titles)
        return {_same_job(work, work.options) for work in found}

    def _planned(self, sheet: Sheet, works: Mapping[int, Work], whole: Whole) -> Plan:
        rows = [
            _asked(sheet, cells, works[index]) if index in works else row_of(cells)
            for index, cells in enumerate(sheet.rows)
        ]
        options = whole.options.model_dump(mode="json")
        body = {"mode": "matrix", "rows": rows, "options": options}
        draft: BatchDraft = checked(sheet, body)
        try:
            return plan(draft, speakers=self.speakers, max_jobs=self.max_jobs)
        except InvalidFieldsError as error:
            raise InvalidFieldsError([sheet.locate(e) for e in error.errors]) from error

    async def _change(self, sheet: Sheet, index: int, work: Work, row: Row) -> Change | None:
        options = row.options or work.options
        fields = [name for name in _TOLD if getattr(row, name) != getattr(work, name)]
        fields += [name for name in _OWN if getattr(options, name) != getattr(work.options, name)]
        script = sheet.rows[index].get("script")
        if script is not None and await self._same(work, script):
            script = None
        if script is not None:
            fields.append("script")
        if not fields:
            return None
        return Change(sheet.lines[index], work, row, tuple(fields), script)

    async def _same(self, work: Work, script: str) -> bool:
        try:
            now = (await self.editor.text(work)).content
        except NotReadyError:
            return False
        return _plain(now) == _plain(script)

    async def _carry_out(self, change: Change) -> None:
        work, row = change.work, change.row
        changes: dict[str, Any] = {name: getattr(row, name) for name in _TOLD}
        changes["options"] = row.options or work.options
        if change.script is not None:
            await self.editor.edit(
                work, change.script, expected=None, origin="imported", changes=changes
            )
        elif set(change.fields) <= _SPOKEN and work.adapted and not _stretches(work, change):
            event = runs.spoken_again(work, work.adapted, work.chapters, **changes)
            await self.editor.publisher.publish(event)
        else:
            await self.editor.publisher.publish(runs.told_again(work, **changes))


def _asked(sheet: Sheet, cells: Mapping[str, str], work: Work) -> dict[str, Any]:
    """Return what a row asks of a job: a column that is not there asks for what there is."""
    row = row_of(dict(cells))
    for name in _TOLD:
        if name not in sheet.headings or (name in ("voice", "variation") and name not in cells):
            row[name] = getattr(work, name)
    own: dict[str, Any] = row.pop("options", {})
    columns = {"target_minutes": "minutes", "speaking_rate": "rate", "style": "style"}
    unset = {"target_minutes": None, "speaking_rate": 1.0, "style": ""}
    whole = work.options.model_dump(mode="json")
    for name, column in columns.items():
        if column in sheet.headings:
            whole[name] = own.get(name, unset[name])
    if own.get("target_minutes") is not None:
        whole["target_characters"] = None
    return row | {"options": whole}


def _same_job(one: Row | Work, options: Options) -> tuple[object, ...]:
    return (*(getattr(one, name) for name in _TOLD), options)


def _forbids(change: Change) -> str | None:
    state = change.work.state
    if state in TERMINAL_JOB_STATES:
        return None
    if state is JobState.AWAITING_REVIEW and change.fields == ("script",):
        return None
    return f"the job is {state.value}: it can be changed once it has ended"


def _stretches(work: Work, change: Change) -> bool:
    # The same minutes at another pace are another length of text.
    return "speaking_rate" in change.fields and work.options.target_minutes is not None


def _no_job(sheet: Sheet, index: int) -> FieldError:
    detail = "the batch has no such job; leave job_id empty to add one"
    return sheet.locate(FieldError(pointer=f"/rows/{index}/job_id", detail=detail))


def _plain(text: str) -> Sequence[str]:
    return text.replace("\r\n", "\n").split()
