"""All emulators in one process, on ports of their own."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bench.emulators import control, gemini, openai, tts_grpc, tts_rest
from bench.emulators.behaviour import Behaviour
from bench.emulators.calls import CallLog
from bench.emulators.desk import Desk
from bench.emulators.wires import KeepsTransport


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where they listen.

    Attributes:
        gemini: For GEMINI_BASE_URL. The control API is on every http address.
        tts: For GOOGLE_TTS_ENDPOINT: gRPC without TLS.
        tts_rest: The same service over REST.
        openai: For OPENAI_BASE_URL.
    """

    gemini: str
    tts: str
    tts_rest: str
    openai: str


@dataclass(frozen=True, slots=True)
class Ports:
    """Which ports to take; 0 is any that is free."""

    gemini: int = 0
    tts: int = 0
    tts_rest: int = 0
    openai: int = 0


class _Quiet(uvicorn.Server):
    """A server that leaves signals to whoever runs the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@dataclass(slots=True)
class Emulators:
    """`async with Emulators(behaviour) as urls:` runs them; afterwards they are gone."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    ports: Ports = field(default_factory=Ports)
    host: str = "127.0.0.1"
    _desk: Desk = field(init=False)
    _http: list[tuple[_Quiet, asyncio.Task[None]]] = field(default_factory=list, init=False)
    _grpc: grpc.aio.Server | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._desk = Desk(self.behaviour)

    @property
    def log(self) -> CallLog:
        """Return what was asked."""
        return self._desk.log

    def set(self, **changes: Any) -> None:
        """Behave differently from now on in what is named; the rest stays."""
        checked = Behaviour(**changes)
        update = {name: getattr(checked, name) for name in changes}
        self._desk.set(self._desk.behaviour.model_copy(update=update))

    def reset(self) -> None:
        """Behave as at the start, and forget what was asked."""
        self._desk.set(self.behaviour)
        self._desk.forget()

    async def __aenter__(self) -> Addresses:
        desk, ports = self._desk, self.ports
        self._grpc, tts = await tts_grpc.serve(desk, self.host, ports.tts)
        return Addresses(
            gemini=await self._serve(gemini.routes(desk), ports.gemini),
            tts=f"{self.host}:{tts}",
            tts_rest=await self._serve(tts_rest.routes(desk), ports.tts_rest),
            openai=f"{await self._serve(openai.routes(desk), ports.openai)}/v1",
        )

    async def __aexit__(self, *_: object) -> None:
        self._desk.closing.set()
        for server, _task in self._http:
            server.should_exit = True
        await asyncio.gather(*(task for _, task in self._http))
        if self._grpc is not None:
            await self._grpc.stop(None)

    async def _serve(self, routes: Sequence[Route], port: int) -> str:
        app = KeepsTransport(Starlette(routes=[*routes, *control.routes(self._desk)]))
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        listener = socket.create_server((self.host, port), backlog=2_048)
        server = _Quiet(config)
        # It listens already: whoever connects before uvicorn is up waits and is then served.
        self._http.append((server, asyncio.create_task(server.serve(sockets=[listener]))))
        return f"http://{self.host}:{listener.getsockname()[1]}"
