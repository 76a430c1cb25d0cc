"""A real server on loopback, and a real browser before it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from opsgauge.foundation.settings import Workspace
from opsgauge.operations.context import Context
from opsgauge.operations.home import home
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app

# The browser asks nobody but the server.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace on a free port of loopback; yield its address."""
    context = Context(workspace, readers=Readers(in_memory=True, remember=True))
    home(context)
    with listening(make_app(context)) as address:
        yield address


@contextmanager
def listening(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Let an application listen on a port of loopback, a free one for 0; yield its address."""
    settings = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


@contextmanager
def browsing() -> Iterator[Browser]:
    """Open the system's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing; 'make chromium' installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
