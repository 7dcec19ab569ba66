"""Cloud Text-to-Speech over REST: text:synthesize and voices."""

import json

from google.cloud.texttospeech_v1.types import cloud_tts

# It ships no types.
from google.protobuf import json_format
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.emulators import tts, wires
from bench.emulators.desk import Asked, Desk
from bench.emulators.kinds import Kind
from bench.emulators.problems import Problem


def routes(desk: Desk) -> list[Route]:
    """Return the routes of the REST API."""
    api = _Rest(desk)
    return [
        Route("/{version}/text:synthesize", api.synthesize, methods=["POST"]),
        Route("/{version}/voices", api.voices, methods=["GET"]),
    ]


class _Rest:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def synthesize(self, request: Request) -> Response:
        try:
            asked = cloud_tts.SynthesizeSpeechRequest.from_json(
                (await request.body()).decode(), ignore_unknown_fields=False
            )
        except (json_format.ParseError, json.JSONDecodeError, UnicodeDecodeError) as error:
            return _failed(Problem(400, "INVALID_ARGUMENT", f"Invalid JSON payload: {error}"))
        call, gone = tts.asked(asked, _key(request)), wires.leaving(request)
        async with self._desk.receive(call, gone) as admission:
            kind = admission.kind
            # What is garbage here is in the audio: over gRPC there is nothing else to spoil.
            if kind is not Kind.GARBAGE and (broken := wires.broken(request, kind)):
                admission.call.status = broken.status_code
                return broken
            problem = tts.refusal(asked, admission)
            admission.call.status = problem.code if problem else 200
            if problem is not None:
                return _failed(problem)
            content = await tts.synthesized(self._desk, asked, kind)
            answer = cloud_tts.SynthesizeSpeechResponse(audio_content=content)
            text = cloud_tts.SynthesizeSpeechResponse.to_json(answer, indent=None)
            return Response(text, media_type="application/json")

    async def voices(self, request: Request) -> Response:
        key = _key(request)
        asked = Asked(provider="tts", operation="voices", model="", key=key, fingerprint="voices")
        async with self._desk.receive(asked) as admission:
            problem = tts.failure(admission)
            admission.call.status = problem.code if problem else 200
        if problem is not None:
            return _failed(problem)
        found = tts.voices_of(request.query_params.get("languageCode", ""))
        answer = cloud_tts.ListVoicesResponse(voices=found)
        text = cloud_tts.ListVoicesResponse.to_json(
            answer, indent=None, use_integers_for_enums=False
        )
        return Response(text, media_type="application/json")


def _key(request: Request) -> str:
    return request.headers.get("x-goog-api-key") or request.query_params.get("key", "")


def _failed(problem: Problem) -> Response:
    return JSONResponse(problem.body, status_code=problem.code)
