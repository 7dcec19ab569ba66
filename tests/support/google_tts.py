"""Cloud Text-to-Speech as far as we call it: a real gRPC server on a free port."""

import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud.texttospeech_v1.types import cloud_tts

# These ship no types.
from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

SERVICE = "google.cloud.texttospeech.v1.TextToSpeech"


@dataclass
class GoogleServer:
    """What was asked, and what to answer. Keys named `429-…`, `bad-…` fail so."""

    endpoint: str = ""
    requests: list[Any] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answer: Callable[[str], bytes] = lambda text: wav(seconds=0.05 * len(text))

    async def synthesize(self, request: Any, context: Any) -> Any:
        key = str(dict(context.invocation_metadata()).get("x-goog-api-key", ""))
        self.requests.append(request)
        self.keys.append(key)
        if (status := _failure(key, request)) is not None:
            await context.abort_with_status(rpc_status.to_status(status))
        text = request.input.text or request.input.markup
        return cloud_tts.SynthesizeSpeechResponse(audio_content=self.answer(text))


@asynccontextmanager
async def serve() -> AsyncIterator[GoogleServer]:
    state = GoogleServer()
    method = grpc.unary_unary_rpc_method_handler(
        state.synthesize,
        request_deserializer=cloud_tts.SynthesizeSpeechRequest.deserialize,
        response_serializer=cloud_tts.SynthesizeSpeechResponse.serialize,
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {"SynthesizeSpeech": method}),)
    )
    state.endpoint = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield state
    finally:
        await server.stop(None)


def wav(*, seconds: float, sample_rate: int = 24_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sample_rate)
        out.writeframes(b"\x00\x10\x00\xf0" * round(seconds * sample_rate / 2))
    return file.getvalue()


def _failure(key: str, request: Any) -> Any:
    if key.startswith("429"):
        return _status(
            code_pb2.RESOURCE_EXHAUSTED,
            "Quota exceeded for quota metric 'Chirp3 requests'",
            error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=17)),
        )
    if key.startswith("bad"):
        return _status(
            code_pb2.INVALID_ARGUMENT,
            f"API key not valid: {key}",
            error_details_pb2.ErrorInfo(reason="API_KEY_INVALID", domain="googleapis.com"),
        )
    if len(request.input.text.encode()) > 5_000:
        return _status(code_pb2.INVALID_ARGUMENT, "longer than the limit of 5000 bytes")
    codes = {"503": code_pb2.UNAVAILABLE, "500": code_pb2.INTERNAL}
    return _status(codes[key[:3]], "try again") if key[:3] in codes else None


def _status(code: int, message: str, *details: Any) -> Any:
    packed = [any_pb2.Any() for _ in details]
    for box, detail in zip(packed, details, strict=True):
        box.Pack(detail)
    return status_pb2.Status(code=code, message=message, details=packed)
