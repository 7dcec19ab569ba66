from uuid import UUID

from services.gateway.telling import RECENT, Telling, text_of
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState

BATCH, USER = UUID(int=1), UUID(int=2)


def progress(seq: int) -> BatchesProgress:
    return BatchesProgress(
        batch_id=BATCH, user_id=USER, seq=seq, state=BatchState.RUNNING, counts=BatchCounts(total=1)
    )


def test_everybody_who_watches_is_told_the_same_object() -> None:
    telling, event = Telling(), progress(1)

    first, second = telling.progress(event), telling.progress(event)

    assert first is second
    assert (first["type"], first["seq"], first["batch_id"]) == ("progress", 1, str(BATCH))


def test_its_text_is_made_once() -> None:
    told = Telling().progress(progress(1))

    assert text_of(told) is text_of(told)


def test_an_event_that_says_the_same_is_another() -> None:
    telling = Telling()

    first, second = telling.progress(progress(1)), telling.progress(progress(1))

    assert first["event_id"] != second["event_id"]


def test_what_is_old_is_made_again() -> None:
    telling, events = Telling(), [progress(seq) for seq in range(RECENT + 1)]
    first = telling.progress(events[0])

    for event in events[1:]:
        telling.progress(event)

    assert telling.progress(events[0]) == first
    assert telling.progress(events[0]) is not first


def test_what_is_for_one_alone_is_encoded_alike() -> None:
    assert text_of({"type": "snapshot", "name": "Olá"}) == '{"type":"snapshot","name":"Olá"}'
