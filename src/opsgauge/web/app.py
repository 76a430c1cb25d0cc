"""The server: pages, API and what both need, put together.

Floor 6. `make_app` takes a context and returns the application; nothing is global.
"""

import json
import math
import traceback
from importlib import resources
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from opsgauge import __version__
from opsgauge.foundation.errors import (
    ColumnsMissing,
    Misuse,
    NotAllowed,
    NotSignedIn,
    NumbersWithheld,
    OpsgaugeError,
    SignInRefused,
    TooManyTries,
    UnknownName,
)
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bundle import vega_bundle
from opsgauge.operations.persons import Looks
from opsgauge.operations.signing_in import whom_to_ask
from opsgauge.operations.uses import UseCounter
from opsgauge.web.api.agreed import router as agreed
from opsgauge.web.api.alerts import router as alerts
from opsgauge.web.api.audit import router as audit
from opsgauge.web.api.baselines import router as baselines
from opsgauge.web.api.causes import router as causes
from opsgauge.web.api.comparing import router as comparing
from opsgauge.web.api.conformance import router as conformance
from opsgauge.web.api.decided import router as decided
from opsgauge.web.api.definitions import router as definitions
from opsgauge.web.api.exchange import router as exchange
from opsgauge.web.api.flow import router as flow
from opsgauge.web.api.forecasting import router as forecasting
from opsgauge.web.api.incoming import router as incoming
from opsgauge.web.api.notes import router as notes
from opsgauge.web.api.objectives import router as objectives
from opsgauge.web.api.paths import router as paths
from opsgauge.web.api.people import router as people
from opsgauge.web.api.published import router as published
from opsgauge.web.api.requests import router as requests
from opsgauge.web.api.routes import router as api
from opsgauge.web.api.signals import router as signals
from opsgauge.web.api.waiting import router as waiting
from opsgauge.web.auth import Gate
from opsgauge.web.door import Door, known_of, make_door
from opsgauge.web.pages.routes import error_page
from opsgauge.web.pages.routes import router as pages
from opsgauge.web.watching import living

log = structlog.get_logger()
API = (
    api,
    definitions,
    requests,
    exchange,
    flow,
    notes,
    forecasting,
    incoming,
    audit,
    published,
    people,
    agreed,
    baselines,
    decided,
    objectives,
    comparing,
    causes,
    conformance,
    signals,
    alerts,
    waiting,
    paths,
)


class Json(JSONResponse):
    """JSON without what JSON cannot say: numbers that are none become null."""

    def render(self, content: Any) -> bytes:
        """Write the content as UTF-8."""
        return json.dumps(_finite(content), ensure_ascii=False, separators=(",", ":")).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value


def make_app(context: Context, door: Door | None = None) -> FastAPI:
    """Return the application that serves one workspace, through the usual door unless told."""
    app = FastAPI(
        title="Opsgauge",
        version=__version__,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        default_response_class=Json,
        lifespan=living,
    )
    app.state.context = context
    app.state.uses = UseCounter(context)
    app.state.looks = Looks(context)
    app.state.door = door or make_door(context)
    app.add_middleware(Gate, door=app.state.door, tell=tell)
    for router in API:
        app.include_router(router)
    app.include_router(pages, include_in_schema=False)
    static = resources.files("opsgauge.web") / "static"
    app.add_api_route("/static/vega.js", _vega, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    app.add_exception_handler(OpsgaugeError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_such_address)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _vega() -> Response:
    return Response(
        vega_bundle(),
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=86400"},
    )


def status_of(wrong: OpsgaugeError) -> int:
    """Return the status that tells an error to a program."""
    if isinstance(wrong, UnknownName):
        return 404
    if isinstance(wrong, NotAllowed):
        return 403
    if isinstance(wrong, NotSignedIn | SignInRefused):
        return 401
    if isinstance(wrong, TooManyTries):
        return 429
    if isinstance(wrong, ColumnsMissing | NumbersWithheld):
        return 409
    return 400 if isinstance(wrong, Misuse) else 500


async def _told(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, OpsgaugeError)  # noqa: S101 - registered for that alone
    if isinstance(wrong, NotAllowed) and known_of(request) is not None:
        served: Context = request.app.state.context
        asked = await run_in_threadpool(whom_to_ask, served)
        wrong = NotAllowed(wrong.message, f"{wrong.hint} {asked}".strip())
    return tell(request, wrong)


def tell(request: Request, wrong: OpsgaugeError) -> Response:
    """Tell an error as the page or the JSON that was asked for."""
    status = status_of(wrong)
    if status == 500:
        log.error("fault", path=request.url.path, message=wrong.message)
    answer = _answer(request, status, wrong.message, wrong.hint, type(wrong).__name__)
    if isinstance(wrong, TooManyTries):
        answer.headers["Retry-After"] = str(wrong.wait_seconds)
    return answer


async def _malformed(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, RequestValidationError)  # noqa: S101 - registered for that alone
    fault = jsonable_encoder(wrong.errors())[0]
    name = ".".join(str(part) for part in fault["loc"][1:])
    return _answer(request, 400, f"{name}: {fault['msg']}.", "", "QueryWrong")


async def _no_such_address(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)  # noqa: S101 - registered for that alone
    words = {404: "There is nothing at this address.", 405: "This address takes no such request."}
    message = words.get(wrong.status_code, str(wrong.detail))
    return _answer(request, wrong.status_code, message, "", "UnknownName")


async def _unexpected(request: Request, wrong: Exception) -> Response:
    reference = uuid4().hex[:8]
    # As text: a log that draws local variables would write out records, for minutes.
    lines = "".join(traceback.format_exception(wrong))
    log.error("unexpected", path=request.url.path, reference=reference, exception=lines)
    message = "The server met something that it was not made for. Nothing was changed."
    hint = "Try once more; if it stays so, the server's log holds more under the reference."
    return _answer(request, 500, message, hint, "Fault", reference)


def _answer(
    request: Request, status: int, message: str, hint: str, kind: str, reference: str = ""
) -> Response:
    """Tell an error as the page or the JSON that was asked for."""
    if request.url.path.startswith("/api/"):
        told = {"message": message, "hint": hint, "kind": kind}
        return Json({"error": told | ({"reference": reference} if reference else {})}, status)
    return error_page(request, status, message, hint, reference)
