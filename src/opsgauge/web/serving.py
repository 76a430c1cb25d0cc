"""Running the server on loopback.

Floor 6. Before it says where it is, it draws the first pages for itself, so that whoever comes
first does not wait for the data version to be opened and for everything to be loaded.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from opsgauge.foundation.errors import SettingsWrong
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bundle import vega_bundle
from opsgauge.web.app import make_app
from opsgauge.web.auth import is_loopback
from opsgauge.web.counted import WARMING

PORT = 8787
FIRST_PAGES = ("/", "/metrics/time_to_resolve", "/tickets", "/checks")
LATER_PAGES = ("/catalogue",)  # it looks at every metric there is, which takes seconds
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
    """Draw pages and let them go, so that what they need is loaded, compiled and kept."""

    async def every() -> None:
        for path in paths:
            await app(_scope(path), _nothing_more, _ignored)

    asyncio.run(every())


def _scope(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
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
    visit(app, LATER_PAGES)


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


def serve(ctx: Context, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a workspace until stopped.

    Parameters
    ----------
    ready : told the address once the server listens, and its first pages are warm or take long

    Raises
    ------
    SettingsWrong : the host is reached from elsewhere, which needs sign-in
    """
    if not is_loopback(host):
        raise SettingsWrong(
            f"{host} is reached from other machines, and there is no sign-in yet.",
            hint="Serve on 127.0.0.1.",
        )
    _speak_plainly()
    app, warmed = make_app(ctx), threading.Event()
    threading.Thread(target=_warm, args=(app, warmed), daemon=True).start()
    warmed.wait(MOST_WAITED)
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    _Server(config, lambda: ready(f"http://{host}:{port}")).run()
