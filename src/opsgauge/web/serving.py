"""Running the server on loopback.

Floor 6.
"""

import threading
from collections.abc import Callable

import structlog
import uvicorn

from opsgauge.foundation.errors import OpsgaugeError, SettingsWrong
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bundle import vega_bundle
from opsgauge.operations.home import home
from opsgauge.web.app import make_app
from opsgauge.web.auth import is_loopback

PORT = 8787


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


def _warm(ctx: Context) -> None:
    """Open the data version and make what charts are drawn with, before anyone waits for them."""
    try:
        home(ctx)
    except OpsgaugeError as wrong:  # an empty workspace has its own page
        structlog.get_logger().info("not_warmed", reason=wrong.message)
    vega_bundle()


def serve(ctx: Context, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a workspace until stopped.

    Parameters
    ----------
    ready : told the address once the first page has been computed

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
    app = make_app(ctx)
    threading.Thread(target=_warm, args=(ctx,), daemon=True).start()
    ready(f"http://{host}:{port}")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
