"""The client of Gemini's speech models: one text, one answer, whichever key can serve it."""

import asyncio

from google.genai import types

from shared.catalogue import Voice
from shared.providers.tts import _gemini_wire as wire
from shared.providers.tts.base import Capabilities, Speech
from shared.quota import Lease, Pool, ProviderError, serve
from shared.vendors.gemini.connection import Connection, answered, options, tokens

# About four minutes of speech, of the eleven that one answer holds; longer texts drift.
MAX_BYTES = 3_500


class Gemini:
    """Gemini's voices, with the keys of a pool."""

    name = "gemini"

    def __init__(self, pool: Pool, *, base_url: str, api_version: str, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._version = api_version
        self._connection = Connection(base_url)

    def capabilities(self, voice: Voice) -> Capabilities:
        return Capabilities(
            max_bytes=MAX_BYTES,
            concurrency=64,
            style=wire.takes_style(voice.model),
            formats=("wav",) if wire.takes_style(voice.model) else ("pcm",),
        )

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,  # noqa: ARG002 - it has no such dial
        pitch: float = 0.0,  # noqa: ARG002 - nor this one
        style: str = "",
    ) -> Speech:
        contents = wire.contents(text, voice, style)

        async def call(lease: Lease) -> Speech:
            answer = await self._asked(contents, voice, lease)
            # Minutes of samples take a while to unpack.
            return await asyncio.to_thread(wire.speech, answer, voice.model, lease.project)

        return await serve(self._pool, call, models=[voice.model], tokens=tokens(text))

    async def aclose(self) -> None:
        await self._pool.aclose()
        await self._connection.aclose()

    async def _asked(
        self, contents: types.Content, voice: Voice, lease: Lease
    ) -> types.GenerateContentResponse:
        try:
            return await self._generate(contents, voice, lease, self._version)
        except ProviderError as error:
            # Where v1 has not learnt of speech yet, v1beta has.
            if self._version == wire.BETA or not wire.is_unknown_field(error):
                raise
        answer = await self._generate(contents, voice, lease, wire.BETA)
        self._version = wire.BETA
        return answer

    async def check(self, secret: str) -> None:
        # The list of models: free, and the least there is to ask.
        how = options(secret, version=self._version, seconds=self._seconds)
        async with answered(secret, seconds=self._seconds):
            config = types.ListModelsConfig(page_size=1, http_options=how)
            await self._connection.sdk.models.list(config=config)

    async def _generate(
        self, contents: types.Content, voice: Voice, lease: Lease, version: str
    ) -> types.GenerateContentResponse:
        secret = lease.key.secret.get_secret_value()
        seconds = self._seconds * lease.patience
        config = wire.config(voice, options(secret, version=version, seconds=seconds))
        async with answered(secret, seconds=seconds):
            return await self._connection.sdk.models.generate_content(
                model=voice.model, contents=contents, config=config
            )
