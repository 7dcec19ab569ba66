import inspect
import re
from pathlib import Path

from services.gateway import errors, rendering, site, voice_refresh

WORDS = Path(site.__file__).parent / "web" / "src" / "design" / "problemText.ts"


def test_the_web_ui_has_words_for_every_problem() -> None:
    own = {
        each.code
        for each in (*vars(errors).values(), *vars(voice_refresh).values())
        if inspect.isclass(each) and issubclass(each, errors.ApiError)
    }
    made = set(
        re.findall(r'"([a-z]+(?:_[a-z]+)*)"', "\n".join(_codes(inspect.getsource(rendering))))
    )

    said = set(re.findall(r"^  (\w+): \"problem\.", WORDS.read_text(), re.MULTILINE))

    assert made
    assert (own | made) - said == set()


def _codes(source: str) -> list[str]:
    return [line for line in source.splitlines() if ".code" in line and "= " in line]
