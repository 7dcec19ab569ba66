from uuid import uuid4

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.events import BatchesSubmitted, JobsRequested
from shared.expansion import expand
from shared.runtime import tracing
from shared.runtime.envelope import origin_of
from shared.runtime.tracing import JobTraces, accepted
from shared.vocabulary import SYSTEM_USER, BatchRequest, Target
from tests.support.builders import batch_request


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(id_generator=JobTraces(), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("test"))
    return exporter


def submitted(request: BatchRequest) -> BatchesSubmitted:
    return BatchesSubmitted(
        batch_id=uuid4(), user_id=SYSTEM_USER, request=request, total_jobs=request.total_jobs
    )


def test_each_job_of_an_accepted_batch_begins_a_trace_of_its_own_name(
    finished: InMemorySpanExporter,
) -> None:
    event = submitted(batch_request())

    with tracing.tracer.start_as_current_span("POST /v1/batches") as http:
        accepted(event)

    *roots, request = finished.get_finished_spans()
    jobs = expand(event.batch_id, event.request or batch_request())
    assert [span.context.trace_id for span in roots if span.context] == [j.job_id.int for j in jobs]
    assert all(span.parent is None for span in roots)
    assert all(span.links[0].context == http.get_span_context() for span in roots)
    assert request.context.trace_id not in [job.job_id.int for job in jobs]


def test_what_is_released_later_goes_on_after_the_first_span(
    finished: InMemorySpanExporter,
) -> None:
    event = submitted(batch_request())
    with tracing.tracer.start_as_current_span("POST /v1/batches"):
        accepted(event)
    first = finished.get_finished_spans()[0]
    job = expand(event.batch_id, event.request or batch_request())[0]

    released = JobsRequested(job_id=job.job_id, title=job.title, language=job.language)
    parent = trace.get_current_span(origin_of(released)).get_span_context()

    assert (parent.trace_id, parent.span_id) == (first.context.trace_id, first.context.span_id)


def test_a_large_batch_begins_only_so_many(
    finished: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "MOST_ACCEPTED", 3)
    targets = tuple(Target(language=code, voice=f"espeak:{code}") for code in ("pt-BR", "en-US"))
    titles = tuple(f"Title {number}" for number in range(10))
    event = submitted(batch_request(titles=titles, targets=targets))

    with tracing.tracer.start_as_current_span("POST /v1/batches"):
        accepted(event)

    assert len(finished.get_finished_spans()) == 4


def test_nobody_who_traces_means_no_work(finished: InMemorySpanExporter) -> None:
    accepted(submitted(batch_request()))

    assert finished.get_finished_spans() == ()
