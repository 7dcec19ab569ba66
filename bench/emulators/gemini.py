"""The Gemini API: generateContent, its stream, countTokens and the list of models."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bench.emulators import gemini_answers, gemini_requests, problems, wires
from bench.emulators.audio_files import encode
from bench.emulators.desk import Admission, Asked, Desk
from bench.emulators.gemini_answers import Answer
from bench.emulators.gemini_requests import MalformedError, Question
from bench.emulators.kinds import ERRORS, Kind
from bench.emulators.problems import Problem
from bench.emulators.tones import RATE, Manner, speak, spoil

SERVICE = "generativelanguage.googleapis.com"
MODELS = (
    "gemini-4-argon",
    "gemini-3.8-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-flash-lite",
    "gemini-2.5-flash",
    "gemini-2.5-flash-lite",
    "gemini-3.8-flash-tts",
    "gemini-3.8-flash-lite-tts",
    "gemini-3.1-flash-tts-preview",
    "gemini-2.5-flash-preview-tts",
)
_GONE = ("gemini-1", "gemini-2.0")
# These answer with bare samples; the later ones with a WAV file.
_BARE = ("gemini-2.", "gemini-3.1")


def routes(desk: Desk) -> list[Route]:
    """Return Gemini's routes, for every version of the API."""
    api = _Gemini(desk)
    return [
        Route("/{version}/models", api.models, methods=["GET"]),
        Route("/{version}/models/{model}", api.model, methods=["GET"]),
        Route("/{version}/models/{model}:generateContent", api.generate, methods=["POST"]),
        Route("/{version}/models/{model}:streamGenerateContent", api.stream, methods=["POST"]),
        Route("/{version}/models/{model}:countTokens", api.count, methods=["POST"]),
    ]


class _Gemini:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def models(self, request: Request) -> Response:
        asked = Asked(
            provider="gemini",
            operation="models",
            model="",
            key=request.headers.get("x-goog-api-key", ""),
            fingerprint="models",
        )
        async with self._desk.receive(asked) as admission:
            kind = admission.kind if admission.kind in ERRORS else None
            problem = problems.general(kind, SERVICE, "") if kind else None
            admission.call.status = problem.code if problem else 200
        if problem is not None:
            return _failed(problem)
        return JSONResponse({"models": [_described(name) for name in MODELS]})

    async def model(self, request: Request) -> Response:
        name = request.path_params["model"]
        if name not in MODELS:
            return _failed(problems.general(Kind.MODEL_GONE, SERVICE, name))
        return JSONResponse(_described(name))

    async def count(self, request: Request) -> Response:
        found = await _question(request, "count")
        if isinstance(found, Problem):
            return _failed(found)
        total = gemini_answers.tokens(found.system + found.text)
        async with self._desk.receive(_asked(request, found, "count")) as admission:
            admission.call.status = 200
            return JSONResponse({"totalTokens": total})

    async def generate(self, request: Request) -> Response:
        return await self._answer(request, streaming=False)

    async def stream(self, request: Request) -> Response:
        return await self._answer(request, streaming=True)

    async def _answer(self, request: Request, *, streaming: bool) -> Response:
        found = await _question(request, "generate")
        if isinstance(found, Problem):
            return _failed(found)
        operation = "speech" if found.audio else "stream" if streaming else "generate"
        asked, gone = _asked(request, found, operation), wires.leaving(request)
        async with self._desk.receive(asked, gone) as admission:
            response = await self._decided(request, found, admission, streaming)
            admission.call.status = response.status_code
            return response

    async def _decided(
        self, request: Request, question: Question, admission: Admission, streaming: bool
    ) -> Response:
        kind = admission.kind
        if broken := wires.broken(request, kind):
            return broken
        if problem := _problem(question, admission):
            return _failed(problem)
        thoughts = self._desk.behaviour.thoughts
        if kind in (Kind.BLOCKED_PROMPT, Kind.NO_CANDIDATES):
            chunks = [gemini_answers.without_candidates(question, kind)]
        else:
            answer = await self._made(question, kind, streaming)
            said = gemini_answers.stream if streaming else gemini_answers.body
            chunks = said(question, answer, thoughts=thoughts)
        return _events(chunks) if streaming else JSONResponse(chunks[0])

    async def _made(self, question: Question, kind: Kind | None, streaming: bool) -> Answer:
        if not question.audio:
            return gemini_answers.written(question, kind)
        bare = streaming or question.model.startswith(_BARE)
        return await asyncio.to_thread(self._spoken, question, kind, bare)

    def _spoken(self, question: Question, kind: Kind | None, bare: bool) -> Answer:
        behaviour = self._desk.behaviour
        samples = spoil(
            speak(question.text, Manner(language=question.language, voice=question.voice)),
            kind,
            keep=behaviour.truncated_to,
            times=behaviour.repeated_times,
        )
        audio = encode(samples, RATE, "PCM" if bare else "LINEAR16")
        mime = f"audio/L16;codec=pcm;rate={RATE}" if bare else "audio/wav"
        return gemini_answers.spoken(audio, mime, len(samples) / RATE, kind)


def _problem(question: Question, admission: Admission) -> Problem | None:
    kind = admission.kind
    if kind is None and question.model.startswith(_GONE):
        kind = Kind.MODEL_GONE
    if kind not in ERRORS or kind is None:
        return None
    if problems.is_quota(kind):
        return problems.gemini_quota(problems.limit(admission), question.model)
    return problems.general(kind, SERVICE, question.model)


async def _question(request: Request, operation: str) -> Question | Problem:
    try:
        body = await request.json()
        return gemini_requests.read(request.path_params["model"], body, operation)
    except MalformedError as error:
        return Problem(400, "INVALID_ARGUMENT", str(error))
    except (json.JSONDecodeError, UnicodeDecodeError):
        said = "Invalid JSON payload received. Unexpected end of string."
        return Problem(400, "INVALID_ARGUMENT", said)


def _asked(request: Request, question: Question, operation: str) -> Asked:
    return Asked(
        provider="gemini",
        operation=operation,
        model=question.model,
        key=request.headers.get("x-goog-api-key") or request.query_params.get("key", ""),
        fingerprint=question.fingerprint,
        text=f"{question.system}\n{question.text}",
        amount=gemini_answers.tokens(question.system + question.text),
        answerable=not question.model.startswith(_GONE),
    )


def _failed(problem: Problem) -> Response:
    return JSONResponse(problem.body, status_code=problem.code)


def _events(chunks: list[dict[str, Any]]) -> Response:
    async def events() -> AsyncIterator[str]:
        for chunk in chunks:
            yield f"data: {json.dumps(chunk, ensure_ascii=False)}\r\n\r\n"
            # Lets the others have a turn: a long answer is many chunks.
            await asyncio.sleep(0)

    return StreamingResponse(events(), media_type="text/event-stream")


def _described(name: str) -> dict[str, Any]:
    speaks = name.endswith("tts") or "-tts-" in name
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "inputTokenLimit": 8_192 if speaks else 1_048_576,
        "outputTokenLimit": 16_384 if speaks else 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }
