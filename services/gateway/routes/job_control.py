"""/jobs/{id}/pause, /resume, /cancel, /retry: orders about one job."""

from typing import Any

from fastapi import APIRouter

from services.gateway.deps import Me, MyJob, TheBatches, TheOrders
from services.gateway.ordering import Orders
from services.gateway.routes.jobs import JobRead

router = APIRouter(prefix="/jobs", tags=["jobs"])

ENDED: dict[int | str, dict[str, Any]] = {409: {"description": "The job has ended."}}
NOT_FAILED: dict[int | str, dict[str, Any]] = {
    409: {"description": "The job did not fail, or its batch was cancelled."}
}


@router.post("/{job_id}/pause", status_code=202, responses=ENDED, summary="Pause a job")
async def pause_job(job: MyJob, publisher: TheOrders) -> JobRead:
    """Begin no more calls for it; those under way finish and are kept."""
    await Orders(publisher).about_job(job, "pause")
    return JobRead.of(job)


@router.post("/{job_id}/resume", status_code=202, responses=ENDED, summary="Resume a job")
async def resume_job(job: MyJob, publisher: TheOrders) -> JobRead:
    """Go on with a paused job from its last finished stage."""
    await Orders(publisher).about_job(job, "resume")
    return JobRead.of(job)


@router.post("/{job_id}/cancel", status_code=202, responses=ENDED, summary="Cancel a job")
async def cancel_job(job: MyJob, publisher: TheOrders) -> JobRead:
    """End it; work under way is cut off. A retry begins it anew."""
    await Orders(publisher).about_job(job, "cancel")
    return JobRead.of(job)


@router.post("/{job_id}/retry", status_code=202, responses=NOT_FAILED, summary="Retry a job")
async def retry_job(job: MyJob, me: Me, batches: TheBatches, publisher: TheOrders) -> JobRead:
    """Do a job again that failed or was cancelled; what was paid for is not paid again."""
    batch = await batches.get(me.user_id, job.batch_id)
    await Orders(publisher).retry_job(job, batch)
    return JobRead.of(job)
