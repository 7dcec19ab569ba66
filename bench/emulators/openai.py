"""Any OpenAI-compatible server: chat completions, speech and the list of models."""

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.emulators import openai_answers, openai_errors, wires
from bench.emulators.audio_files import encode
from bench.emulators.calls import fingerprint
from bench.emulators.desk import Admission, Asked, Desk
from bench.emulators.gemini_answers import tokens
from bench.emulators.kinds import Kind
from bench.emulators.tones import RATE, Manner, speak, spoil

MODELS = ("gpt-emulated", "tts-emulated")
_MEDIA = {
    "mp3": ("MP3", "audio/mpeg"),
    "opus": ("OGG_OPUS", "audio/opus"),
    "aac": ("AAC", "audio/aac"),
    "flac": ("FLAC", "audio/flac"),
    "wav": ("LINEAR16", "audio/wav"),
    "pcm": ("PCM", "audio/pcm"),
}
_LONGEST = 4_096


def routes(desk: Desk) -> list[Route]:
    """Return the routes of the API, under `/v1`."""
    api = _OpenAI(desk)
    return [
        Route("/v1/models", api.models, methods=["GET"]),
        Route("/v1/chat/completions", api.chat, methods=["POST"]),
        Route("/v1/audio/speech", api.speech, methods=["POST"]),
    ]


class _OpenAI:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def models(self, _: Request) -> Response:
        listed = [
            {"id": name, "object": "model", "created": 0, "owned_by": "bench"} for name in MODELS
        ]
        return JSONResponse({"object": "list", "data": listed})

    async def chat(self, request: Request) -> Response:
        body = await _body(request)
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            return openai_errors.invalid("Missing required parameter: 'messages'.", "messages")
        asked = _asked(request, body, "chat", openai_answers.said(messages))
        async with self._desk.receive(asked, wires.leaving(request)) as admission:
            response = _bad(request, admission) or openai_answers.chat(
                body, admission.kind, asked.fingerprint
            )
            admission.call.status = response.status_code
            return response

    async def speech(self, request: Request) -> Response:
        body = await _body(request)
        text = body.get("input")
        if not isinstance(text, str) or not text:
            return openai_errors.invalid("Missing required parameter: 'input'.", "input")
        if len(text) > _LONGEST:
            said = f"string too long: at most {_LONGEST} characters, got {len(text)}"
            return openai_errors.invalid(said, "input")
        form = str(body.get("response_format") or "mp3")
        if form not in _MEDIA:
            return openai_errors.invalid(f"unknown response_format {form}", "response_format")
        asked = _asked(request, body, "speech", text)
        async with self._desk.receive(asked, wires.leaving(request)) as admission:
            response = _bad(request, admission)
            if response is None:
                audio = await asyncio.to_thread(self._spoken, body, form, admission.kind)
                response = Response(audio, media_type=_MEDIA[form][1])
            admission.call.status = response.status_code
            return response

    def _spoken(self, body: dict[str, Any], form: str, kind: Kind | None) -> bytes:
        manner = Manner(voice=str(body.get("voice", "")), rate=float(body.get("speed") or 1.0))
        samples = spoil(
            speak(body["input"], manner),
            kind,
            keep=self._desk.behaviour.truncated_to,
            times=self._desk.behaviour.repeated_times,
        )
        return encode(samples, RATE, _MEDIA[form][0]) if len(samples) else b""


def _bad(request: Request, admission: Admission) -> Response | None:
    return wires.broken(request, admission.kind) or openai_errors.failed(admission)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}


def _asked(request: Request, body: dict[str, Any], operation: str, text: str) -> Asked:
    key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return Asked(
        provider="openai",
        operation=operation,
        model=str(body.get("model", "")),
        key=key,
        fingerprint=fingerprint("openai", operation, body),
        text=text,
        amount=tokens(text) if operation == "chat" else len(text),
    )
