"""The control API, the same on every HTTP port: what to do from now on, and what was done."""

from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.emulators.behaviour import Behaviour
from bench.emulators.desk import Desk


def routes(desk: Desk) -> list[Route]:
    """Return the routes that steer `desk`."""

    async def show(_: Request) -> Response:
        return JSONResponse(desk.behaviour.model_dump(mode="json"))

    async def change(request: Request) -> Response:
        try:
            wanted = await request.json()
            desk.set(_changed(desk.behaviour, wanted))
        except (ValidationError, ValueError, TypeError) as error:
            # Never `str(error)`: pydantic quotes what it was given, and that may be a key.
            detail = _without_input(error)
            return JSONResponse({"error": detail}, status_code=422)
        return await show(request)

    async def calls(request: Request) -> Response:
        brief = request.query_params.get("summary")
        return JSONResponse(desk.log.summary() if brief else desk.log.report())

    async def forget(_: Request) -> Response:
        desk.forget()
        return Response(status_code=204)

    return [
        Route("/_control", show, methods=["GET"]),
        Route("/_control", change, methods=["POST"]),
        Route("/_calls", calls, methods=["GET"]),
        Route("/_calls", forget, methods=["DELETE"]),
    ]


def _changed(now: Behaviour, wanted: dict[str, Any]) -> Behaviour:
    # What is not named stays: `{"faults": []}` ends the faults and keeps the quotas.
    wanted = dict(wanted)
    start = Behaviour() if wanted.pop("reset", False) else now
    new = Behaviour.model_validate(wanted)
    return start.model_copy(update={name: getattr(new, name) for name in new.model_fields_set})


def _without_input(error: Exception) -> Any:
    if isinstance(error, ValidationError):
        return error.errors(include_input=False, include_url=False, include_context=False)
    return "a JSON object is expected"
