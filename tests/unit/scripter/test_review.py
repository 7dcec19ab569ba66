import json

import pytest

from services.scripter import review


def test_contradictions_are_gathered_by_block() -> None:
    answer = {
        "contradictions": [
            {"block": 3, "contradiction": "It was Tuesday."},
            {"block": 1, "contradiction": "She is called Ana."},
            {"block": 3, "contradiction": "The ship had sunk."},
        ]
    }

    assert review.read(json.dumps(answer), blocks=3) == {
        1: ["She is called Ana."],
        3: ["It was Tuesday.", "The ship had sunk."],
    }


def test_blocks_that_are_not_there_and_empty_words_are_passed_over() -> None:
    answer = {
        "contradictions": [
            {"block": 0, "contradiction": "x"},
            {"block": 4, "contradiction": "x"},
            {"block": 1, "contradiction": " "},
        ]
    }

    assert review.read(json.dumps(answer), blocks=3) == {}


@pytest.mark.parametrize("answer", ["All is well.", '{"contradictions": "none"}', "[]"])
def test_what_is_no_review_says_nothing(answer: str) -> None:
    assert review.read(answer, blocks=3) is None
