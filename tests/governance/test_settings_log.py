"""Every change of settings leaves a line; a look at them leaves none."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.settings import Settings
from opsgauge.governance.access import LOCAL
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.settings_log import note_settings


@pytest.mark.row("GOV-07")
def test_the_first_settings_are_noted_whole(database: Database, clock: Clock) -> None:
    """So that the first change has something to be compared with."""
    settings = Settings().model_dump()
    line = note_settings(database, clock, LOCAL, settings)
    assert line is not None
    assert (line.action, line.subject) == ("settings:change", "opsgauge.toml")
    assert (line.before, line.after) == (None, settings)


@pytest.mark.row("GOV-07")
def test_a_change_is_noted_with_what_it_was_and_what_it_is(
    database: Database, clock: Clock
) -> None:
    """The line holds the settings that differ, and no others."""
    note_settings(database, clock, LOCAL, Settings().model_dump())
    line = note_settings(database, clock, LOCAL, Settings(zone="Europe/Amsterdam").model_dump())
    assert line is not None
    assert (line.before, line.after) == ({"zone": "UTC"}, {"zone": "Europe/Amsterdam"})


def test_settings_that_did_not_change_leave_no_line(database: Database, clock: Clock) -> None:
    """Opening a workspace a thousand times is no news."""
    note_settings(database, clock, LOCAL, {"zone": "UTC", "engine": "duckdb"})
    assert note_settings(database, clock, LOCAL, {"engine": "duckdb", "zone": "UTC"}) is None
    assert len(lines(database)) == 1


def test_a_setting_that_came_or_went_is_noted(database: Database, clock: Clock) -> None:
    """A newer version may know settings that an older one did not."""
    note_settings(database, clock, LOCAL, {"zone": "UTC", "old": 1})
    line = note_settings(database, clock, LOCAL, {"zone": "UTC", "new": None})
    assert line is not None
    assert (line.before, line.after) == ({"old": 1}, {"new": None})


def test_settings_that_change_back_are_noted_again(database: Database, clock: Clock) -> None:
    """Each change counts, not only the difference from the first."""
    for zone in ("UTC", "Europe/Paris", "UTC"):
        note_settings(database, clock, LOCAL, {"zone": zone})
    assert [line.after for line in lines(database)] == [
        {"zone": "UTC"},
        {"zone": "Europe/Paris"},
        {"zone": "UTC"},
    ]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("postgresql://ana:geheim@host/ops", "postgresql://ana:***@host/ops"),
        ("postgresql://ana:gehe@im@host/ops", "postgresql://ana:***@host/ops"),
        ("postgresql://ana@host:5432/ops", "postgresql://ana@host:5432/ops"),
        ("sqlite:////folder/records.db", "sqlite:////folder/records.db"),
    ],
)
def test_a_password_never_reaches_the_audit(
    database: Database, clock: Clock, told: str, kept: str
) -> None:
    """Who may read the audit must not learn the password of the records."""
    line = note_settings(database, clock, LOCAL, {"records_url": told})
    assert line is not None
    assert line.after == {"records_url": kept}


def test_many_that_notice_the_same_change_leave_one_line(database: Database, clock: Clock) -> None:
    """The server and several commands may see the edited file at the same moment."""
    note_settings(database, clock, LOCAL, {"zone": "UTC"})
    with ThreadPoolExecutor(8) as threads:
        told = list(
            threads.map(
                lambda _: note_settings(database, clock, LOCAL, {"zone": "Europe/Paris"}), range(8)
            )
        )
    assert sum(line is not None for line in told) == 1
    assert verify(database).lines == 2
