"""Everything works without a network: one process, its own store, and no call to anywhere."""

import re
import socket
from importlib import resources
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.conftest import LOG

LOADED = re.compile(r"""(?:src|href|from|import)\s*[=(]?\s*["'](?:https?:)?//""")


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection, also to this machine."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something called the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.row("API-04")
@pytest.mark.usefixtures("cut_off")
def test_import_and_pages_call_nobody(intake: Intake) -> None:
    """From the file to the drawn page, nothing leaves the process."""
    intake.takes(LOG)
    client = TestClient(make_app(Context(intake.workspace)), base_url="http://127.0.0.1")

    for path in ("/", "/metrics/tickets_opened?period=day", "/map", "/tickets", "/checks"):
        assert client.get(path).status_code == 200, path


@pytest.mark.row("API-04")
def test_no_page_loads_anything_from_elsewhere() -> None:
    """No script, style, font or picture of another server."""
    web = resources.files("opsgauge.web")
    files = [
        file
        for folder in (web / "templates", web / "templates" / "parts", web / "static")
        for file in folder.iterdir()
        if file.name.endswith((".html", ".css", ".js", ".svg"))
    ]
    assert len(files) > 10

    for file in files:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not LOADED.search(text), file
        assert "@import" not in text, file
