"""The process map of four tickets that can be counted by hand."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import ibis.expr.types as ir
import pytest

from opsgauge.analysis.mining.flow_map import arc_rows, conserves, in_business_time, node_rows
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.log.calendars.compiled import compile_calendars
from opsgauge.log.calendars.definition import Calendar, Slot
from opsgauge.log.vocabulary import STEPS
from opsgauge.warehouse.engine import DuckEngine
from tests.analysis.mining.conftest import DAY

HOUR = 3600.0


@pytest.mark.row("MAP-01")
def test_every_step_with_its_counts_and_times(desk: Any) -> None:
    """Entered, tickets, stays, starts, ends, and how long it lasted where it has ended.

    new           1 h (INC1), 30 min (INC2), 4 h (INC3); the hour before INC2's first update is none
    in progress   2 h (INC1), 1 h and 1 h (INC2), and INC3 still
    resolved      three times, each the last
    no phase      10 min (INC4)
    """
    found = desk.rows(node_rows(desk.history, "phase"))

    assert [tuple(row.values())[:6] for row in found] == [
        ("in_progress", 4, 3, 1, 0, 1),
        ("new", 3, 3, 0, 3, 0),
        ("resolved", 3, 3, 0, 0, 3),
        (None, 1, 1, 0, 1, 0),
    ]
    assert [tuple(row.values())[6:] for row in found] == [
        (1 * HOUR, pytest.approx(1.8 * HOUR), pytest.approx(4 / 3 * HOUR), 4 * HOUR),
        (1 * HOUR, pytest.approx(3.4 * HOUR), pytest.approx(5.5 / 3 * HOUR), 5.5 * HOUR),
        (None, None, None, 0.0),
        (600.0, 600.0, 600.0, 600.0),
    ]
    assert list(found[0]) == [
        *("id", "count", "tickets", "stays", "starts", "ends"),
        *("median_seconds", "p90_seconds", "mean_seconds", "total_seconds"),
    ]


@pytest.mark.row("MAP-01")
def test_stays_that_last_are_told_beside_those_that_ended(desk: Any) -> None:
    """INC3 is in progress since noon; the others are done, and stay so for ever."""
    history = desk.history.mutate(open=desk.history.phase != "resolved")
    last = desk.rows(history.filter(history.until.isnull() & history.open))
    until = last[0]["since"].replace(tzinfo=UTC) + timedelta(hours=5)
    found = desk.rows(node_rows(history, "phase", until=until))

    assert len(last) == 1
    assert {row["id"]: row["running_seconds"] for row in found} == {
        "in_progress": 5 * HOUR,
        "new": 0.0,
        "resolved": 0.0,
        None: 0.0,
    }


@pytest.mark.row("MAP-01")
def test_every_way_with_its_counts_and_times(desk: Any) -> None:
    """From update to update, a stay in the step included, nothing from the opening interval."""
    found = desk.rows(arc_rows(desk.history, "phase", with_tickets=True))

    assert [tuple(row.values()) for row in found] == [
        ("new", "in_progress", 3, 3, HOUR, 3.4 * HOUR, 5.5 / 3 * HOUR, 5.5 * HOUR),
        ("in_progress", "resolved", 2, 2, 1.5 * HOUR, 1.9 * HOUR, 1.5 * HOUR, 3 * HOUR),
        ("in_progress", "in_progress", 1, 1, HOUR, HOUR, HOUR, HOUR),
        (None, "resolved", 1, 1, 600.0, 600.0, 600.0, 600.0),
    ]
    assert list(found[0]) == [
        *("from_", "to", "count", "tickets"),
        *("median_seconds", "p90_seconds", "mean_seconds", "total_seconds"),
    ]


def test_a_map_by_team(desk: Any) -> None:
    """Only updates that say so count as a stay; a team that nobody wrote down is a step too."""
    found = desk.rows(arc_rows(desk.history, "team"))

    assert {(row["from_"], row["to"]): row["count"] for row in found} == {
        ("Desk", "Network"): 2,  # INC1, INC2
        ("Network", "Network"): 1,  # INC1
        ("Desk", "Desk"): 2,  # INC2, INC4
        ("Network", "Desk"): 1,  # INC2
        (None, "Network"): 1,  # INC3
    }


def test_nothing_written_twice_is_a_stay(empty_desk: Any) -> None:
    """Two updates without a phase are a stay; the last update is none, whatever stands there."""
    empty_desk.has("INC1", "08:00 -", "09:00 -", "10:00 new", "11:00 -")

    nodes = empty_desk.table(node_rows(empty_desk.history, "phase"))
    arcs = empty_desk.table(arc_rows(empty_desk.history, "phase"))

    assert nodes.select(["id", "count", "stays"]).to_pylist()[0] == {
        "id": None,
        "count": 3,
        "stays": 1,
    }
    assert conserves(nodes, arcs)


def test_a_ticket_that_comes_twice_counts_once_as_a_ticket(empty_desk: Any) -> None:
    """Back and forth: four passages, one ticket; the same number elsewhere is another ticket."""
    empty_desk.has("INC1", "08:00 new", "09:00 resolved", "10:00 new", "11:00 resolved")
    empty_desk.has("INC1", "08:00 new", "09:00 resolved", source="other")

    arcs = empty_desk.rows(arc_rows(empty_desk.history, "phase", with_tickets=True))
    nodes = empty_desk.rows(node_rows(empty_desk.history, "phase"))

    assert [(row["from_"], row["count"], row["tickets"]) for row in arcs] == [
        ("new", 3, 2),
        ("resolved", 1, 1),
    ]
    assert [(row["id"], row["count"], row["tickets"]) for row in nodes] == [
        ("new", 3, 2),
        ("resolved", 3, 2),
    ]


@pytest.mark.row("MAP-02")
@pytest.mark.parametrize("steps", STEPS)
def test_what_comes_in_goes_out(desk: Any, steps: str) -> None:
    """Entered = starts + ways in = ways out + ends, for every kind of step."""
    nodes = desk.table(node_rows(desk.history, steps, with_tickets=False))
    arcs = desk.table(arc_rows(desk.history, steps))

    assert "tickets" not in nodes.column_names
    assert conserves(nodes, arcs)


@pytest.mark.parametrize("hidden", ["start", "middle", "step"])
def test_a_map_of_half_the_rows_does_not_conserve(desk: Any, hidden: str) -> None:
    """Rows may be taken away by whole tickets only; anything else is noticed."""
    rows = desk.history
    kept = {
        "start": rows.filter(rows.seq != 1),
        "middle": rows.filter(~((rows.ticket_id == "INC2") & (rows.seq == 3))),
        "step": rows.filter((rows.phase != "in_progress").fill_null(True)),
    }[hidden]

    nodes, arcs = desk.table(node_rows(kept, "phase")), desk.table(arc_rows(kept, "phase"))

    assert not conserves(nodes, arcs)


def test_a_way_to_a_step_that_is_not_there_does_not_conserve(desk: Any) -> None:
    """Every end of a way has to be a step of the map."""
    nodes = desk.table(node_rows(desk.history, "phase"))
    arcs = desk.table(arc_rows(desk.history, "phase"))

    assert not conserves(nodes.slice(0, 3), arcs)
    assert not conserves(nodes, arcs.slice(0, 3))


def test_a_stay_that_is_no_way_does_not_conserve(desk: Any) -> None:
    """The stays of a step are its way to itself, and are checked as such."""
    nodes = desk.table(node_rows(desk.history, "phase"))
    arcs = desk.table(arc_rows(desk.history, "phase"))
    at = nodes.column_names.index("stays")

    assert not conserves(nodes.set_column(at, "stays", nodes["starts"]), arcs)


def test_a_desk_without_tickets_has_an_empty_map(empty_desk: Any) -> None:
    """Nothing in, nothing out, and nothing wrong."""
    nodes = empty_desk.table(node_rows(empty_desk.history, "team"))
    arcs = empty_desk.table(arc_rows(empty_desk.history, "team"))

    assert (nodes.num_rows, arcs.num_rows) == (0, 0)
    assert conserves(nodes, arcs)


def test_counts_come_back_as_whole_numbers(desk: Any) -> None:
    """Engines widen sums to decimals; counts in an answer are integers."""
    row = desk.rows(node_rows(desk.history, "phase"))[0]

    assert {type(row[name]) for name in ("count", "tickets", "stays", "starts", "ends")} == {int}


def test_ways_are_counted_in_one_pass(desk: Any) -> None:
    """No window, join or distinct count, which would take several times as long on a large log."""
    engine = DuckEngine([])
    sql = engine.sql(arc_rows(desk.history, "team")).upper()
    engine.close()

    assert [word for word in ("OVER", "JOIN", "DISTINCT") if word in sql] == []
    assert sql.count("QUANTILE_CONT") == 1


@pytest.mark.parametrize("of", [node_rows, arc_rows])
def test_a_map_by_unknown_steps_is_refused(
    desk: Any, of: Callable[[ir.Table, str], ir.Table]
) -> None:
    """The message names what there is."""
    with pytest.raises(UnknownColumn, match="no steps by 'assignee'"):
        of(desk.history, "assignee")


@pytest.mark.row("MAP-01")
def test_a_map_by_two_fields(desk: Any) -> None:
    """A phase in a team is a step; what is not written is one too, and the map still conserves.

    in progress with Network: INC1, INC2 at 09:30, INC3; new with Desk: INC1, INC2
    """
    nodes = desk.table(node_rows(desk.history, "phase+team"))
    arcs = desk.table(arc_rows(desk.history, "phase+team", with_tickets=True))

    assert [(n["id"], n["id_2"], n["count"]) for n in nodes.to_pylist()][:2] == [
        ("in_progress", "Network", 3),
        ("new", "Desk", 2),
    ]
    assert ("new", None, "in_progress", "Network", 1, 1) in [
        tuple(row.values())[:6] for row in arcs.to_pylist()
    ]
    assert conserves(nodes, arcs)


@pytest.mark.row("MAP-02")
def test_a_map_by_what_is_looked_up_conserves(desk: Any) -> None:
    """No step is stored beside priorities."""
    history = desk.history.mutate(priority=desk.history.phase)
    nodes, arcs = (
        desk.table(node_rows(history, "priority")),
        desk.table(arc_rows(history, "priority")),
    )

    assert conserves(nodes, arcs)
    assert arcs.to_pylist() == desk.rows(arc_rows(history, "phase"))


@pytest.mark.row("MAP-01")
def test_business_time_is_counted_in_the_place_of_time_elapsed(desk: Any) -> None:
    """The desk opens at 09:00: of INC1's hour as new nothing counts, of INC3's four hours three.

    In progress lasts 2 h (INC1), half an hour and 1 h (INC2), and INC3's lasts since noon: until
    the desk shuts at 13:00 for good that is one hour.
    """
    hours = Calendar("desk", "Desk", "UTC", ((Slot(9 * 60, 13 * 60),),) * 7)
    compiled = compile_calendars([hours], DAY - timedelta(days=1), DAY + timedelta(days=2))
    until = DAY + timedelta(hours=15)
    history = in_business_time(desk.history, "desk", compiled, until)
    tables = compiled.tables()
    nodes = {row["id"]: row for row in desk.rows(node_rows(history, "phase", until=until), tables)}
    arcs = desk.rows(arc_rows(history, "phase"), tables)

    assert nodes["new"]["total_seconds"] == 3 * HOUR
    assert nodes["in_progress"]["total_seconds"] == 3.5 * HOUR
    assert nodes["in_progress"]["running_seconds"] == 1 * HOUR
    assert nodes["in_progress"]["median_seconds"] == 1 * HOUR
    assert nodes["resolved"]["median_seconds"] is None
    told = desk.rows(node_rows(desk.history, "phase"))
    assert [row["count"] for row in nodes.values()] == [row["count"] for row in told]
    assert sum(arc["total_seconds"] for arc in arcs) == 6.5 * HOUR
