import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scripter import plan
from shared.errors import TransientError


def answer(*targets: float) -> str:
    blocks = [{"heading": "H", "goal": "G", "target_characters": target} for target in targets]
    return json.dumps({"blocks": blocks})


@pytest.mark.parametrize(("characters", "blocks"), [(100, 1), (1600, 1), (1601, 2), (10**9, 200)])
def test_long_scripts_have_more_blocks(characters: int, blocks: int) -> None:
    assert plan.how_many(characters, block_characters=1600) == blocks


def test_lengths_are_fitted_to_what_was_asked() -> None:
    blocks = plan.read(answer(500, 1000, 500), characters=4000)

    assert [block.characters for block in blocks] == [1000, 2000, 1000]


def test_blocks_without_lengths_share_alike() -> None:
    blocks = plan.read('{"blocks": [{"heading": "A"}, {"heading": "B"}]}', characters=3000)

    assert [(block.heading, block.characters) for block in blocks] == [("A", 1500), ("B", 1500)]


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{}", '{"blocks": []}', answer(-1), answer(*[1] * 201)]
)
def test_what_is_not_a_plan_is_asked_again(text: str) -> None:
    with pytest.raises(TransientError, match="plan"):
        plan.read(text, characters=1000)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50), st.integers(100, 200_000))
def test_blocks_always_come_to_the_whole(targets: list[int], characters: int) -> None:
    blocks = plan.read(answer(*targets), characters=characters)

    assert sum(block.characters for block in blocks) == pytest.approx(characters, abs=len(blocks))
    assert all(block.characters >= 1 for block in blocks)
