"""One row for each thing a provider may answer, and what it leads to.

The emulator fails, the real client hears it, and what is looked at is who was asked, which
circuit was shut for how long, and what the job is told.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bench.emulators import Addresses, Emulators, Fault, Kind
from bench.emulators.identity import masked
from shared import catalogue, quota
from shared.errors import PipelineError, RateLimitedError, TimedOutError
from shared.providers import llm, tts
from shared.providers.llm import Prompt
from shared.quota.circuits import NAMES
from tests.support.error_rows import (
    GEMINI,
    GEMINI_SPEAKS,
    GOOGLE,
    MIDNIGHT,
    OPENAI,
    OPENAI_WRITES,
    Limited,
    Row,
)
from tests.support.quota import FakeLedger

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS = {"one": "alpha", "two": "alpha", "three": "beta"}
MODELS = ("gemini-3.8-flash", "gemini-3.5-flash-lite")
MASKS = {masked(key): key for key in KEYS}
EVERYONE = ",".join(f"{project}:{key}" for key, project in KEYS.items())
VOICES = {
    "google": "pt-BR-Chirp3-HD-Kore",
    "gemini": "pt-BR-Gemini38-Kore",
    "openai": "openai:pt-BR:nova",
}

Use = Callable[..., Any]


@dataclass(slots=True)
class Client:
    """A provider, and the memory of its pool."""

    ask: Callable[[], Any]
    ledger: FakeLedger


@pytest.fixture
async def use(
    urls: Addresses, emulators: Emulators, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Use]:
    opened: list[Any] = []
    ledger = FakeLedger()
    emulators.set(projects=KEYS)
    monkeypatch.setattr(quota, "Ledger", lambda *_, **__: ledger)
    environment = {
        "QUOTA_LONGEST_WAIT_SECONDS": "5",
        "GEMINI_BASE_URL": urls.gemini,
        "GEMINI_TIMEOUT_SECONDS": "0.3",
        "GEMINI_TTS_TIMEOUT_SECONDS": "0.3",
        "GOOGLE_TTS_ENDPOINT": urls.tts,
        "GOOGLE_TTS_TIMEOUT_SECONDS": "0.3",
        "OPENAI_BASE_URL": urls.openai,
        "OPENAI_API_KEY": "one",
        "OPENAI_MODEL": "gpt",
        "OPENAI_TTS_MODEL": "tts",
        "OPENAI_TIMEOUT_SECONDS": "0.3",
        "OPENAI_TTS_TIMEOUT_SECONDS": "0.3",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def writes(name: str, keys: str = "", models: str = "") -> Client:
        monkeypatch.setenv("GEMINI_API_KEYS", keys)
        monkeypatch.setenv("GEMINI_MODELS", models)
        opened.append(model := llm.create(name))
        prompt = Prompt(task="block", text="Write 200 characters in English.")
        return Client(lambda: model.complete(prompt), ledger)

    def speaks(name: str, keys: str = "") -> Client:
        monkeypatch.setenv("GOOGLE_TTS_API_KEYS", keys)
        monkeypatch.setenv("GEMINI_API_KEYS", keys)
        opened.append(provider := tts.create(name))
        voice = catalogue.voice(VOICES[name])
        return Client(lambda: provider.speak("Uma frase curta.", voice=voice), ledger)

    yield lambda name, **given: (speaks if name.startswith("speech ") else writes)(
        name.removeprefix("speech "), **given
    )
    for each in opened:
        await each.aclose()


def strike(emulators: Emulators, row: Row) -> None:
    # What nobody else would be told is told once: whoever were asked next would serve.
    told: dict[str, Any] = {"project": {"project": "alpha"}, "key": {"key": "one"}}
    emulators.set(faults=[Fault(kind=row.kind, **told.get(row.strikes, {"next": 1}))])


def asked(emulators: Emulators) -> list[str]:
    return [MASKS[call.mask] for call in emulators.log.calls]


def about(seconds: float) -> Any:
    if seconds != MIDNIGHT:
        return pytest.approx(seconds, abs=0.5)
    # With a little room for the nights on which the clock goes back.
    return pytest.approx(12.5 * 3_600, abs=12.6 * 3_600)


def steps(row: Row) -> list[Any]:
    circuit, seconds = row.shuts
    told = {name: ("count", pytest.approx(30)) for name in row.counts}
    if circuit:
        told[circuit] = ("trip", about(seconds))
    return [told[name] for name in NAMES if name in told]


def shut(ledger: FakeLedger) -> list[Any]:
    return [
        (step.what, step.seconds)
        for step in ledger.settled[0].steps
        if step.what in ("trip", "count")
    ]


TABLES = {"gemini": GEMINI, "speech google": GOOGLE, "speech gemini": GEMINI_SPEAKS}
PROVIDERS = [(name, row) for name, rows in TABLES.items() for row in rows]
of_each = pytest.mark.parametrize(
    ("name", "row"), PROVIDERS, ids=[f"{name}-{row.kind}" for name, row in PROVIDERS]
)


@of_each
async def test_a_job_is_told_what_helps_and_the_circuit_of_it_is_shut(
    use: Use, emulators: Emulators, name: str, row: Row
) -> None:
    client = use(name, keys="alpha:one")
    emulators.set(faults=[Fault(kind=row.kind)])

    with pytest.raises(PipelineError) as caught:
        await client.ask()

    assert isinstance(caught.value, row.error)
    assert isinstance(caught.value, RateLimitedError) is (row.error is Limited)
    assert asked(emulators) == ["one"] * row.calls
    assert shut(client.ledger) == steps(row)
    if row.wait is not None:
        told: Any = caught.value
        assert told.retry_after == about(row.wait)


@of_each
async def test_only_who_may_serve_is_asked_next(
    use: Use, emulators: Emulators, name: str, row: Row
) -> None:
    client = use(name, keys=EVERYONE)
    strike(emulators, row)

    if row.then:
        await client.ask()
        assert asked(emulators) == ["one", row.then]
    else:
        with pytest.raises(row.error):
            await client.ask()
        assert asked(emulators) == ["one"]


@pytest.mark.parametrize("row", GEMINI, ids=lambda row: row.kind)
async def test_another_model_is_asked_where_no_key_serves_the_first(
    use: Use, emulators: Emulators, row: Row
) -> None:
    client = use("gemini", keys="alpha:one", models=",".join(MODELS))
    emulators.set(faults=[Fault(kind=row.kind, model=MODELS[0])])

    if row.falls_back:
        answer = await client.ask()
        assert answer.model == MODELS[1]
    else:
        with pytest.raises(row.error):
            await client.ask()
        assert {call.model for call in emulators.log.calls} == {MODELS[0]}


@pytest.mark.parametrize(("kind", "error"), OPENAI_WRITES.items(), ids=OPENAI_WRITES)
async def test_openai_writes_or_says_what_helps(
    use: Use, emulators: Emulators, kind: Kind, error: type[PipelineError]
) -> None:
    client = use("openai")
    emulators.set(faults=[Fault(kind=kind)])

    with pytest.raises(error) as caught:
        await client.ask()

    limited = isinstance(caught.value, RateLimitedError)
    assert limited is (error is Limited)
    # What came too late gets once more, and longer.
    assert len(emulators.log.calls) == (2 if error is TimedOutError else 1)


@pytest.mark.parametrize(("kind", "error"), OPENAI.items(), ids=OPENAI)
async def test_openai_speaks_or_says_what_helps(
    use: Use, emulators: Emulators, kind: Kind, error: type[PipelineError]
) -> None:
    client = use("speech openai")
    emulators.set(faults=[Fault(kind=kind)])

    with pytest.raises(error) as caught:
        await client.ask()

    limited = isinstance(caught.value, RateLimitedError)
    assert limited is (error is Limited)
    # What came too late gets once more, and longer.
    assert len(emulators.log.calls) == (2 if error is TimedOutError else 1)
