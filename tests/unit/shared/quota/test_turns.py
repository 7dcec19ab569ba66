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
