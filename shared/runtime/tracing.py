"""One trace per job, in every service: its id is the job's.

A batch of 10,000 jobs is one request, and must not be one trace. So each job has its own,
named after it: whoever knows a job knows its trace, and a repeat goes on in the same one.
The request that a job comes from is linked to its first span.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from shared.errors import InvalidRequestError
from shared.events import BatchesSubmitted
from shared.expansion import expand

tracer = trace.get_tracer("bolt.jobs")

# A larger batch shows its first jobs' acceptance only; the rest of their traces is whole.
MOST_ACCEPTED = 500

_next: ContextVar[UUID | None] = ContextVar("next_trace", default=None)


class JobTraces(RandomIdGenerator):
    """Random ids, but for the first span of a job's trace."""

    def generate_trace_id(self) -> int:
        """Return the trace's id."""
        job = _next.get()
        return super().generate_trace_id() if job is None else job.int

    def generate_span_id(self) -> int:
        """Return the span's id."""
        job = _next.get()
        return super().generate_span_id() if job is None else first_span(job)


def first_span(subject: UUID) -> int:
    """Return the id of the first span in the trace of `subject`."""
    return subject.int & (2**64 - 1)


def trace_named_after(subject: UUID) -> Context:
    """Return the context of a trace that bears the id of `subject`, after its first span."""
    first = trace.SpanContext(
        trace_id=subject.int,
        span_id=first_span(subject),
        is_remote=True,
        trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(first))


def accepted(event: BatchesSubmitted) -> None:
    """Begin the traces of the jobs of a batch that Kafka has taken."""
    if event.request is None or not trace.get_current_span().is_recording():
        return
    try:
        jobs = expand(event.batch_id, event.request)
    except InvalidRequestError:
        return
    link = trace.Link(trace.get_current_span().get_span_context())
    for job in jobs[:MOST_ACCEPTED]:
        with _first_of(job.job_id):
            span = tracer.start_span(
                "job accepted",
                # A trace of its own, whatever runs here.
                Context(),
                links=[link],
                attributes={
                    "bolt.job.id": str(job.job_id),
                    "bolt.batch.id": str(event.batch_id),
                    "bolt.job.language": job.language,
                },
            )
        span.end()


@contextmanager
def _first_of(job_id: UUID) -> Iterator[None]:
    token = _next.set(job_id)
    try:
        yield
    finally:
        _next.reset(token)
