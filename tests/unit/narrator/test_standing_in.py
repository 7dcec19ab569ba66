import pytest

from services.narrator.standing_in import MOST_VOICES, StandIns
from shared import catalogue
from shared.errors import (
    BadSpeechError,
    InvalidRequestError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    StoppedError,
    TransientError,
    UnavailableError,
    WrongLanguageError,
)
from shared.events import ScriptAdapted
from shared.providers.tts import Speakers
from shared.quota import last_try
from shared.quota.errors import NoKeyError
from shared.vocabulary import Options
from tests.support.builders import script_adapted

ANYBODY = Speakers(("google", "espeak"))
CHOSEN = catalogue.voice("pt-BR-Chirp3-HD-Kore")


def allowing(**changes: object) -> ScriptAdapted:
    asked = {"voice": CHOSEN.id, "options": Options(other_voices=True)} | changes
    return script_adapted(**asked)


def test_nobody_stands_in_unless_that_is_allowed() -> None:
    event = allowing(options=Options())

    assert StandIns().instead(event, RefusedError("gone"), [CHOSEN], ANYBODY) is None


def test_of_the_same_gender_the_best_family_comes_first() -> None:
    families = ("wavenet", "chirp3-hd")

    choice = StandIns(families).instead(allowing(), RefusedError("gone"), [CHOSEN], ANYBODY)

    assert choice is not None
    assert (choice.voice.family, choice.voice.gender) == ("wavenet", CHOSEN.gender)
    assert choice.voice.language == "pt-BR"
    assert choice.reason.endswith("speaks instead of pt-BR-Chirp3-HD-Kore: gone")


def test_a_voice_that_is_gone_is_replaced_by_one_of_its_family() -> None:
    choice = StandIns().instead(allowing(), RefusedError("gone"), [CHOSEN], ANYBODY)

    assert choice is not None
    assert choice.voice.family == "chirp3-hd"
    assert choice.voice.id != CHOSEN.id


def test_whose_key_is_refused_is_replaced_by_another_family() -> None:
    choice = StandIns().instead(allowing(), NoKeyError("key_invalid"), [CHOSEN], ANYBODY)

    assert choice is not None
    assert choice.voice.family == "neural2"


def test_a_family_of_which_two_failed_is_not_asked_a_third_time() -> None:
    second = catalogue.voice("pt-BR-Chirp3-HD-Aoede")

    choice = StandIns().instead(allowing(), RefusedError("gone"), [CHOSEN, second], ANYBODY)

    assert choice is not None
    assert choice.voice.family != "chirp3-hd"


def test_who_is_unwell_is_not_asked() -> None:
    ill = Speakers(("google", "espeak"), {"google": "its circuit is open"})

    choice = StandIns().instead(allowing(), RefusedError("gone"), [CHOSEN], ill)

    assert choice is not None
    assert choice.voice.id == "espeak:pt-BR"


def test_a_voice_that_nobody_knows_is_replaced_too() -> None:
    event = allowing(voice="pt-BR-Gone-A")

    choice = StandIns().instead(event, InvalidRequestError("no voice"), [], ANYBODY)

    assert choice is not None
    assert "instead of pt-BR-Gone-A: no voice" in choice.reason


def test_there_is_an_end() -> None:
    tried = list(catalogue.voices("pt-BR", "google")[:MOST_VOICES])

    assert StandIns().instead(allowing(), BadSpeechError("noise"), tried, ANYBODY) is None


def test_nobody_may_be_left() -> None:
    nobody = Speakers(())

    assert StandIns().instead(allowing(), RefusedError("gone"), [CHOSEN], nobody) is None


@pytest.mark.parametrize(
    "error",
    [
        StoppedError("paused"),
        UnavailableError("Redis is away"),
        WrongLanguageError("English"),
        RateLimitedError("later", retry_after=20),
        TransientError("503"),
    ],
)
def test_what_is_no_fault_of_a_voice_or_may_heal_is_left_to_the_runtime(
    error: PipelineError,
) -> None:
    assert StandIns().instead(allowing(), error, [CHOSEN], ANYBODY) is None


def test_a_quota_that_is_over_for_long_is_not_waited_for() -> None:
    over = RateLimitedError("the day is over", retry_after=3_600)

    assert StandIns().instead(allowing(), over, [CHOSEN], ANYBODY) is not None


def test_what_has_not_healed_at_the_last_try_will_not() -> None:
    last_try.set(True)

    choice = StandIns().instead(allowing(), TransientError("503"), [CHOSEN], ANYBODY)

    assert choice is not None
    assert choice.voice.family == "neural2"
