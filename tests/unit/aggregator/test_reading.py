import pytest

from services.aggregator.reading import Reader
from shared.errors import InvalidEventError, InvalidRequestError
from shared.events import BatchesControl, BatchesProgress, JobsProgress
from shared.runtime.envelope import decode
from shared.vocabulary import BatchCounts, BatchState
from tests.support.artefacts import FakeArtefacts
from tests.support.builders import BATCH, JOB, USER, batch_request, batch_submitted, job_requested
from tests.support.records import Record, record


def reader(artefacts: FakeArtefacts | None = None) -> Reader:
    return Reader(decode, artefacts or FakeArtefacts())


async def test_sorts_records_by_what_they_say() -> None:
    step, line = job_requested(), JobsProgress(job_id=JOB, stage="scripter", message="block 1")
    order, submitted = BatchesControl(batch_id=BATCH, action="pause"), batch_submitted()

    news = await reader().read([record(event) for event in (step, line, order, submitted)])

    assert (news.steps, news.lines, news.orders) == ([step], [line], [order])
    assert news.submitted == [(submitted, submitted.request)]
    assert not news.bad


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[]", b'{"title": ""}'])
async def test_puts_aside_what_is_no_event_and_reads_on(value: bytes | None) -> None:
    bad, good = Record("jobs.requested", value), record(job_requested())

    news = await reader().read([bad, good])

    assert len(news.steps) == 1
    (found, error) = news.bad[0]
    assert found is bad
    assert isinstance(error, InvalidEventError)


async def test_fetches_a_request_that_was_too_large_for_a_record() -> None:
    artefacts, request = FakeArtefacts(), batch_request(name="large")
    data = request.model_dump_json().encode()
    ref = await artefacts.put("request", data, media_type="application/json")

    news = await reader(artefacts).read([record(batch_submitted(request=None, request_ref=ref))])

    assert news.submitted[0][1] == request


async def test_puts_aside_a_batch_whose_request_cannot_be_had() -> None:
    artefacts = FakeArtefacts()
    ref = await artefacts.put("request", b"not a request", media_type="application/json")
    gone = ref.model_copy(update={"key": "gone"})
    events = [
        batch_submitted(request=None),
        batch_submitted(request=None, request_ref=ref),
        batch_submitted(request=None, request_ref=gone),
    ]

    news = await reader(artefacts).read([record(event) for event in events])

    kinds = [type(error) for _, error in news.bad]
    assert kinds == [InvalidEventError, InvalidRequestError, InvalidRequestError]


async def test_puts_aside_what_it_does_not_fold() -> None:
    event = BatchesProgress(
        batch_id=BATCH, user_id=USER, seq=1, state=BatchState.QUEUED, counts=BatchCounts()
    )

    news = await reader().read([record(event)])

    assert len(news.bad) == 1
