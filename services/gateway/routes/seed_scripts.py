"""/gerar-roteiro, /status/{id}, /jobs/{id}/variacoes: the first names of a title's way."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from services.gateway.deps import Me, TheAcceptance, TheBatches, TheJobs, TheObjects
from services.gateway.errors import NotFoundError
from services.gateway.objects import Objects
from services.gateway.pointing import pointing
from services.gateway.routes.batches import IdempotencyKey
from services.gateway.seeds import states
from services.gateway.seeds.asking import TitleDraft
from services.gateway.seeds.jobs import audio_url, by_variation
from services.gateway.store.jobs import Job, JobFilter
from shared.errors import InvalidRequestError
from shared.vocabulary import ArtefactRef

router = APIRouter(tags=["first names"])

# Each brings its text: more belongs to /v1/batches.
MOST_JOBS = 100
MOST_LINES = 200

_ID = "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"


class ScriptBegun(BaseModel):
    """What was begun."""

    job_id: UUID = Field(description="For /status; also the id of a batch.", examples=[_ID])
    status: str = Field(examples=["queued"])


class Variacoes(BaseModel):
    """Every telling of a title, by variation and language."""

    job_id: UUID = Field(examples=[_ID])
    num_variacoes: int
    roteiros_por_variacao: dict[str, dict[str, str]] = Field(
        examples=[{"variacao_1": {"pt-BR": "Era uma vez ..."}}]
    )
    audios_por_variacao: dict[str, dict[str, str]] = Field(
        examples=[{"variacao_1": {"pt-BR": f"/v1/jobs/{_ID}/audio"}}]
    )


class StatusSeen(Variacoes):
    """How far a title is, and what it became."""

    id: UUID = Field(examples=[_ID])
    status: str = Field(description="`queued`, `running`, `completed` or `failed`.")
    titulo: str
    log: list[str]
    resultado: str | None
    created_at: datetime
    roteiro_master: str | None
    roteiros_adaptados: dict[str, str]
    audios_gerados: dict[str, str]
    chars_processados_tts: int
    duracao_total_segundos: int
    error: str | None


class Family(BaseModel):
    """What an id stands for: one job, or all that became of a title."""

    id: UUID
    status: str
    created_at: datetime
    jobs: list[Any]


async def _family(
    job_id: Annotated[UUID, Path(description="As /gerar-roteiro gave it; or a job.")],
    me: Me,
    batches: TheBatches,
    jobs: TheJobs,
) -> Family:
    batch = await batches.get(me.user_id, job_id)
    if batch is not None:
        found = await jobs.page(me.user_id, batch.batch_id, JobFilter(limit=MOST_JOBS))
        status = states.BATCHES[batch.state]
        return Family(id=job_id, status=status, created_at=batch.created_at, jobs=found)
    job = await jobs.get(me.user_id, job_id)
    if job is None:
        raise NotFoundError(f"you have no job {job_id}")
    status = states.JOBS[job.state]
    return Family(id=job_id, status=status, created_at=job.created_at, jobs=[job])


TheFamily = Annotated[Family, Depends(_family)]


@router.post("/gerar-roteiro", status_code=202, summary="As POST /v1/batches, of one title")
async def seed_write_script(
    body: TitleDraft, me: Me, acceptance: TheAcceptance, idempotency_key: IdempotencyKey = None
) -> ScriptBegun:
    """Have a title written, adapted and narrated; return its id at once."""
    with pointing(body.renamed):
        event = await acceptance.accept(me.user_id, body.draft(), idempotency_key)
    return ScriptBegun(job_id=event.batch_id, status="queued")


@router.get("/status/{job_id}", summary="As GET /v1/batches/{id}, with the texts")
async def seed_status(family: TheFamily, jobs: TheJobs, objects: TheObjects) -> StatusSeen:
    """Return how far a title is, with its texts and where its sound is."""
    every: list[Job] = family.jobs
    first = every[0] if every else None
    plain = [job for job in every if first and job.variation == first.variation]
    texts = await _texts(every, objects)
    lines = await jobs.log(first.job_id, limit=MOST_LINES) if first else []
    master = await _text(first.script, objects) if first else None
    told = _variacoes(family.id, every, texts)
    return StatusSeen(
        **dict(told),
        id=family.id,
        status=family.status,
        titulo=first.title if first else "",
        log=[f"{line.at:%H:%M:%S} {line.stage}: {line.message}" for line in lines],
        resultado=texts.get(first.job_id) if first else None,
        created_at=family.created_at,
        roteiro_master=master or (texts.get(first.job_id) if first else None),
        roteiros_adaptados={j.language: texts[j.job_id] for j in plain if j.job_id in texts},
        audios_gerados={job.language: url for job in plain if (url := audio_url(job))},
        chars_processados_tts=sum(job.characters or 0 for job in every),
        duracao_total_segundos=round(sum(job.audio_seconds or 0 for job in every)),
        error=next((job.error for job in every if job.error), None),
    )


@router.get("/jobs/{job_id}/variacoes", summary="Every telling of a title")
async def seed_variations(family: TheFamily, objects: TheObjects) -> Variacoes:
    """Return the texts and the sound of a title, by variation and language."""
    return _variacoes(family.id, family.jobs, await _texts(family.jobs, objects))


def _variacoes(id: UUID, jobs: list[Job], texts: dict[UUID, str]) -> Variacoes:
    sounds = {job.job_id: url for job in jobs if (url := audio_url(job))}
    return Variacoes(
        job_id=id,
        num_variacoes=len({job.variation for job in jobs}),
        roteiros_por_variacao=by_variation(jobs, texts),
        audios_por_variacao=by_variation(jobs, sounds),
    )


async def _texts(jobs: list[Job], objects: Objects) -> dict[UUID, str]:
    found = {job.job_id: await _text(job.narrated, objects) for job in jobs}
    return {job_id: text for job_id, text in found.items() if text is not None}


async def _text(ref: ArtefactRef | None, objects: Objects) -> str | None:
    if ref is None:
        return None
    try:
        return b"".join([chunk async for chunk in await objects.open(ref)]).decode()
    except InvalidRequestError:
        # It was kept for a time, and that is over.
        return None
