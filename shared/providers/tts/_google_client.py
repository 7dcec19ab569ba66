"""Speaks over one gRPC channel, with the keys of a pool."""

import io
import re
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud import texttospeech_v1 as texttospeech
from google.cloud.texttospeech_v1.services.text_to_speech import transports
from google.oauth2.service_account import Credentials

from shared.catalogue import Voice
from shared.catalogue.words import base
from shared.errors import BadSpeechError, RefusedError
from shared.providers.tts import _google_voices
from shared.providers.tts._google_errors import translate
from shared.providers.tts._google_settings import Settings, is_plain
from shared.providers.tts.base import Capabilities, Speech
from shared.quota import Lease, Pool, ProviderError, serve
from shared.quota.outcomes import UNREACHABLE

HOST = "texttospeech.googleapis.com"
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
SAMPLE_RATE = 24_000

# Google's limits are 5,000 and, for Gemini-TTS, 4,000 with the prompt counted apart.
CLASSIC_BYTES = 4_800
GEMINI_BYTES = 4_000
MARKUP_BYTES = 5_000

_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")

# The families with a limit of their own; all others share one.
OWN_QUOTA = frozenset({"chirp3-hd", "neural2", "polyglot", "studio"})

# What one process holds at once in memory; how many a project may have is its quota's business.
CALLS_AT_ONCE = 128
FORMATS = ("wav", "pcm", "mp3", "opus")

# Where Chirp 3 HD reads "[pause]" aloud.
PAUSELESS = frozenset(
    ["bg", "cs", "el", "et", "he", "hr", "hu", "lt", "lv", "pa", "ro", "sk", "sl", "sr", "yue"]
)

# Under what calls are counted that list voices.
LISTING = "voices"

