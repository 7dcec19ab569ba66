import json
from uuid import uuid4

from shared.events import JobsRequested, ScriptAdapted
from shared.runtime.envelope import addressed_to, decode, headers_of
from shared.runtime.redrive import body_again, headers_again
from tests.support.builders import script_adapted
from tests.support.letters import due
from tests.support.records import Record


def read(body: bytes, headers: dict[str, str]) -> ScriptAdapted:
    encoded = [(name, value.encode()) for name, value in headers.items()]
    return decode(ScriptAdapted, body, encoded, topic="script.adapted", partition=0, offset=99)


def letter(headers: dict[str, str]) -> Record:
    return Record("dead", b"", headers=[(name, value.encode()) for name, value in headers.items()])


def test_a_job_begins_a_new_run_with_events_of_its_own() -> None:
    event = script_adapted(parking=2, failed_tries=1)
    again = due(event_id=event.event_id, job_id=event.job_id, run=4)
    headers = headers_again(letter(headers_of(event, "adapter") | {"dead_code": "bug"}), again)

    body = body_again(event.model_dump_json().encode(), headers, again)

    found = read(body, headers)
    assert (found.job_id, found.run, found.caused_by) == (event.job_id, 4, event.event_id)
    assert (found.parking, found.failed_tries) == (0, 0)
    assert found.event_id != event.event_id
    assert headers["ce_id"] == str(found.event_id)
    assert found.text == event.text
    assert "dead_code" not in headers


def test_sending_it_twice_is_the_same_event_twice() -> None:
    event = script_adapted()
    again = due(event_id=event.event_id, job_id=event.job_id)
    value = event.model_dump_json().encode()

    assert body_again(value, {}, again) == body_again(value, {}, again)


def test_only_the_service_that_failed_is_meant() -> None:
    headers = headers_again(letter({}), due(service="scripter", number=3))

    encoded = [(name, value.encode()) for name, value in headers.items()]
    assert addressed_to(encoded, "scripter")
    assert not addressed_to(encoded, "aggregator")
    assert headers["redrive_number"] == "3"


def test_the_job_of_a_foreign_record_stays_its_job() -> None:
    value = json.dumps({"title": "Bees", "language": "pt-BR", "x-own": 1}).encode()
    again = due(job_id=uuid4())

    body = body_again(value, {}, again)

    found = decode(JobsRequested, body, (), topic="jobs.requested", partition=9, offset=1)
    assert found.job_id == again.job_id
    assert json.loads(body)["x-own"] == 1


def test_structured_mode_stays_structured() -> None:
    headers = {"content-type": "application/cloudevents+json"}
    value = json.dumps({"specversion": "1.0", "id": "1", "data": {"title": "Bees"}}).encode()

    body = json.loads(body_again(value, headers, again := due()))

    assert body["specversion"] == "1.0"
    assert body["data"]["job_id"] == str(again.job_id)


def test_what_is_no_event_goes_back_byte_for_byte() -> None:
    assert body_again(b"\xff{", {}, due(run=None, job_id=None)) == b"\xff{"
