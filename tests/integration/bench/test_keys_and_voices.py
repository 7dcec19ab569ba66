"""What a key is told and which voices there are, asked of the emulators by the providers."""

import pytest
from pydantic import SecretStr

from bench.emulators import Addresses, Emulators, Fault, Kind
from deploy.local.service_environment import Endpoints
from shared import catalogue
from shared.errors import RefusedError
from shared.providers import tts

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session")]

SECRET = "alpha:sEcReT-of-somebody"


@pytest.fixture
def emulated(
    emulators: Emulators, urls: Addresses, servers: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> Emulators:
    monkeypatch.setenv("GEMINI_BASE_URL", urls.gemini)
    monkeypatch.setenv("GOOGLE_TTS_ENDPOINT", urls.tts)
    monkeypatch.setenv("REDIS_URL", servers.redis_url)
    return emulators


@pytest.mark.parametrize("provider", ["gemini", "google"])
async def test_a_good_key_works_and_costs_nothing(emulated: Emulators, provider: str) -> None:
    found = await tts.check(provider, SecretStr(SECRET))

    assert found.verdict is None
    assert emulated.log.totals["billable"] == 0


@pytest.mark.parametrize("provider", ["gemini", "google"])
@pytest.mark.parametrize(
    ("fault", "action", "scope"),
    [
        (Kind.KEY_INVALID, "disable", "key"),
        (Kind.KEY_LEAKED, "disable", "key"),
        (Kind.PERMISSION_DENIED, "disable", "key"),
        (Kind.SERVICE_DISABLED, "disable", "project"),
        (Kind.UNAVAILABLE, "retry", "provider"),
    ],
)
async def test_a_bad_key_is_told_what_is_wrong_without_being_shown(
    emulated: Emulators, provider: str, fault: Kind, action: str, scope: str
) -> None:
    emulated.set(faults=[Fault(kind=fault)])

    found = await tts.check(provider, SecretStr(SECRET))

    assert found.verdict is not None
    assert (found.verdict.action, found.verdict.scope) == (action, scope)
    assert found.said.startswith(provider)
    assert SECRET not in found.said


async def test_the_listed_voices_are_those_of_the_catalogue(emulated: Emulators) -> None:
    live = await tts.voices("google")

    news, changes = catalogue.refreshed("google", live)
    assert (news, changes.unlisted, changes.unknown_languages) == ((), (), ())
    assert changes.listed > 1_500


async def test_a_key_that_may_not_list_says_so(
    emulated: Emulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_TTS_API_KEYS", SECRET)
    emulated.set(faults=[Fault(kind=Kind.PERMISSION_DENIED)])

    with pytest.raises(RefusedError) as raised:
        await tts.voices("google")

    assert SECRET.split(":")[1] not in str(raised.value)
