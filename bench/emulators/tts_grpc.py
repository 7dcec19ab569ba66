"""Cloud Text-to-Speech over gRPC, as `google.cloud.texttospeech.v1.TextToSpeech`."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.cloud.texttospeech_v1.types import cloud_tts

# These ship no types.
from google.protobuf import json_format
from google.rpc import (
    code_pb2,
    error_details_pb2,
    status_pb2,
)
from grpc_status import rpc_status

from bench.emulators import tts
from bench.emulators.desk import Asked, Desk
from bench.emulators.kinds import Kind
from bench.emulators.problems import Problem

SERVICE = "google.cloud.texttospeech.v1.TextToSpeech"
_CHANNEL = (
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.so_reuseport", 0),
)
# What grpc itself reports where a connection breaks.
_BROKEN = Problem(503, "UNAVAILABLE", "recvmsg:Connection reset by peer")
# Parsing a Status needs the kinds of its details to be known; importing them does it.
_KNOWN = (error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo)
_CHUNK = 24_000


async def serve(desk: Desk, host: str, port: int) -> tuple[grpc.aio.Server, int]:
    """Start a server; return it and its port."""
    service = _Service(desk)
    unary, both = grpc.unary_unary_rpc_method_handler, grpc.stream_stream_rpc_method_handler
    methods = {
        "SynthesizeSpeech": unary(service.synthesize, **_codec("SynthesizeSpeech")),
        "ListVoices": unary(service.list_voices, **_codec("ListVoices")),
        "StreamingSynthesize": both(service.streaming, **_codec("StreamingSynthesize")),
    }
    server = grpc.aio.server(options=_CHANNEL)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    bound = server.add_insecure_port(f"{host}:{port}")
    await server.start()
    return server, bound


class _Service:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def synthesize(self, request: Any, context: Any) -> Any:
        content, problem = b"", None
        async with self._desk.receive(tts.asked(request, _key(context))) as admission:
            kind = admission.kind
            problem = _broken(kind) or tts.refusal(request, admission)
            if problem is None:
                content = await tts.synthesized(self._desk, request, kind)
            admission.call.status = problem.code if problem else 200
        if problem is not None:
            await _abort(context, problem)
        return cloud_tts.SynthesizeSpeechResponse(audio_content=content)

    async def list_voices(self, request: Any, context: Any) -> Any:
        asked = Asked(
            provider="tts", operation="voices", model="", key=_key(context), fingerprint="voices"
        )
        async with self._desk.receive(asked) as admission:
            problem = _broken(admission.kind) or tts.failure(admission)
            admission.call.status = problem.code if problem else 200
        if problem is not None:
            await _abort(context, problem)
        return cloud_tts.ListVoicesResponse(voices=tts.voices_of(request.language_code))

    async def streaming(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        first = await anext(aiter(requests), None)
        if first is None or not first.streaming_config.voice.language_code:
            said = "The first message must be the streaming_config, and nothing else."
            await _abort(context, Problem(400, "INVALID_ARGUMENT", said))
            return
        key = _key(context)
        async for message in requests:
            async for piece in self._piece(_unary(first.streaming_config, message), key, context):
                yield piece

    async def _piece(self, request: Any, key: str, context: Any) -> AsyncIterator[Any]:
        content, problem = b"", None
        async with self._desk.receive(tts.asked(request, key, "streaming")) as admission:
            problem = _broken(admission.kind) or tts.refusal(request, admission)
            if problem is None:
                content = await tts.synthesized(self._desk, request, admission.kind)
            admission.call.status = problem.code if problem else 200
        if problem is not None:
            await _abort(context, problem)
        for at in range(0, len(content), _CHUNK):
            yield cloud_tts.StreamingSynthesizeResponse(audio_content=content[at : at + _CHUNK])


def _unary(config: Any, message: Any) -> Any:
    """Return what a message of a stream asks for, as a request of its own."""
    audio = config.streaming_audio_config
    return cloud_tts.SynthesizeSpeechRequest(
        input=cloud_tts.SynthesisInput(
            text=message.input.text or None,
            markup=message.input.markup or None,
            prompt=message.input.prompt or None,
        ),
        voice=config.voice,
        audio_config=cloud_tts.AudioConfig(
            audio_encoding=audio.audio_encoding or cloud_tts.AudioEncoding.PCM,
            sample_rate_hertz=audio.sample_rate_hertz,
            speaking_rate=audio.speaking_rate,
        ),
    )


def _broken(kind: Kind | None) -> Problem | None:
    # grpc.aio cannot drop one connection of many; the client is told what it would find.
    return _BROKEN if kind in (Kind.RESET, Kind.HANG) else None


async def _abort(context: Any, problem: Problem) -> None:
    status = {
        "code": code_pb2.Code.Value(problem.status),
        "message": problem.message,
        "details": list(problem.details),
    }
    packed = json_format.ParseDict(status, status_pb2.Status())
    await context.abort_with_status(rpc_status.to_status(packed))


def _key(context: Any) -> str:
    return str(dict(context.invocation_metadata()).get("x-goog-api-key", ""))


def _codec(name: str) -> dict[str, Any]:
    asked = getattr(cloud_tts, f"{name}Request")
    answered = getattr(cloud_tts, f"{name}Response")
    return {
        "request_deserializer": asked.deserialize,
        "response_serializer": answered.serialize,
    }
