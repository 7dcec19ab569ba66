"""Changes the text of a job, and lets it go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from services.gateway.acceptance import Publisher, Room
from services.gateway.editing import runs, sentences
from services.gateway.editing.sentences import Sentence
from services.gateway.errors import (
    ConflictError,
    InvalidFieldsError,
    NotFoundError,
    NotReadyError,
    PreconditionError,
)
from services.gateway.problems import FieldError
from services.gateway.store.script_versions import Origin, ScriptVersion, ScriptVersionStore
from services.gateway.store.works import Work, WorkStore
from shared.events import ScriptAdapted
from shared.vocabulary import TERMINAL_JOB_STATES, ArtefactRef, JobState

PLAIN_TEXT = "text/plain; charset=utf-8"
MOST_CHARACTERS = 200_000


class Texts(Room, Protocol):
    """Where texts are kept, and read."""

    async def get(self, ref: ArtefactRef) -> bytes:
        """Return an artefact's bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text of a job as it stands."""

    ref: ArtefactRef
    content: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What became of a change.

    Attributes:
        version: Of the text; None where it is what it was.
        run: The run that speaks it; None where it waits to be approved.
    """

    script: ArtefactRef
    version: int | None
    run: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Changes texts.

    Attributes:
        works: Jobs, as they could be done again.
        versions: The texts there were.
        room: Where texts lie.
        publisher: Where the pipeline hears of them.
    """

    works: WorkStore
    versions: ScriptVersionStore
    room: Texts
    publisher: Publisher

    async def work(self, user_id: UUID, job_id: UUID) -> Work:
        """Return a job.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        found = (await self.works.all(user_id, [job_id])).get(job_id)
        if found is None:
            raise NotFoundError(f"you have no job {job_id}")
        return found

    async def text(self, work: Work) -> Text:
        """Return the text that is, or is to be, spoken.

        Raises:
            NotReadyError: there is none yet.
        """
        ref = await self._current(work)
        if ref is None:
            raise NotReadyError("the text is not made yet; the job's state says how far it is")
        content = (await self.room.get(ref)).decode()
        return Text(ref=ref, content=content, sentences=sentences.split(content))

    async def edit(
        self,
        work: Work,
        content: str,
        *,
        expected: str | None,
        origin: Origin = "edited",
        changes: Mapping[str, Any] = MappingProxyType({}),
    ) -> Edited:
        """Give a job another text. A job that had ended is narrated again.

        Args:
            work: The job.
            content: The whole text.
            expected: The SHA-256 of the text that was read before; None to change any.
            origin: How the text came to be.
            changes: What else of the job is different: its voice, its options.

        Raises:
            ConflictError: the job is being made just now, or is edited by somebody else.
            PreconditionError: its text is another one by now.
            InvalidFieldsError: the text cannot be narrated.
        """
        held = work.state is JobState.AWAITING_REVIEW
        if not held and work.state not in TERMINAL_JOB_STATES:
            raise ConflictError(
                f"the job is {work.state.value}; its text can be changed once it has ended, or "
                "while it waits for review"
            )
        before = await self.text(work)
        if expected is not None and expected != before.ref.sha256:
            raise PreconditionError("the text was changed since you read it; read it again")
        content = _checked(content)
        if content == before.content.strip():
            return Edited(script=before.ref, version=None, run=None)
        script = await self.room.put("script", content.encode(), media_type=PLAIN_TEXT)
        if not held:
            await self.versions.keep_original(work, before.ref)
        version = await self.versions.claim(work, script, origin=origin, begins=not held)
        if version is None:
            raise ConflictError("another change of this text is on its way; read it again")
        if not held:
            chapters = sentences.moved(work.chapters, before.content, content)
            await self.publisher.publish(runs.spoken_again(work, script, chapters, **changes))
        return Edited(script=script, version=version, run=None if held else version)

    async def change(
        self, work: Work, changes: Mapping[int, str], *, expected: str | None
    ) -> Edited:
        """Change single sentences of a text.

        Raises:
            InvalidFieldsError: there is no such sentence.
        """
        before = await self.text(work)
        wrong = [number for number in changes if number >= len(before.sentences)]
        if wrong:
            last = len(before.sentences) - 1
            raise InvalidFieldsError(
                [
                    FieldError(
                        pointer="/sentences", detail=f"no sentence {number}; the last is {last}"
                    )
                    for number in wrong
                ]
            )
        content = sentences.replaced(list(before.sentences), changes)
        return await self.edit(work, content, expected=expected)

    async def approve(self, work: Work) -> ScriptAdapted:
        """Let a held job go on, with the text as it stands.

        Raises:
            ConflictError: it is not held.
        """
        self._held(work)
        draft = await self._draft(work)
        chapters = None
        if draft is not None:
            was = await self._held_text(work)
            now = (await self.room.get(draft.script)).decode()
            chapters = sentences.moved(ScriptAdapted.model_validate(work.held).chapters, was, now)
        event = runs.approved(work, draft.script if draft else None, chapters)
        await self.publisher.publish(event)
        return event

    async def reject(self, work: Work, note: str, *, again: bool) -> None:
        """End a held job, or have its script written again with the note in mind.

        Raises:
            ConflictError: it is not held.
        """
        self._held(work)
        if again:
            aspect = f"{work.aspect}; a reviewer asks: {note}".removeprefix("; ")
            await self.publisher.publish(runs.told_again(work, aspect=aspect))
        else:
            await self.publisher.publish(runs.rejected(work, note))

    async def history(self, work: Work) -> list[ScriptVersion]:
        """Return the versions of a text, oldest first."""
        return await self.versions.all(work.user_id, work.job_id)

    def _held(self, work: Work) -> None:
        if work.held is None or work.state is not JobState.AWAITING_REVIEW:
            raise ConflictError(f"the job is {work.state.value}; it does not wait for review")

    async def _current(self, work: Work) -> ArtefactRef | None:
        if work.held is None:
            return work.adapted
        draft = await self._draft(work)
        if draft is not None:
            return draft.script
        event = ScriptAdapted.model_validate(work.held)
        if event.script is None:
            data = (event.text or "").encode()
            return await self.room.put("script", data, media_type=PLAIN_TEXT)
        return event.script

    async def _draft(self, work: Work) -> ScriptVersion | None:
        versions = await self.versions.all(work.user_id, work.job_id)
        return next((v for v in versions if v.version == work.run), None)

    async def _held_text(self, work: Work) -> str:
        event = ScriptAdapted.model_validate(work.held)
        if event.script is None:
            return event.text or ""
        return (await self.room.get(event.script)).decode()


def _checked(content: str) -> str:
    text = content.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(map(str.isalnum, text)):
        detail = "a text needs at least one letter or digit; to drop the job, cancel it"
        raise InvalidFieldsError([FieldError(pointer="/text", detail=detail)])
    if len(text) > MOST_CHARACTERS:
        detail = f"a text may have {MOST_CHARACTERS} characters; this one has {len(text)}"
        raise InvalidFieldsError([FieldError(pointer="/text", detail=detail)])
    return text
