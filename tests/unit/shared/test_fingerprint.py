import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artefacts import fingerprint
from tests.support.builders import agent

TEXTS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(), min_size=1)


def test_says_the_same_of_the_same() -> None:
    assert fingerprint("script/1", title="x", agent=agent()) == fingerprint(
        "script/1", agent=agent(), title="x"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"title": "y"},
        {"title": "x", "aspect": ""},
        {"title": ["x"]},
        {"title": "x", "agent": agent(name="Other").model_dump()},
    ],
)
def test_anything_that_differs_makes_it_differ(other: dict[str, object]) -> None:
    assert fingerprint("script/1", title="x") != fingerprint("script/1", **other)


def test_a_new_version_is_a_new_name() -> None:
    assert fingerprint("script/1", title="x") != fingerprint("script/2", title="x")


@given(TEXTS, TEXTS)
def test_no_two_inputs_share_a_name(one: dict[str, str], two: dict[str, str]) -> None:
    assert (fingerprint("k", **one) == fingerprint("k", **two)) == (one == two)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="canonical"):
        fingerprint("script/1", title=object())
