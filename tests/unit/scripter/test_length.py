import pytest

from services.scripter import length
from services.scripter.plan import Block

BLOCKS = tuple(Block(name, "", 1000) for name in "ABC")


@pytest.mark.parametrize(
    ("lengths", "numbers"),
    [
        ((1000, 1000, 1000), []),
        ((900, 900, 900), []),
        ((1100, 1100, 1100), []),
        ((1000, 300, 1000), [2]),
        ((1700, 1000, 1000), [1]),
        # One block makes up for what two lack.
        ((500, 900, 900), [1]),
        ((400, 1000, 500), [1, 3]),
        ((2000, 2000, 2000), [1, 2, 3]),
        # The long one is not what makes the whole too short.
        ((100, 1300, 900), [1]),
    ],
)
def test_the_blocks_that_are_farthest_off_are_written_again(
    lengths: tuple[int, ...], numbers: list[int]
) -> None:
    texts = ["x" * each for each in lengths]

    assert length.to_rewrite(BLOCKS, texts, wanted=3000) == numbers


def test_what_stands_between_blocks_counts() -> None:
    assert length.measured(["abc", "de"]) == len("abc\n\nde")
