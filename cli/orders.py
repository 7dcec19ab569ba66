"""`bolt pause|resume|cancel|retry|delete`: orders about a batch, or about one job of it."""

from typing import Annotated

import typer

from cli.running import run, say

app = typer.Typer()

Batch = Annotated[str | None, typer.Argument(help="The batch; leave it out where a job is named.")]
Job = Annotated[str | None, typer.Option("--job", help="Only this job.")]


@app.command()
def pause(batch_id: Batch = None, job: Job = None) -> None:
    """Begin no more calls; what is under way finishes and is kept."""
    _order(batch_id, job, "pause")


@app.command()
def resume(
    batch_id: Batch = None,
    job: Job = None,
    budget: Annotated[
        float | None, typer.Option("--budget", help="What the batch may cost now, in US dollars.")
    ] = None,
) -> None:
    """Go on from the last finished stage of each job."""
    _order(batch_id, job, "resume", budget)


@app.command()
def cancel(batch_id: Batch = None, job: Job = None) -> None:
    """End what has not ended; work under way is cut off."""
    _order(batch_id, job, "cancel")


@app.command()
def retry(batch_id: Batch = None, job: Job = None) -> None:
    """Do again what failed; what was paid for is not paid for again."""
    _order(batch_id, job, "retry")


@app.command()
def delete(
    batch_id: str,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a batch, its jobs and their audio; what it cost stays in the figures."""
    if not yes:
        typer.confirm(f"delete batch {batch_id} and all that it made?", abort=True, err=True)
    run(lambda client: client.delete_batch(batch_id))
    say(f"deleted: batch {batch_id}")


def _order(
    batch_id: str | None, job_id: str | None, action: str, budget: float | None = None
) -> None:
    if (batch_id is None) == (job_id is None):
        raise typer.BadParameter("name a batch, or a job with --job")
    if job_id is not None:
        if budget is not None:
            raise typer.BadParameter("a budget is a batch's; leave out --job")
        run(lambda client: client.order_job(job_id, action))
        say(f"{action}: job {job_id}")
        return
    if action == "retry":
        found = run(lambda client: client.order(str(batch_id), "retry-failed"))
        say(f"{found['retried']} failed jobs begin again")
        return
    run(lambda client: client.order(str(batch_id), action, budget_usd=budget))
    say(f"{action}: batch {batch_id}")
