"""The server watches by itself where the settings say so, and a round that fails ends nothing."""

import threading
from pathlib import Path

from fastapi.testclient import TestClient

from opsgauge.foundation.errors import Fault
from opsgauge.foundation.settings import make_workspace
from opsgauge.operations.alerting.watching import LOCK, Watched
from opsgauge.operations.context import Context
from opsgauge.web import watching
from opsgauge.web.app import make_app


def test_rounds_go_on_after_one_that_failed(tmp_path: Path) -> None:
    """Each is done by the watcher, whoever started the server."""
    ended, done = threading.Event(), []

    def do(ctx: Context) -> Watched:
        done.append(ctx.actor.name)
        if len(done) == 3:
            ended.set()
        raise Fault("The disk is gone.")

    watching.rounds(Context(make_workspace(tmp_path / "one")), 0.0, ended, do)
    assert done == ["watch"] * 3


def test_a_server_watches_only_where_the_settings_say_so(tmp_path: Path) -> None:
    """As long as it runs."""
    for minutes, looked in ((0, False), (60, True)):
        workspace = make_workspace(tmp_path / f"every-{minutes}", f"watch_every = {minutes}\n")
        with TestClient(make_app(Context(workspace)), base_url="http://127.0.0.1:8787"):
            pass
        assert (workspace.path / LOCK).exists() is looked
