"""/jobs/{id}/script: the text of a job, sentence by sentence, and by its user's hand."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import MyWork, TheEditor
from services.gateway.editing import Edited
from services.gateway.editing.editor import MOST_CHARACTERS
from services.gateway.errors import NotFoundError
from services.gateway.store.script_versions import Origin
from services.gateway.texts import Text
from shared.vocabulary import ArtefactRef

router = APIRouter(prefix="/jobs", tags=["review"])

CHANGES: dict[int | str, dict[str, Any]] = {
    409: {"description": "The job is being made just now, or is changed by somebody else."},
    412: {"description": "The text is not the one that If-Match names."},
}

IfMatch = Annotated[
    str | None,
    Header(
        max_length=100,
        description="The `ETag` of the text that was read. Without it any text is replaced.",
        examples=['"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"'],
    ),
]


class SentenceRead(BaseModel):
    """A sentence of a text."""

    index: int = Field(description="From 0.", examples=[3])
    paragraph: int = Field(description="From 0.", examples=[1])
    text: str = Field(examples=["Bees dance to tell the others where flowers are."])


class ScriptRead(BaseModel):
    """The text that is, or is to be, spoken."""

    job_id: UUID
    etag: str = Field(description="For If-Match.", examples=['"2c26b46b68ffc68f"'])
    text: str
    sentences: list[SentenceRead]


class ScriptDraft(BaseModel):
    """A whole text."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="With an empty line between paragraphs.",
        examples=["Bees dance. That is how they talk.\n\nNobody taught them."],
    )


class SentenceDraft(BaseModel):
    """Another text for one sentence."""

    model_config = ConfigDict(extra="forbid")

    index: int = Field(ge=0, description="From 0.", examples=[3])
    text: Text = Field(
        max_length=10_000,
        description="One sentence or several; empty to leave it out.",
        examples=["Bees dance, and so they talk."],
    )


class SentencesDraft(BaseModel):
    """Changes of single sentences."""

    model_config = ConfigDict(extra="forbid")

    sentences: list[SentenceDraft] = Field(min_length=1, max_length=1_000)


class ScriptEdit(BaseModel):
    """What became of a change."""

    job_id: UUID
    changed: bool = Field(description="False where the text is what it was: nothing is done.")
    version: int | None = Field(description="Of the text.", examples=[2])
    run: int | None = Field(
        description="The run that narrates it; null where it waits to be approved.", examples=[2]
    )
    etag: str = Field(description="Of the text as it is now.", examples=['"9f86d081884c7d65"'])

    @classmethod
    def of(cls, job_id: UUID, edited: Edited) -> Self:
        """Return how the API shows what became of a change."""
        return cls(
            job_id=job_id,
            changed=edited.version is not None,
            version=edited.version,
            run=edited.run,
            etag=etag(edited.script),
        )


class VersionRead(BaseModel):
    """A text that a job has, or had."""

    version: int = Field(description="The run that speaks it.", examples=[2])
    origin: Origin
    created_at: datetime = Field(examples=["2026-11-20T12:00:00Z"])
    etag: str = Field(examples=['"9f86d081884c7d65"'])
    characters_utf8: int = Field(description="Its bytes in UTF-8.", examples=[1201])


class VersionList(BaseModel):
    """Every version, oldest first; none where the text was never changed."""

    items: list[VersionRead]


class VersionRef(BaseModel):
    """A version to go back to."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, examples=[1])


@router.get("/{job_id}/script/sentences", summary="Read a job's text by sentences")
async def read_script_sentences(work: MyWork, editor: TheEditor) -> ScriptRead:
    """Return the text that is, or is to be, spoken; with its sentences, as PATCH counts them."""
    text = await editor.text(work)
    shown = [
        SentenceRead(index=s.index, paragraph=s.paragraph, text=s.text) for s in text.sentences
    ]
    return ScriptRead(job_id=work.job_id, etag=etag(text.ref), text=text.content, sentences=shown)


@router.put("/{job_id}/script", status_code=202, responses=CHANGES, summary="Change a job's text")
async def replace_script(
    work: MyWork, body: ScriptDraft, editor: TheEditor, if_match: IfMatch = None
) -> ScriptEdit:
    """Give a job another text. One that had ended is narrated again: only what changed is bought.

    A job that waits for review keeps the text until it is approved.
    """
    edited = await editor.edit(work, body.text, expected=_sha256(if_match))
    return ScriptEdit.of(work.job_id, edited)


@router.patch(
    "/{job_id}/script", status_code=202, responses=CHANGES, summary="Change single sentences"
)
async def change_script(
    work: MyWork, body: SentencesDraft, editor: TheEditor, if_match: IfMatch = None
) -> ScriptEdit:
    """Change sentences by their index, as GET …/script/sentences counts them.

    Send `If-Match`: an index is a place in one text, and not in another.
    """
    changes = {sentence.index: sentence.text for sentence in body.sentences}
    return ScriptEdit.of(
        work.job_id, await editor.change(work, changes, expected=_sha256(if_match))
    )


@router.get("/{job_id}/script/versions", summary="List the versions of a job's text")
async def list_script_versions(work: MyWork, editor: TheEditor) -> VersionList:
    """Return every text that a job had since its user first changed it, and the one before."""
    return VersionList(
        items=[
            VersionRead(
                version=version.version,
                origin=version.origin,
                created_at=version.created_at,
                etag=etag(version.script),
                characters_utf8=version.script.bytes,
            )
            for version in await editor.history(work)
        ]
    )


@router.post(
    "/{job_id}/script/revert", status_code=202, responses=CHANGES, summary="Take a text back"
)
async def revert_script(
    work: MyWork, body: VersionRef, editor: TheEditor, if_match: IfMatch = None
) -> ScriptEdit:
    """Give a job a text it had before. What was narrated of it is not paid for again."""
    versions = await editor.history(work)
    wanted = next((v for v in versions if v.version == body.version), None)
    if wanted is None:
        raise NotFoundError(f"the text has no version {body.version}")
    content = (await editor.room.get(wanted.script)).decode()
    edited = await editor.edit(work, content, expected=_sha256(if_match), origin="reverted")
    return ScriptEdit.of(work.job_id, edited)


def etag(ref: ArtefactRef) -> str:
    """Return the entity tag of a text."""
    return f'"{ref.sha256}"'


def _sha256(if_match: str | None) -> str | None:
    if if_match is None or if_match.strip() == "*":
        return None
    return if_match.strip().removeprefix("W/").strip('"')
