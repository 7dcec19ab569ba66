"""What the API's document says in words only: loaded by schemathesis, not by our tests."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st

from services.gateway import cursors

# A cursor is opaque: only one that was given out is one.
MOMENT = "2026-11-20T12:00:00+00:00"
# The document's example of an Idempotency-Key.
USED = "2026-11-20-space-week"
NEWEST_FIRST = cursors.encode(MOMENT, "0d7f3f0e-54a1-4a7e-9a53-1d2f8a3a1f6b")

schemathesis.openapi.format("cursor", st.just(NEWEST_FIRST))
schemathesis.openapi.format("place", st.just(cursors.encode(3)))
schemathesis.openapi.format("email", st.uuids().map(lambda one: f"{one.hex}@example.com"))
# Names of the catalogue; what is none is asked for often enough elsewhere. The voice speaks this
# language and no other.
schemathesis.openapi.format("language-tag", st.just("pt-BR"))
schemathesis.openapi.format("voice-id", st.just("pt-BR-Chirp3-HD-Kore"))
schemathesis.openapi.format("speech-model", st.just("tts-1"))
schemathesis.openapi.format("uri", st.just("https://example.com/hook"))
# What can be seen of it is said in words.
schemathesis.openapi.format("title", st.sampled_from(["Bees", "O segredo das abelhas"]))
schemathesis.openapi.format("spoken-text", st.sampled_from(["Bees dance.", "Olá!"]))
# Of the time that there can be figures of.
schemathesis.openapi.format("date-time", st.just((datetime.now(UTC) - timedelta(1)).isoformat()))
schemathesis.openapi.format("provider", st.sampled_from(["google", "espeak"]))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Keep to what relates one value to another, or to an earlier request."""
    key = "Idempotency-Key"
    if case.headers and key in case.headers and case.headers[key] == USED:
        # One key stands for one request.
        case.headers[key] = str(uuid4())
    query = case.query or {}
    if "until" in query and "since" in query and _is_moment(query["since"]):
        # By itself it is so many days before the other.
        del query["since"]


def _is_moment(value: Any) -> bool:
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False
