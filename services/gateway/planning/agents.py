"""What is wrong with an agent by itself, before any batch uses it."""

from collections.abc import Mapping

from services.gateway.drafts import AgentDraft
from services.gateway.planning.findings import Findings
from shared import catalogue
from shared.errors import InvalidRequestError


def check(agent: AgentDraft, found: Findings) -> None:
    """Note every language and voice of `agent` that is none."""
    _language(agent.language, found, "language")
    seen: dict[str, int] = {}
    for index, language in enumerate(agent.target_languages):
        code = _language(language, found, "target_languages", index)
        first = seen.setdefault(code, index) if code else index
        if first != index:
            found.add(
                f"the same language as /target_languages/{first}; leave one out",
                "target_languages",
                index,
            )
    for field in ("cultural_configs", "glossary"):
        for language in getattr(agent, field):
            _language(language, found, field, language)
    check_voices(agent.default_voices, found, "default_voices")


def check_voices(voices: Mapping[str, str], found: Findings, *where: str) -> None:
    """Note every voice that is none, or that does not speak its language."""
    for language, name in voices.items():
        code = _language(language, found, *where, language)
        if code is None:
            continue
        try:
            voice = catalogue.voice(name)
        except InvalidRequestError as error:
            found.add(str(error), *where, language)
            continue
        if voice.language != code:
            detail = f"{voice.id} speaks {voice.language}, not {code}; /v1/voices?language={code}"
            found.add(f"{detail} lists those that do", *where, language)


def _language(text: str, found: Findings, *where: str | int) -> str | None:
    try:
        return catalogue.language(text).code
    except InvalidRequestError as error:
        found.add(str(error), *where)
        return None
