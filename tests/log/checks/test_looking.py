"""All checks are made, each once, and none hides another."""

from dataclasses import replace

import ibis
import pytest

from opsgauge.log.checks import gaps
from opsgauge.log.checks.looking import OF_THE_TABLES, look, look_critical, look_now
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import Seen
from opsgauge.log.tables import TICKETS
from tests.log.checks.desks import desk, office, openings, receipt

CRITICAL = {
    "order_of_moments",
    "negative_durations",
    "future_moments",
    "clock_skew",
    "backlog_adds_up",
}


@pytest.fixture(scope="module")
def records() -> Records:
    """Return a desk with nothing wrong: four weeks of office hours."""
    said = {"team": "Desk", "priority": "2"}
    return desk(openings(office(4, 9), **said), receipts=[receipt(now) for now in ("2026-02-02",)])


def test_every_check_has_a_name_a_title_and_columns_that_exist(records: Records) -> None:
    """No name twice."""
    found = (*look_now(records), *look(records))
    known = {column.name for column in TICKETS.columns} | {"*"}

    assert len({each.id for each in found}) == len(found) == 31
    assert len({each.title for each in found}) == len(found)
    assert all(set(each.columns) <= known for each in found)


def test_a_desk_with_nothing_wrong_passes_them_all(records: Records) -> None:
    """Every one was made, and found nothing."""
    found = (*look_now(records), *look(records))

    assert {each.id: each.state for each in found if each.state != "pass"} == {}
    assert {each.words for each in found if each.compared} == {"Nothing found."}
    # Its list has no links and no count of reopenings, and its weeks are too few.
    idle = {each.id: each.words for each in found if not each.compared}
    assert all(words.startswith("Not compared: ") for words in idle.values())
    volume = {"volume_drift", "distribution_drift"}
    across = {"dangling_links", "names_meet", "counts_agree"}
    assert set(idle) == {"reopen_against_history", *across, *volume}


def test_critical_checks_are_the_same_alone(records: Records) -> None:
    """They are asked for before any number is shown, so they are made without the others."""
    alone = look_critical(records)

    assert {each.id for each in alone} == CRITICAL
    assert set(alone) == {each for each in look(records) if each.critical}


def test_a_check_that_breaks_hides_no_other(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and the other twenty-nine are made."""

    def broken(_: Records) -> Seen:
        raise MemoryError("not enough of it")

    every = [(s, broken if s is gaps.GAPS else c) for s, c in OF_THE_TABLES]
    monkeypatch.setattr("opsgauge.log.checks.looking.OF_THE_TABLES", tuple(every))
    found = {each.id: each for each in look(records)}

    assert found["gaps"].state == "unknown"
    assert "MemoryError: not enough of it" in found["gaps"].words
    assert [each.id for each in found.values() if each.state != "pass"] == ["gaps"]


def test_an_engine_that_lacks_a_table_breaks_only_what_asks_for_it(records: Records) -> None:
    """Links that cannot be read make one check unknown."""
    gone = ibis.table(records.tables.links.schema(), name="gone")
    found = look(replace(records, tables=replace(records.tables, links=gone)))

    assert [each.id for each in found if each.state == "unknown"] == ["dangling_links"]