# gRPC takes answers up to 4 MB unless told; a segment of two minutes has more.
CHANNEL = (("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1))


class Google:
    """Google's voices."""

    name = "google"

    def __init__(self, settings: Settings, pool: Pool, *, with_keys: bool) -> None:
        self._settings = settings
        self._pool = pool
        # No key: a service account signs the channel, or an emulator asks for none.
        self._with_keys = with_keys
        self._client: texttospeech.TextToSpeechAsyncClient | None = None

    def capabilities(self, voice: Voice) -> Capabilities:
        if voice.model:
            return Capabilities(
                max_bytes=GEMINI_BYTES, concurrency=CALLS_AT_ONCE, style=True, formats=FORMATS
            )
        chirp = voice.family.startswith("chirp")
        return Capabilities(
            max_bytes=CLASSIC_BYTES,
            rate=True,
            pitch=not chirp,
            concurrency=CALLS_AT_ONCE,
            markup_pauses=voice.family == "chirp3-hd" and base(voice.language) not in PAUSELESS,
            formats=FORMATS,
        )

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        request: dict[str, Any] = {
            "input": _input(text, pauses=self.capabilities(voice).markup_pauses),
            "voice": {"language_code": voice.language, "name": voice.name},
            "audio_config": self._audio_config(voice, rate, pitch),
        }
        if voice.model:
            request["voice"]["model_name"] = voice.model
            if style:
                # Beside the text and not before it: what stands before it is spoken.
                request["input"]["prompt"] = style

        # Before there is a lease: connecting takes longer than a lease's moment lasts.
        self._connected()

        async def call(lease: Lease) -> Speech:
            answer = await self._synthesize(request, self._secret(lease), lease.patience)
            return _speech(answer, voice, lease.project)

        return await serve(self._pool, call, models=[_quota_of(voice)])

    async def voices(self) -> tuple[Voice, ...]:
        self._connected()

        async def call(lease: Lease) -> tuple[Voice, ...]:
            return await self._list("", self._secret(lease))

        return await serve(self._pool, call, models=[LISTING])

    async def check(self, secret: str) -> None:
        # One language's voices: free, and the least there is to ask.
        await self._list("en-US", secret)

    async def aclose(self) -> None:
        await self._pool.aclose()
        if self._client is not None:
            await self._client.transport.close()  # type: ignore[no-untyped-call]  # the SDK has no types

    def _secret(self, lease: Lease) -> str:
        secret = lease.key.secret.get_secret_value()
        if not secret and self._with_keys and not is_plain(self._settings.google_tts_endpoint):
            raise RefusedError("google: there is no key for this user; add one, or name a voice")
        return secret

    def _audio_config(self, voice: Voice, rate: float, pitch: float) -> dict[str, Any]:
        can = self.capabilities(voice)
        config: dict[str, Any] = {"audio_encoding": "LINEAR16", "sample_rate_hertz": SAMPLE_RATE}
        if can.rate and rate != 1.0:
            config["speaking_rate"] = rate
        if can.pitch and pitch:
            config["pitch"] = pitch
        return config

    async def _synthesize(self, request: dict[str, Any], secret: str, patience: float) -> bytes:
        with _translated(secret):
            answer = await self._connected().synthesize_speech(
                request=request, **self._call(secret, patience)
            )
        return bytes(answer.audio_content)

    async def _list(self, language: str, secret: str) -> tuple[Voice, ...]:
        with _translated(secret):
            answer = await self._connected().list_voices(
                request={"language_code": language}, **self._call(secret)
            )
        return _google_voices.read(answer.voices)

    def _call(self, secret: str, patience: float = 1.0) -> dict[str, Any]:
        # The client's own default is to wait for ever.
        return {
            "timeout": self._settings.google_tts_timeout_seconds * patience,
            "retry": None,
            "metadata": (("x-goog-api-key", secret),) if secret else (),
        }

    def _connected(self) -> texttospeech.TextToSpeechAsyncClient:
        # Here and not before: a channel belongs to the event loop it is opened in.
        if self._client is None:
            self._client = texttospeech.TextToSpeechAsyncClient(**self._how())
        return self._client

    def _how(self) -> dict[str, Any]:
        endpoint = self._settings.google_tts_endpoint.removeprefix("https://") or HOST
        if is_plain(endpoint):
            return _over(grpc.aio.insecure_channel(endpoint, CHANNEL))
        if self._with_keys:
            tls = grpc.ssl_channel_credentials()
            return _over(grpc.aio.secure_channel(endpoint, tls, CHANNEL))
        path = self._settings.google_application_credentials
        return {"credentials": _account(path), "client_options": {"api_endpoint": endpoint}}


def _input(text: str, *, pauses: bool) -> dict[str, str]:
    """Return a text as it is, or with a pause where a paragraph ends inside of it."""
    marked = _PARAGRAPH.sub(" [pause long] ", text)
    # Brackets of the text's own would be taken for pauses, or silence what stands in them.
    if pauses and marked != text and "[" not in text and len(marked.encode()) <= MARKUP_BYTES:
        return {"markup": marked}
    return {"text": text}


@contextmanager
def _translated(secret: str) -> Iterator[None]:
    try:
        yield
    except exceptions.GoogleAPICallError as error:
        # Not chained: what grpc prints of an error has the request's metadata in it.
        raise translate(error, secret=secret) from None
    except TransportError as error:
        message = "google: cannot reach the token server"
        raise ProviderError(UNREACHABLE, message) from error
    except GoogleAuthError as error:
        raise RefusedError(f"google: the service account is of no use: {error}") from error


def _account(path: str) -> Any:
    try:
        return Credentials.from_service_account_file(  # type: ignore[no-untyped-call]  # the SDK has no types
            path, scopes=SCOPES
        )
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"google: GOOGLE_APPLICATION_CREDENTIALS is no service account's file: {path}"
        ) from error


def _over(channel: grpc.aio.Channel) -> dict[str, Any]:
    return {"transport": transports.TextToSpeechGrpcAsyncIOTransport(channel=channel)}


def _quota_of(voice: Voice) -> str:
    """Return the name under which Google counts calls of this voice."""
    return voice.model or (voice.family if voice.family in OWN_QUOTA else "classic")


def _speech(answer: bytes, voice: Voice, domain: str) -> Speech:
    try:
        with wave.open(io.BytesIO(answer)) as wav:
            pcm, sample_rate = wav.readframes(wav.getnframes()), wav.getframerate()
    except (wave.Error, EOFError) as error:
        raise BadSpeechError(f"google: the answer is not a WAV file ({error})") from error
    if not pcm:
        raise BadSpeechError("google: the answer holds no audio")
    model = voice.model or voice.family
    return Speech(pcm=pcm, sample_rate=sample_rate, model=model, domain=domain)
