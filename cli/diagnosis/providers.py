"""Providers: who would write and speak, and whether their keys are taken."""

from cli.diagnosis.findings import Finding, bad, fine, poor
from shared.errors import InvalidRequestError
from shared.providers import llm, load, names, tts
from shared.quota import vault

PART = "providers"
OFFLINE = "offline"


async def check() -> list[Finding]:
    """Try each key of the environment with the least request there is."""
    writer, model = llm.chosen()
    speakers = tts.configured()
    found = [
        poor(PART, "texts are made offline", "set GEMINI_API_KEYS, or LLM and its keys")
        if writer == OFFLINE
        else fine(PART, f"{writer} writes with {model}")
    ]
    if speakers:
        found.append(fine(PART, f"these speak: {', '.join(speakers)}"))
    else:
        found.append(bad(PART, "nobody can speak", "set GOOGLE_TTS_API_KEYS, or install espeak"))
    for name in names(tts):
        found.extend(await _keys(name))
    found.extend(_vault())
    return found


async def _keys(name: str) -> list[Finding]:
    module = load(tts, name)
    if not hasattr(module, "keys") or not hasattr(module, "check"):
        return []
    found = []
    for key in module.keys(module.Settings()):
        checked = await tts.check(name, key.secret)
        label = f"{name}: key {key.id} of project {key.project}"
        if checked.verdict is None:
            found.append(fine(PART, f"{label} is taken"))
        else:
            says = f"{label}: {checked.verdict.reason}: {checked.said[:200]}"
            found.append(bad(PART, says, "replace it, or see to its project's billing and quota"))
    return found


def _vault() -> list[Finding]:
    if not vault.configured():
        return [poor(PART, "users cannot bring keys", "set KEYS_KEK to allow it")]
    try:
        vault.create()
    except InvalidRequestError as error:
        return [bad(PART, str(error), "KEYS_KEK is `kid:base64 of 32 bytes`")]
    return [fine(PART, "keys of users can be sealed")]
