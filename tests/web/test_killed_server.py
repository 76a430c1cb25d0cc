"""A server that watches by itself, killed at every step of a delivery, loses no alert.

`python -m bench delivery` does the same with `opsgauge serve`, fifty times at random moments.
"""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsgauge.governance.outbox import letters
from opsgauge.operations.alerting.drafting import add_rule, switch_on
from tests.alerts.receiver import Receiver, receiving
from tests.conftest import MAPPING, Intake
from tests.nurseries import Ask, nursery
from tests.operations.alerting.conftest import RULE, channels, export

LEASE = 0.1  # seconds
SETTINGS = f"""
watch_every = 0.001
alerts_private_hosts = ["127.0.0.1"]
alerts_lease = {LEASE}
alerts_retry = 0.01
alerts_retry_at_most = 0.01
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver of web hooks."""
    with receiving() as one:
        yield one


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Return what runs servers."""
    with nursery(Path(__file__).with_name("server_nursery.py")) as one:
        yield one


@pytest.mark.row("ALR-01")
def test_a_server_killed_on_the_way_loses_nothing(
    tmp_path: Path, receiver: Receiver, ask: Ask
) -> None:
    """At each step one server dies; the channel is down for one; the last delivers what waits.

    A message comes twice only where the kill fell between sending and noting, under the same key.
    """
    intake = Intake(tmp_path, SETTINGS)
    intake.takes(export(), mapping=MAPPING + "practice: incident\n")
    channels(intake.workspace.path, f'ops = "{receiver.url}"\n')
    ctx, workspace = intake.context, str(intake.workspace.path)
    switch_on(ctx, add_rule(ctx, RULE).number, "Go.")
    for at in ("noting", "claiming", "sending", "noting sent"):
        assert ask({"workspace": workspace, "at": at})["killed"]
        time.sleep(LEASE)
    assert len(receiver.taken) == 1  # the last of these sent it, and died before it was noted
    receiver.status = 500
    assert ask({"workspace": workspace, "at": None})["killed"]
    assert len(receiver.came) > len(receiver.taken)
    receiver.status = 200
    assert ask({"workspace": workspace, "at": None})["killed"]
    [letter] = letters(ctx.database)
    intake.close()
    assert letter.sent_at is not None
    assert Counter(one.key for one in receiver.taken) == {letter.key: 2}
    assert {one.key for one in receiver.came} == {letter.key}
