"""Queues over time: lengths, coming, going and ages that add up."""

from datetime import timedelta

import pytest
from hypothesis import given, settings

from opsgauge.analysis.waiting.queues import (
    Average,
    Grid,
    Point,
    Queue,
    aging_rows,
    agings,
    average,
    change_rows,
    grid_of,
    pace_rows,
    queues,
    whole,
)
from opsgauge.analysis.waiting.steps import EVERYWHERE
from opsgauge.warehouse.portable import micros_at
from tests.analysis.waiting.logs import HOUR_US, Log, at, history, tickets
from tests.analysis.waiting.strategies import logs


def grid(log: Log, grain: str = "day") -> Grid:
    """Return the periods of a log."""
    first, last = micros_at(log.periods.first), micros_at(log.end)
    return grid_of(log.periods.period_ends, grain, first, last)


def asked(log: Log, steps: str, grain: str = "day") -> list[Queue]:
    """Return the queues of a log."""
    places = grid(log, grain)
    [rows] = log.tables(change_rows(history, steps, places, log.periods.bucket_us))
    return queues(rows, steps, places)


@pytest.mark.row("MAP-09")
def test_a_queue_day_by_day() -> None:
    """INC1 waits from Monday 18:00 to Tuesday 06:00, INC2 from Monday 12:00 on.

    On Monday's end both wait, 6 and 12 hours old: 9 on average. They waited 18 hours on Monday,
    so 0.75 of a ticket on average; on Tuesday 6 and 12 of the 12 hours that the records hold.
    """
    log = (
        Log(end=at("1 12:00"))
        .has("INC1", "18:00 new Desk", "20:00 new Desk", "1 06:00 resolved Desk")
        .has("INC2", "12:00 new Desk")
    )
    [queue] = asked(log, "phase")
    monday, tuesday = queue.points

    assert (monday.came, monday.went, monday.length, monday.mean_age) == (2, 0, 2, 9.0)
    assert (monday.mean_length, monday.time_us) == (0.75, 18 * HOUR_US)
    assert (tuesday.came, tuesday.went, tuesday.length, tuesday.mean_age) == (0, 1, 1, 24.0)
    assert (tuesday.mean_length, tuesday.time_us) == (1.5, 18 * HOUR_US)


@pytest.mark.row("MAP-09")
def test_the_opening_interval_is_no_step_of_its_own() -> None:
    """Opened at 07:00, new at 08:00: it came once, and went on once."""
    log = Log().has("INC1", "08:00 new -", "09:00 in_progress Desk", opened="07:00")
    found = {queue.name: queue.points[0] for queue in asked(log, "phase")}

    assert (found["new",].came, found["new",].went, found["new",].time_us) == (1, 1, 2 * HOUR_US)
    assert (found["in_progress",].came, found["in_progress",].length) == (1, 1)


@pytest.mark.row("MAP-09", "MAP-19")
@settings(max_examples=6)
@given(logs)
def test_parts_add_up_to_the_whole(log: Log) -> None:
    """In every step the balance holds, and all steps together are the open tickets.

    The time of a step is that of its open rows, to the microsecond, whatever the periods.
    """
    for steps, names in (("team_phase", ("team", "phase")), ("team", ("team",))):
        found = asked(log, steps)
        for queue in found:
            before = 0
            for point in queue.points:
                assert point.length == before + point.came - point.went >= 0
                before = point.length
            spent = sum(
                (micros_at(row["until"] or log.end) - micros_at(row["since"]))
                for row in log.rows
                if row["open"] and tuple(row[name] for name in names) == queue.name
            )
            assert sum(point.time_us for point in queue.points) == spent
        places = grid(log)
        [rows] = log.tables(change_rows(history, EVERYWHERE, places, log.periods.bucket_us))
        for place, point in enumerate(whole(rows, places).points):
            here = [queue.points[place] for queue in found]
            assert point.length == sum(each.length for each in here)
            assert point.time_us == sum(each.time_us for each in here)
            assert point.came <= sum(each.came for each in here)


@pytest.mark.row("MAP-09")
def test_the_age_of_what_is_open_against_what_is_finished() -> None:
    """Finished tickets took 1 and 3 hours; of those open two are older than that, one is not."""
    log = (
        Log(end=at("1 08:00"))
        .has("INC1", "08:00 new Desk", "09:00 resolved Desk")
        .has("INC2", "08:00 new Desk", "11:00 resolved Desk")
        .has("INC3", "08:00 new Desk", "1 06:00 in_progress Network")
        .has("INC4", "1 07:30 new Network")
        .has("INC5", "20:00 new Desk", "1 07:00 new Network")
    )
    [pace] = log.tables(pace_rows(tickets))
    limits = [pace[name][0].as_py() for name in ("p50", "p85", "p95")]
    [rows] = log.tables(aging_rows(history, "team", log.end, limits))
    [network] = agings(rows, "team")

    assert limits == [2 * HOUR_US, pytest.approx(2.7 * HOUR_US), pytest.approx(2.9 * HOUR_US)]
    assert (network.tickets, network.median, network.oldest) == (3, 12.0, 24.0)
    assert (network.here_median, network.beyond) == (1.0, (2, 2, 2))


def test_a_usual_period() -> None:
    """The means of two days; of none there is nothing."""
    points = [Point("a", 2, 0, 2, 0.75, None, 0), Point("b", 1, 2, 1, 1.5, None, 0)]

    assert average(points) == Average(length=1.125, came=1.5, went=1.0)
    assert average([]) is None


def test_the_last_period_ends_with_the_records() -> None:
    """A day that is not over is as long as it was."""
    log = Log(end=at("1 06:00")).has("INC1", "08:00 new Desk")
    places = grid(log)

    assert places.labels == ("2026-01-05", "2026-01-06")
    assert (
        places.ends[1] - places.starts[1]
        == 6 * HOUR_US
        == timedelta(hours=6) / timedelta.resolution
    )
