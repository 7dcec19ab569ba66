"""How languages compare. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from shared import catalogue
from shared.errors import InvalidRequestError

T = TypeVar("T")

# What most languages written with letters come to, where the catalogue does not know one.
_CHARACTERS_PER_SECOND = 14.0


def same(one: str, other: str) -> bool:
    """Return whether a text in `one` needs no adapting for `other`: language and region agree."""
    return _code(one) == _code(other)


def length_in(target: str, *, characters: int, source: str) -> int:
    """Return how long a text should become so that speaking it takes as long as before."""
    return max(1, round(characters * _pace(target) / _pace(source)))


def configured(configs: Mapping[str, T], language: str) -> T | None:
    """Return what `configs` says about `language`: about it exactly, or about any region of it."""
    by_code = {_code(code): said for code, said in configs.items()}
    base = language.split("-")[0].lower()
    return by_code.get(_code(language)) or by_code.get(base)


def _code(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    try:
        # "zh-CN" and "cmn-CN" are two names of one language.
        return catalogue.language(tag).code.lower()
    except InvalidRequestError:
        return tag.lower()


def _pace(language: str) -> float:
    try:
        return catalogue.language(language).characters_per_second
    except InvalidRequestError:
        return _CHARACTERS_PER_SECOND
