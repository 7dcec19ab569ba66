import pytest

from shared.runtime.processes import Order, Process, Service, State


def there(**states: State) -> dict[str, Process]:
    return {name: Process(name, "narrator", 1.0, state=state) for name, state in states.items()}


def test_nobody_restarts_who_was_not_told_to() -> None:
    service = Service(there(a="ready", b="ready"), {"a": Order(1.0, 2)})

    assert not service.may_go("b")
    assert not Service(service.there).may_go("a")


def test_they_go_one_at_a_time_in_the_order_they_were_told() -> None:
    orders = {"b": Order(1.0, 3), "a": Order(2.0, 3), "c": Order(2.0, 3)}
    three = Service(there(a="ready", b="ready", c="ready"), orders)
    going = Service(there(a="ready", b="stopping", c="ready", d="ready"), orders, went_at=3.0)

    assert [three.may_go(name) for name in "abc"] == [False, True, False]
    assert not any(going.may_go(name) for name in "abcd")


@pytest.mark.parametrize("comes_back", [{}, {"d": "starting"}])
def test_the_next_waits_until_the_one_before_has_come_back(comes_back: dict[str, State]) -> None:
    orders = {"a": Order(1.0, 3), "b": Order(1.0, 3)}

    waits = Service(there(b="ready", c="ready", **comes_back), orders, went_at=2.0)
    goes = Service(there(b="ready", c="ready", d="ready"), orders, went_at=2.0)

    assert not waits.may_go("b")
    assert goes.may_go("b")


def test_the_first_waits_for_nobody_who_was_lost_before() -> None:
    orders = {"a": Order(5.0, 3)}

    assert Service(there(a="ready"), orders).may_go("a")
    assert Service(there(a="ready"), orders, went_at=4.0).may_go("a")


def test_who_is_not_ready_is_not_restarted() -> None:
    assert not Service(there(a="starting", b="ready"), {"a": Order(1.0, 1)}).may_go("a")
