import pytest

from shared.runtime.processes import Order, Process, State, turn


def there(**states: State) -> dict[str, Process]:
    return {name: Process(name, "narrator", 1.0, state=state) for name, state in states.items()}


def test_nobody_restarts_who_was_not_told_to() -> None:
    assert not turn("a", there(a="ready", b="ready"), {})
    assert not turn("b", there(a="ready", b="ready"), {"a": Order(1.0, 2)})


def test_the_only_one_goes_at_once() -> None:
    assert turn("a", there(a="ready"), {"a": Order(1.0, 1)})


def test_they_go_one_at_a_time_in_the_order_they_were_told() -> None:
    orders = {"b": Order(1.0, 3), "a": Order(2.0, 3), "c": Order(2.0, 3)}
    three = there(a="ready", b="ready", c="ready")

    assert [turn(name, three, orders) for name in "abc"] == [False, True, False]
    going = there(a="ready", b="stopping", c="ready", d="ready")
    assert not any(turn(name, going, orders) for name in "abcd")


@pytest.mark.parametrize("comes_back", [{}, {"d": "starting"}])
def test_the_next_waits_until_the_one_before_has_come_back(comes_back: dict[str, State]) -> None:
    orders = {"a": Order(1.0, 3), "b": Order(1.0, 3)}

    assert not turn("b", there(b="ready", c="ready", **comes_back), orders)
    assert turn("b", there(b="ready", c="ready", d="ready"), orders)


def test_who_is_not_ready_is_not_restarted() -> None:
    assert not turn("a", there(a="starting", b="ready"), {"a": Order(1.0, 1)})
