import itertools
from dataclasses import asdict
from typing import Any

from bench.chaos import schedule, verdict
from bench.chaos.billing import Bill, bill
from bench.chaos.load import Watched
from bench.chaos.schedule import MILESTONES
from bench.chaos.storm import went_back
from deploy.local.service import SERVICES


def call(at: float, *, of: str = "a", fault: str = "", delivered: bool = True) -> dict[str, Any]:
    return {
        "fingerprint": of,
        "at": at,
        "seconds": 1.0,
        "fault": fault,
        "billable": True,
        "delivered": delivered,
    }


def test_an_answer_that_was_spoilt_may_be_bought_again() -> None:
    paid = bill([call(0, fault="silent"), call(2)], [])

    assert (paid.billable, paid.unusable, paid.repeated) == (2, 1, 0)


def test_a_good_answer_that_is_bought_again_was_paid_for_twice() -> None:
    paid = bill([call(0), call(50), call(60), call(0, of="b")], [])

    assert (paid.repeated, paid.in_flight, paid.repeated_percent) == (2, 0, 50.0)


def test_what_was_in_flight_when_a_process_went_is_told_apart() -> None:
    outage = [(0.5, 3.0)]

    met = bill([call(0), call(50)], outage)
    never_taken = bill([call(20, delivered=False), call(50)], outage)
    far_from_it = bill([call(20), call(50)], outage)

    assert [each.in_flight for each in (met, never_taken, far_from_it)] == [1, 1, 0]


def test_every_service_is_killed_once_before_one_is_killed_twice() -> None:
    targets = [each.target for each in itertools.islice(schedule.kills(7), 2 * len(SERVICES))]

    assert sorted(targets[: len(SERVICES)]) == sorted(targets[len(SERVICES) :]) == sorted(SERVICES)
    assert targets == [each.target for each in itertools.islice(schedule.kills(7), len(targets))]


def test_a_milestone_is_passed_once() -> None:
    first = schedule.due(11, 100, 0)

    assert [each.target for each in first] == ["narrator-2", "kafka"]
    assert schedule.due(11, 100, len(first)) == []
    assert len(schedule.due(100, 100, len(first))) == len(MILESTONES) - len(first)


def test_progress_that_falls_or_repeats_itself_is_seen() -> None:
    steady, fallen, said_twice = (Watched("", "", 9) for _ in range(3))
    steady.seqs, steady.completed = [1, 2, 5], [0, 3, 3]
    fallen.seqs, fallen.completed = [1, 2, 5], [0, 3, 2]
    said_twice.seqs, said_twice.completed = [1, 2, 2], [0, 3, 3]

    assert [went_back(each) for each in (steady, fallen, said_twice)] == [False, True, True]


def test_each_promise_has_its_word() -> None:
    ills: list[dict[str, Any]] = [
        {"lost": ["a: queued"]},
        {"jobs": 9},
        {"artefacts_twice": ["a"]},
        {"wrong_counts": ["b"]},
        {"went_back": ["c"]},
        {"not_of_the_log": ["d"]},
        {"bill": a_bill(1_000, repeated=6, in_flight=6)},
        {"bill": a_bill(100, repeated=2, in_flight=1)},
    ]

    assert verdict.broken(WELL) == []
    assert [len(verdict.broken(WELL | ill)) for ill in ills] == [1] * len(ills)


def test_of_few_calls_those_that_a_kill_cut_off_are_no_fault() -> None:
    cut_off = {"bill": a_bill(100, repeated=2, in_flight=2)}

    assert verdict.broken({**WELL, **cut_off}) == []


def a_bill(billable: int, *, repeated: int, in_flight: int = 0) -> dict[str, Any]:
    paid = Bill(billable, 0, repeated, in_flight)
    return asdict(paid) | {"repeated_percent": paid.repeated_percent}


WELL: dict[str, Any] = {
    "asked": 10,
    "jobs": 10,
    "lost": [],
    "artefacts_twice": [],
    "wrong_counts": [],
    "went_back": [],
    "not_of_the_log": [],
    "bill": a_bill(1_000, repeated=5),
}
