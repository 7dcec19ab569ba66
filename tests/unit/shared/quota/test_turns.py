from shared.quota import turn
from shared.quota.turns import Turns


def test_a_small_batch_is_not_stuck_behind_a_large_one() -> None:
    turns: Turns[str] = Turns()
    for number in range(2_000):
        turns.add("large", f"large {number}")
    for number in range(3):
        turns.add("small", f"small {number}")

    first = [turns.next() for _ in range(6)]

    assert first == ["large 0", "small 0", "large 1", "small 1", "large 2", "small 2"]


def test_everything_that_waits_has_its_turn_once() -> None:
    turns: Turns[int] = Turns()
    for number in range(30):
        turns.add(str(number % 4), number)

    taken = [turns.next() for _ in range(len(turns))]

    assert sorted(item for item in taken if item is not None) == list(range(30))
    assert (turns.next(), len(turns)) == (None, 0)


def test_of_one_user_what_was_taken_up_first_goes_first_however_often_it_asks() -> None:
    turns: Turns[str] = Turns()
    for taken_up, item in ((2, "second job"), (3, "third job"), (1, "first job, again")):
        turn.set(taken_up)
        turns.add("one", item)
    turn.set(9)
    turns.add("other", "late")

    order = [turns.next() for _ in range(4)]

    assert order == ["first job, again", "late", "second job", "third job"]


def test_who_had_many_lets_a_few_of_another_pass() -> None:
    turns: Turns[str] = Turns()
    for number in range(100):
        turns.add("large", f"large {number}")
    for _ in range(20):
        turns.next()
    for number in range(6):
        turns.add("small", f"small {number}")

    taken = [turns.next() or "" for _ in range(8)]

    assert sum(name.startswith("small") for name in taken) == 6


def test_a_stream_of_newcomers_keeps_nobody_waiting_for_ever() -> None:
    turns: Turns[str] = Turns()
    for _ in range(100):
        turns.add("large", "large")
    for _ in range(20):
        turns.next()

    taken = []
    for number in range(40):
        turns.add(f"newcomer {number}", "newcomer")
        taken.append(turns.next())

    assert taken.count("large") >= 5
