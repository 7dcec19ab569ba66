"""/batches:estimate: what a batch would be and would take, before it is asked for."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, TheEstimator
from services.gateway.drafts import BatchDraft
from services.gateway.errors import InvalidFieldsError
from services.gateway.estimating import Estimate
from services.gateway.estimating.findings import Finding, fits, notes
from services.gateway.planning import Plan
from services.gateway.routes.batch_import import TheUpload
from services.gateway.sheets.asking import drafted

router = APIRouter(tags=["batches"])


class SpendingRead(BaseModel):
    """What one provider's model would be asked for in one stage."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "stage": "narrator",
                    "provider": "google",
                    "model": "chirp3-hd",
                    "calls": 24,
                    "characters": 20160,
                    "input_tokens": 0,
                    "output_tokens": 0,
                    "audio_seconds": 1440.0,
                    "cost_usd": 0.6048,
                }
            ]
        }
    )

    stage: str
    provider: str
    model: str
    calls: int
    characters: int
    input_tokens: int
    output_tokens: int
    audio_seconds: float
    cost_usd: float


class DomainRead(BaseModel):
    """A quota that calls would count against."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "provider": "google",
                    "model": "chirp3-hd",
                    "projects": 2,
                    "calls": 24,
                    "requests_per_minute": 400,
                    "requests_per_day": 0,
                    "seconds": 3.7,
                }
            ]
        }
    )

    provider: str
    model: str
    projects: int = Field(description="Each has a quota of its own.")
    calls: int
    requests_per_minute: int = Field(description="Of all projects together; 0: none is known.")
    requests_per_day: int = Field(description="The same.")
    seconds: float = Field(description="How long this quota alone makes the calls take.")


class FindingRead(BaseModel):
    """Something to know before asking for it."""

    kind: Literal["will_not_fit", "warning"] = Field(
        description="`will_not_fit`: it would be accepted, and stop before its end."
    )
    code: str = Field(description="For programs.", examples=["budget"])
    pointer: str = Field(description="JSON pointer into the request.", examples=["/titles/3"])
    detail: str = Field(
        description="What is the matter, and what would help.",
        examples=["about 3.10 USD are needed, and the budget is 2.00: raise it, or split"],
    )

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Return how the API shows `finding`."""
        return cls(**asdict(finding))


class EstimateRead(BaseModel):
    """What a batch would be, and would take. A later run keeps to it within a tenth."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "jobs": 12,
                    "jobs_cached": 0,
                    "scripts": 4,
                    "adaptations": 4,
                    "provider_calls": 40,
                    "characters": 10080,
                    "audio_seconds": 720.0,
                    "cost_usd": 0.31,
                    "seconds": 41.0,
                    "finishes_at": "2026-11-20T12:00:41Z",
                    "fits": True,
                    "findings": [],
                    "spending": [],
                    "quota_domains": [],
                    "based_on_jobs": 120,
                }
            ]
        }
    )

    jobs: int
    jobs_cached: int = Field(description="Of them, those that are there already: they cost nothing")
    scripts: int = Field(description="To be written.")
    adaptations: int = Field(description="Of scripts to other languages, to be made.")
    provider_calls: int
    characters: int = Field(description="Of all texts that will be heard.")
    audio_seconds: float
    cost_usd: float = Field(description="At list price, in US dollars.")
    seconds: float = Field(description="From its acceptance to its end, if nothing else waits.")
    finishes_at: datetime
    fits: bool = Field(description="Whether nothing of it `will_not_fit`.")
    findings: list[FindingRead]
    spending: list[SpendingRead]
    quota_domains: list[DomainRead]
    voice_reasons: dict[str, str] = Field(
        default_factory=dict,
        description="By language: why its voice would be chosen, where you named none.",
    )
    based_on_jobs: int = Field(
        description="How many finished jobs the figures were corrected by; 0: list values only."
    )

    @classmethod
    def of(cls, wanted: Plan, estimate: Estimate) -> Self:
        """Return how the API shows `estimate`."""
        fields: dict[str, Any] = asdict(estimate)
        found = [*fits(wanted, estimate), *notes(wanted)]
        return cls(
            **{name: value for name, value in fields.items() if name in cls.model_fields},
            provider_calls=estimate.calls,
            voice_reasons=dict(wanted.voice_reasons),
            quota_domains=[DomainRead(**asdict(domain)) for domain in estimate.domains],
            finishes_at=datetime.now(UTC) + timedelta(seconds=estimate.seconds),
            fits=not any(finding.kind == "will_not_fit" for finding in found),
            findings=[FindingRead.of(finding) for finding in found],
        )


@router.post("/batches:estimate", summary="Estimate a batch")
async def estimate_batch(body: BatchDraft, me: Me, estimator: TheEstimator) -> EstimateRead:
    """Return what a request for a batch would take: jobs, calls, money, time. Begins nothing.

    What would be refused is refused here in the same words. What is already made, and is found
    again, costs nothing. Figures follow from the length that is asked for, corrected by what
    finished jobs really took; prices are list prices.
    """
    wanted, estimate = await estimator.estimate(me.user_id, body)
    return EstimateRead.of(wanted, estimate)


@router.post("/batches/import:estimate", summary="Estimate a spreadsheet")
async def estimate_import(upload: TheUpload, me: Me, estimator: TheEstimator) -> EstimateRead:
    """Return what POST /v1/batches/import would take with the same parts. Begins nothing."""
    sheet = await upload.sheet(most_rows=estimator.max_jobs)
    try:
        wanted, estimate = await estimator.estimate(me.user_id, drafted(sheet, upload.common))
    except InvalidFieldsError as error:
        raise InvalidFieldsError([sheet.locate(found) for found in error.errors]) from error
    return EstimateRead.of(wanted, estimate)
