"""The speech providers of this process: created when first needed, closed at its end."""

import asyncio
from collections.abc import Callable
from typing import Self

from shared.catalogue import Voice
from shared.providers import tts
from shared.providers.tts import TextToSpeech
from shared.quota import Slots


class Cast:
    """Who speaks here. An async context: leaving it closes every provider."""

    def __init__(self, create: Callable[[str], TextToSpeech] = tts.create) -> None:
        self._create = create
        self._creating = asyncio.Lock()
        self._providers: dict[str, TextToSpeech] = {}
        self._slots: dict[str, Slots] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await asyncio.gather(*(provider.aclose() for provider in self._providers.values()))

    async def provider(self, name: str) -> TextToSpeech:
        """Return the provider called `name`."""
        async with self._creating:
            if name not in self._providers:
                # In a thread: a vendor's SDK may take a second to import.
                self._providers[name] = await asyncio.to_thread(self._create, name)
            return self._providers[name]

    async def slots(self, voice: Voice) -> Slots:
        """Return what a call must hold: as many at once as the provider of `voice` likes."""
        provider = await self.provider(voice.provider)
        if voice.provider not in self._slots:
            concurrency = provider.capabilities(voice).concurrency
            self._slots[voice.provider] = Slots(concurrency)
        return self._slots[voice.provider]
