"""The Bark model: loaded at the first word, asked by one caller at a time."""

import asyncio
from typing import Any

import numpy as np
import torch
from transformers import AutoProcessor, BarkModel

from shared.catalogue import Voice
from shared.errors import BadSpeechError, RefusedError, TransientError
from shared.providers.tts.base import Capabilities, Speech

# 256 tokens are thirteen seconds, and all that one call says; the rest would be lost unsaid.
MAX_BYTES = 200


class Bark:
    """Suno's Bark."""

    name = "bark"

    def __init__(self, model: str) -> None:
        self._name = model
        self._loaded: tuple[Any, Any] | None = None
        # Two that generate at once take the memory of two, and are no faster.
        self._alone = asyncio.Lock()

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - all are alike
        return Capabilities(
            max_bytes=MAX_BYTES, concurrency=1, billable=False, model=self._name, formats=("pcm",)
        )

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,  # noqa: ARG002 - it has no such dial
        pitch: float = 0.0,  # noqa: ARG002 - nor this one
        style: str = "",  # noqa: ARG002 - it takes no direction
    ) -> Speech:
        async with self._alone:
            return await asyncio.to_thread(self._spoken, text, voice.name)

    async def aclose(self) -> None:
        self._loaded = None

    def _spoken(self, text: str, preset: str) -> Speech:
        processor, model = self._load()
        try:
            inputs = processor(text, voice_preset=preset).to(model.device)
        except (OSError, ValueError) as error:
            raise RefusedError(f"bark: no voice {preset!r} in {self._name}: {error}") from error
        try:
            with torch.inference_mode():
                wave = model.generate(**inputs)
        except torch.OutOfMemoryError as error:
            raise TransientError("bark: the GPU has no memory left") from error
        samples = wave.float().cpu().numpy().reshape(-1)
        if not samples.size:
            raise BadSpeechError("bark: the model said nothing")
        pcm = (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
        rate = int(model.generation_config.sample_rate)
        return Speech(pcm=pcm, sample_rate=rate, model=self._name)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            gpu = torch.cuda.is_available()
            # Half precision halves the memory of a GPU; a processor is slower with it.
            kind = torch.float16 if gpu else torch.float32
            try:
                processor = AutoProcessor.from_pretrained(self._name)
                model = BarkModel.from_pretrained(self._name, dtype=kind)
            except (OSError, ValueError) as error:
                raise RefusedError(
                    f"bark: no weights at BARK_MODEL={self._name}: {error}"[:300]
                ) from error
            self._loaded = processor, model.to("cuda" if gpu else "cpu").eval()
        return self._loaded
