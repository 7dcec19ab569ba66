"""What a fold tells about the jobs it folded: their traces' last spans, their ends, their cost."""

from collections.abc import Iterable, Sequence
from functools import cache

from opentelemetry import trace

from services.aggregator.reading import Record
from services.aggregator.rules import Job
from services.aggregator.spending import Expense
from shared import catalogue
from shared.events import CATALOG, JobEvent
from shared.runtime import telemetry
from shared.runtime.envelope import trace_of
from shared.runtime.tracing import trace_named_after
from shared.telemetry import jobs
from shared.vocabulary import TERMINAL_JOB_STATES, JobState

tracer = trace.get_tracer("bolt.fold")

GROUP = "aggregator"
_STEPS = {topic for topic, event_type in CATALOG.items() if issubclass(event_type, JobEvent)}


Ended = tuple[JobEvent, Job]


def ends(before: JobState, now: JobState) -> bool:
    """Return whether a job that went from one state to another has ended."""
    return now is not before and now in TERMINAL_JOB_STATES


def tell(
    records: Sequence[Record],
    ended: Iterable[Ended],
    bills: Iterable[Expense],
    began_ns: int,
) -> None:
    """Tell what was folded, once it is committed.

    Args:
        records: What was new of the log.
        ended: Jobs that ended with it.
        bills: What was spent.
        began_ns: When the fold of it began.
    """
    for event, job in ended:
        language = event.language if event.language in _languages() else "other"
        took = (event.occurred_at - (job.started_at or event.occurred_at)).total_seconds()
        # The trace stands beside the duration: from a slow bucket to the job in one step.
        jobs.ended(job.state, language, took, trace_named_after(event.job_id))
    for bill in bills:
        jobs.spent(bill.provider, bill.model, bill.stage, bill.cost_usd)
    if telemetry.exports_spans():
        for record in records:
            _trace(record, began_ns)


@cache
def _languages() -> frozenset[str]:
    return frozenset(language.code for language in catalogue.languages())


def _trace(record: Record, began_ns: int) -> None:
    if record.topic in _STEPS:
        tracer.start_span(
            f"{record.topic} fold",
            trace_of(record.headers),
            trace.SpanKind.CONSUMER,
            {
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.destination.name": record.topic,
                "messaging.destination.partition.id": str(record.partition),
                "messaging.consumer.group.name": GROUP,
                "messaging.kafka.offset": record.offset,
            },
            start_time=began_ns,
        ).end()
