"""The server: warm before it says where it is, and listening when it does."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from opsgauge.log.vocabulary import STEPS
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web import serving as server
from opsgauge.web.app import make_app
from opsgauge.web.serving import FIRST_PAGES, LATER_PAGES, visit
from tests.conftest import Intake
from tests.web.conftest import LOG

Serving = Callable[[Path], str]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Return what starts a server as a user would, and waits for its first line."""
    started: list[subprocess.Popen[str]] = []

    def start(workspace: Path) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [sys.executable, "-m", "opsgauge", "serve", "--port", port]
        server = subprocess.Popen(
            [*command, "--workspace", str(workspace)], stdout=subprocess.PIPE, text=True
        )
        started.append(server)
        assert server.stdout is not None
        line = server.stdout.readline()
        assert f"http://127.0.0.1:{port}" in line
        return f"http://127.0.0.1:{port}"

    yield start
    for one in started:
        one.terminate()
        one.wait(20)
        if one.stdout is not None:
            one.stdout.close()


def test_when_it_says_where_it_is_it_answers(intake: Intake, serving: Serving) -> None:
    """At once, and with a page of the data."""
    intake.takes(LOG)
    address = serving(intake.workspace.path)

    begun = time.monotonic()
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
        page = answer.read().decode()
    assert "Can these numbers be trusted?" in page
    assert time.monotonic() - begun < 5


def test_an_empty_workspace_is_served_too(intake: Intake, serving: Serving) -> None:
    """Its first page says what to do."""
    address = serving(intake.workspace.path)

    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
        assert "No tickets have been imported yet" in answer.read().decode()


def test_visiting_pages_opens_and_keeps_what_they_need(intake: Intake) -> None:
    """Afterwards the data version is open and its checks were made."""
    intake.takes(LOG)
    ctx = Context(intake.workspace, readers=Readers(in_memory=True, remember=True))

    # In a thread of its own: a browser's journey may have left a loop running in this one.
    visiting = Thread(target=visit, args=(make_app(ctx), FIRST_PAGES))
    visiting.start()
    visiting.join()

    opened = ctx.opened()
    assert ("checks", ctx.scope) in opened.memo
    assert opened.answers is not None
    kept = [key for key in opened.answers.kept if isinstance(key, tuple)]
    assert {"home", "map"} <= {key[0] for key in kept}


def test_pages_are_visited_with_what_follows_the_question_mark(intake: Intake) -> None:
    """The map by teams is another than that by phases."""
    intake.takes(LOG)
    ctx = Context(intake.workspace, readers=Readers(in_memory=True, remember=True))

    visiting = Thread(target=visit, args=(make_app(ctx), LATER_PAGES))
    visiting.start()
    visiting.join()

    answers = ctx.opened().answers
    assert answers is not None
    maps = {key[2] for key in answers.kept if isinstance(key, tuple) and key[0] == "map"}
    assert maps == set(STEPS)


def test_a_page_that_fails_keeps_none_of_the_others_cold(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is drawn on its own, and after a while no more are begun."""
    drawn: list[str] = []

    def drawing(app: object, paths: Iterable[str]) -> None:
        drawn.extend(paths)
        if drawn[-1] == "/paths":
            raise RuntimeError("broken")

    monkeypatch.setattr(server, "visit", drawing)
    server.warm_later(make_app(intake.context))
    assert drawn == list(LATER_PAGES)

    drawn.clear()
    monkeypatch.setattr(server, "MOST_WARMING", -1.0)
    server.warm_later(make_app(intake.context))
    assert drawn == []
