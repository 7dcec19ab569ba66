"""What the API's document says in words only: loaded by schemathesis, not by our tests."""

import schemathesis
from hypothesis import strategies as st

from services.gateway import cursors

# A cursor is opaque: only one that was given out is one.
MOMENT = "2026-11-20T12:00:00+00:00"
NEWEST_FIRST = cursors.encode(MOMENT, "0d7f3f0e-54a1-4a7e-9a53-1d2f8a3a1f6b")

schemathesis.openapi.format("cursor", st.just(NEWEST_FIRST))
schemathesis.openapi.format("place", st.just(cursors.encode(3)))
schemathesis.openapi.format("email", st.uuids().map(lambda one: f"{one.hex}@example.com"))
# Names of the catalogue; what is none is asked for often enough elsewhere.
schemathesis.openapi.format("language-tag", st.sampled_from(["pt-BR", "en-US"]))
schemathesis.openapi.format("provider", st.sampled_from(["google", "espeak"]))
