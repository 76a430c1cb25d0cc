"""Running the server, on loopback or for others who sign in.

Floor 6. Before it says where it is, it draws the first pages for itself, so that whoever comes
first does not wait for the data version to be opened and for everything to be loaded.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from opsgauge.log.vocabulary import STEPS
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bundle import vega_bundle
from opsgauge.web.app import make_app
from opsgauge.web.counted import WARMING
from opsgauge.web.door import is_loopback, make_door
from opsgauge.web.pages.frame import TEMPLATES

PORT = 8787
FIRST_PAGES = ("/", "/metrics/time_to_resolve", "/tickets", "/checks", "/map")
# Those of the process, which take seconds; what stands out is found a little later (`watching`).
PROCESS_PAGES = ("/paths", "/waiting", "/handoffs", "/causes", "/conformance")
# The catalogue last: it looks at every metric there is.
LATER_PAGES = (*(f"/map?steps={each}" for each in STEPS), *PROCESS_PAGES, "/catalogue")
MOST_WARMING = 60.0  # seconds: on a large workspace what is not drawn by then waits to be asked
MOST_WAITED = 20.0  # seconds: on a large workspace the address comes before the pages are warm


def _speak_plainly() -> None:
    """Log a line per event; a traceback names files and lines, never the values of records."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )


def visit(app: FastAPI, paths: Iterable[str]) -> None:
    """Draw pages and let them go, so that what they need is loaded, compiled and kept.

    Parameters
    ----------
    paths : addresses, with `?` and what follows it
    """

    async def every() -> None:
        for path in paths:
            await app(_scope(path), _nothing_more, _ignored)

    asyncio.run(every())


def _scope(address: str) -> dict[str, Any]:
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", PORT),
        WARMING: True,
    }


async def _nothing_more() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignored(message: Any) -> None:
    pass


def _warm(app: FastAPI, warmed: threading.Event) -> None:
    """Draw the first pages, then make what charts are drawn with, before anyone waits for them."""
    try:
        visit(app, FIRST_PAGES)
    except Exception as wrong:  # noqa: BLE001 - whoever opens that page is told; here it is no fault
        structlog.get_logger().info("not_warmed", reason=str(wrong))
        return
    finally:
        warmed.set()
    vega_bundle()
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)  # compiled once, a tenth of a second for the larger ones
    warm_later(app)


def warm_later(app: FastAPI) -> None:
    """Draw the other pages, one after the other; one that fails keeps none of the others away."""
    begun = time.monotonic()
    for path in LATER_PAGES:
        if time.monotonic() - begun > MOST_WARMING:
            return
        try:
            visit(app, (path,))
        except Exception as wrong:  # noqa: BLE001 - as of the first pages
            structlog.get_logger().info("not_warmed", page=path, reason=str(wrong))


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    ctx: Context,
    host: str,
    port: int,
    ready: Callable[[str, str], None],
    people: bool = False,
) -> None:
    """Serve a workspace until stopped.

    Parameters
    ----------
    ready : told the address once the server listens, and its first pages are warm or take long;
        and the link by which the first administrator is made, "" where there is one
    people : whether one has to sign in; so it is anyway once there is a user, and for an address
        that is reached from other machines
    """
    _speak_plainly()
    settings = ctx.workspace.settings
    door = make_door(ctx, people or not is_loopback(host))
    address = settings.base_url or f"http://{_named(host)}:{port}"
    link = f"{address}/setup?code={door.set_up.code}" if door.set_up else ""
    app, warmed = make_app(ctx, door), threading.Event()
    threading.Thread(target=_warm, args=(app, warmed), daemon=True).start()
    warmed.wait(MOST_WAITED)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
    )
    _Server(config, lambda: ready(address, link)).run()


def _named(host: str) -> str:
    """Return how an address to listen on is written in a link.

    Examples
    --------
    >>> _named("0.0.0.0"), _named("::1"), _named("localhost")
    ('127.0.0.1', '[::1]', 'localhost')
    """
    if host in ("0.0.0.0", "::"):  # noqa: S104 - to be named otherwise
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
