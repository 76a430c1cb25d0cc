"""A desk of sixteen weeks, two teams, and a receiver that takes what is sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from opsgauge.alerts.channels import FILE
from opsgauge.foundation.alerting import AlertRule, Guard
from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import watching
from opsgauge.operations.alerting.drafting import add_rule, switch_on
from opsgauge.operations.context import Context
from tests.alerts.receiver import Receiver, receiving
from tests.conftest import MAPPING, Intake, no_records

MONDAY = date(2026, 1, 5)
WEEKS = 16
NOW = datetime(2026, 4, 27, 9, tzinfo=UTC)  # the Monday after the sixteenth week
LEVELS = """
resolution:
  title: Resolution
  kind: resolution
  agreement: sla
  targets:
    - within: 8 h
"""


class Hand:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.now


def export() -> str:
    """Return the records: team A opens 4, later 12 tickets a week; B always 4; three are open."""
    rows = ["number,at,state,team,who"]
    for week in range(WEEKS):
        for team, many in (("A", 4 if week < 13 else 12), ("B", 4)):
            for n in range(many):
                day = MONDAY + timedelta(days=7 * week + n % 5)
                name = f"{team}{week}-{n}"
                rows.append(f"{name},{day} 08:00,New,{team},x")
                rows.append(f"{name},{day} {12 if team == 'A' else 18}:00,Done,{team},x")
    last = MONDAY + timedelta(days=7 * WEEKS)
    for name, hour, team in (("O1", "00", "A"), ("O2", "02", "B"), ("O3", "06", "B")):
        rows.append(f"{name},{last} {hour}:00,New,{team},x")
    rows.append(f"Z,{last} 07:00,New,A,x")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Return a receiver of web hooks."""
    with receiving() as one:
        yield one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return the desk, imported once."""
    settings = 'alerts_private_hosts = ["127.0.0.1"]\nbase_url = "https://ops.example.org"\n'
    intake = Intake(tmp_path_factory.mktemp("alerts"), settings)
    (intake.workspace.path / "service_levels" / "levels.yaml").write_text(LEVELS)
    intake.takes(export(), mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


@pytest.fixture
def desk(made: Intake, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """Return the desk with new records, and a channel `ops` that leads to the receiver.

    Signals are not looked for: that takes longest, and few tests need them.
    """
    monkeypatch.setattr(watching, "note_signals", lambda _: Noted(0))
    path = made.workspace.path
    for each in path.glob("records.db*"):
        each.unlink()
    (path / "records.db").write_bytes(no_records())
    channels(path, f'ops = "{receiver.url}"\n')
    receiver.came.clear()
    receiver.taken.clear()
    receiver.status, receiver.location = 200, ""
    ctx = Context(
        made.workspace,
        clock=Hand(NOW),
        readers=made.context.readers,
        defined=made.context.catalogue,  # to load it takes longer than most of these tests
    )
    yield ctx
    ctx.database.close()


def channels(path: Path, text: str) -> None:
    """Write the file of channels."""
    file = path / FILE
    file.touch(mode=0o600)
    file.write_text(text)


Add = Callable[..., AlertRule]
RULE = AlertRule(
    name="Many tickets",
    kind="threshold",
    why="The desk drowns.",
    metric="tickets_opened",
    guard=Guard("above", 10.0),
    channel="ops",
    decision="Lend people.",
)


@pytest.fixture
def rule_on(desk: Context) -> Add:
    """Return what drafts a rule, RULE but for what is said, and switches it on."""

    def add(**changed: object) -> AlertRule:
        made = add_rule(desk, replace(RULE, **changed))  # type: ignore[arg-type]
        return switch_on(desk, made.number, "Go.")

    return add
