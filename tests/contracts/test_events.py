import json
from pathlib import Path

import pytest

from shared.events import CATALOG, Event
from tests.contracts.asyncapi import document

HERE = Path(__file__).parent
ASYNCAPI = HERE.parents[1] / "docs" / "asyncapi.json"
EVENTS = [pytest.param(event, id=topic) for topic, event in CATALOG.items()]


@pytest.mark.parametrize("event", EVENTS)
def test_every_sample_ever_written_still_means_the_same(event: type[Event]) -> None:
    samples = sorted((HERE / "samples").glob(f"{event.topic.name}.*.json"))
    assert samples, f"write tests/contracts/samples/{event.topic.name}.1.json"

    for sample in samples:
        written = json.loads(sample.read_bytes())
        read = json.loads(event.model_validate(written).model_dump_json(exclude_unset=True))
        assert read == written, f"{sample.name}: a field may be added, never changed or removed"


@pytest.mark.parametrize("event", EVENTS)
def test_the_schema_is_the_one_in_review(event: type[Event]) -> None:
    reviewed = HERE / "schemas" / f"{event.topic.name}.json"
    assert event.model_json_schema() == json.loads(reviewed.read_text()), "run `make contracts`"


@pytest.mark.parametrize("event", EVENTS)
def test_a_class_is_named_after_its_topic(event: type[Event]) -> None:
    words = event.topic.name.split(".")
    assert event.__name__ == "".join(word.capitalize() for word in words)


def test_no_schema_is_left_of_a_topic_that_is_gone() -> None:
    assert {file.stem for file in (HERE / "schemas").glob("*.json")} == set(CATALOG)


def test_the_asyncapi_document_is_the_one_in_review() -> None:
    assert document() == json.loads(ASYNCAPI.read_text()), "run `make contracts`"
