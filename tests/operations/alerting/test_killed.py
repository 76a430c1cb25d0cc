"""A round that is killed loses nothing, and sends twice only what it could not note as sent."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsgauge.governance.outbox import letters
from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import watching
from opsgauge.operations.alerting.drafting import add_rule, switch_on
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.context import Context
from tests.alerts.receiver import Receiver
from tests.conftest import MAPPING, Intake
from tests.nurseries import Ask, nursery
from tests.operations.alerting.conftest import RULE, channels, export

LEASE = 0.2  # seconds
SETTINGS = f"""
alerts_private_hosts = ["127.0.0.1"]
alerts_lease = {LEASE}
alerts_retry = 0.01
alerts_retry_at_most = 0.01
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Return what kills rounds."""
    with nursery(Path(__file__).with_name("nursery.py")) as one:
        yield one


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Intake]:
    """Return a desk whose messages are tried again at once."""
    intake = Intake(tmp_path_factory.mktemp("killed"), SETTINGS)
    intake.takes(export(), mapping=MAPPING + "practice: incident\n")
    channels(intake.workspace.path, f'ops = "{receiver.url}"\n')
    yield intake
    intake.close()


@pytest.mark.row("ALR-01")
@pytest.mark.parametrize("at", ["noting", "claiming", "sending", "noting sent"])
def test_a_kill_loses_nothing(
    small: Intake, receiver: Receiver, ask: Ask, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Wherever it falls; the message comes twice only where it fell after the sending, as the same.

    The channel answers 500 for a while as well: that loses nothing either.
    """
    monkeypatch.setattr(watching, "note_signals", lambda _: Noted(0))
    ctx: Context = small.context
    rule = add_rule(ctx, RULE)
    switch_on(ctx, rule.number, "Go.")
    receiver.came.clear()
    receiver.taken.clear()
    assert ask({"workspace": str(small.workspace.path), "at": at, "after": None})["killed"]
    receiver.status = 500
    time.sleep(LEASE)
    watch(ctx, wait=lambda _: None)
    receiver.status = 200
    time.sleep(LEASE)
    assert not watch(ctx, wait=lambda _: None).failed
    mine = [each for each in letters(ctx.database) if each.rule == rule.number]
    assert len(mine) == 1
    assert mine[0].sent_at is not None
    assert [one.key for one in receiver.taken] == [mine[0].key] * (2 if at == "noting sent" else 1)
    assert {one.key for one in receiver.came} == {mine[0].key}
