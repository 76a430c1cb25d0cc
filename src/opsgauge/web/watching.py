"""The server watches by itself, every so many minutes, where the settings say so.

Floor 6. A round that fails is logged and stops none after it; what it could not send waits.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog
from fastapi import FastAPI

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.governance.access import everywhere
from opsgauge.operations.alerting.watching import Watched, watch
from opsgauge.operations.context import Context
from opsgauge.operations.find import find_ahead
from opsgauge.web.counted import counting

SECONDS = 60  # of a minute
AT_EASE = 30.0  # seconds after the start, when the first pages were drawn, and between two looks
WATCHER = everywhere("watch", "administrator")  # by whom the audit says it was done
LONGEST_GOODBYE = 10.0  # seconds that a stopping server waits for a round
Round = Callable[[Context], Watched]


def rounds(ctx: Context, seconds: float, ended: threading.Event, do: Round = watch) -> None:
    """Do a round every so many seconds, the first at once, until the end."""
    ctx = replace(ctx, actor=WATCHER)
    while not ended.is_set():
        _round(ctx, do)
        ended.wait(seconds)


def _round(ctx: Context, do: Round) -> None:
    log = structlog.get_logger()
    try:
        done = do(ctx)
    except (OpsgaugeError, OSError):
        log.exception("watch_failed")
        return
    failed = {**done.faults, **(done.sent.failed if done.sent else {})}
    if failed:
        log.error("watch_failed", **failed)


def looking_ahead(ctx: Context, ended: threading.Event, every: float = AT_EASE) -> None:
    """Find what stands out in each new data version before anybody asks, until the end."""
    ctx = replace(ctx, actor=WATCHER)
    while not ended.wait(every):
        try:
            find_ahead(ctx)
        except (OpsgaugeError, OSError) as failed:
            structlog.get_logger().info("nothing_found_ahead", why=str(failed))


@asynccontextmanager
async def living(app: FastAPI) -> AsyncIterator[None]:
    """Look ahead while the server runs, watch where the settings say so, note views at the end."""
    ctx: Context = app.state.context
    minutes = ctx.workspace.settings.watch_every
    ended = threading.Event()
    watcher = threading.Thread(target=rounds, args=(ctx, minutes * SECONDS, ended), daemon=True)
    threading.Thread(target=looking_ahead, args=(ctx, ended), daemon=True).start()
    if minutes:
        watcher.start()
    async with counting(app):
        yield
    ended.set()
    if minutes:
        await asyncio.to_thread(watcher.join, LONGEST_GOODBYE)
