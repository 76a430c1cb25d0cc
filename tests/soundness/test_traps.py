"""Traps that give wrong numbers in silence, each walked into on purpose."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from opsgauge.metrics.example import make_desk
from tests.metrics.desks import (
    OF_TICKETS,
    Opened,
    desk_of,
    only,
    open_desk,
    random_lives,
    small_desk,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.row("CAT-06")
def test_a_mean_of_shares_is_never_a_share() -> None:
    """Team A: 1 of 1 reopened, team B: 0 of 9. Together it is 10 %, not the mean of 100 and 0."""
    desk = small_desk(
        {"team": "A", "reopen_count": 1}, *[{"team": "B", "reopen_count": 0} for _ in range(9)]
    )

    assert desk.only("reopened_share").value == 0.1
    assert desk.values("reopened_share", by=("team",)) == {("all", "A"): 1.0, ("all", "B"): 0.0}


def test_a_mean_of_medians_is_never_a_median() -> None:
    """The median of a month is not made of its weeks."""
    hours = [1, 1, 1, 9, 10]
    desk = small_desk(
        *[
            {
                "opened_at": f"2026-01-{5 + (hour > 5) * 7:02} 00:00",
                "resolved_at": datetime(2026, 1, 5 + (hour > 5) * 7, hour, tzinfo=UTC),
            }
            for hour in hours
        ]
    )

    assert desk.values("time_to_resolve", period="week") == {"2026-W02": 1.0, "2026-W03": 9.5}
    assert desk.values("time_to_resolve", period="month") == {"2026-01": 1.0}


@pytest.mark.parametrize("name", OF_TICKETS)
def test_a_filter_that_nobody_meets_gives_nothing_or_zero(mixed: Opened, name: str) -> None:
    """Never a division by zero, never a value of nobody."""
    for where in (only("team", "Nobody"), only("team")):
        for period in ("all", "month"):
            points = mixed.measure(name, where=where, period=period)
            assert all(point.n == 0 and point.value == 0 for point in points)
            if name in ("backlog", "tickets_opened"):
                assert points


@pytest.mark.parametrize("name", [n for n in OF_TICKETS if n != "self_service_share"])
def test_what_is_missing_is_a_group_of_its_own(mixed: Opened, name: str) -> None:
    """It is neither dropped nor put with the empty word; filtering by it finds the same tickets."""
    groups = {p.by["channel"]: p for p in mixed.measure(name, by=("channel",))}

    assert None in groups
    missing = mixed.only(name, where=only("channel", None))
    assert (missing.n, missing.value) == (groups[None].n, groups[None].value)


@pytest.mark.parametrize("name", OF_TICKETS)
def test_the_order_in_which_rows_lie_changes_nothing(name: str) -> None:
    """Values exactly, intervals too."""
    desk = desk_of(random_lives(5, tickets=50))
    backwards = [pa.array(range(t.num_rows))[::-1] for t in (desk.tickets, desk.history)]
    tickets, history = desk.tickets.take(backwards[0]), desk.history.take(backwards[1])
    turned = replace(desk, tickets=tickets, history=history)
    one, other = open_desk(desk), open_desk(turned)

    for asked in ({"period": "week"}, {"by": ("team",)}):
        assert one.measure(name, **asked) == other.measure(name, **asked)


@pytest.mark.row("ING-02")
@pytest.mark.parametrize("name", OF_TICKETS)
def test_asked_as_of_the_last_record_every_metric_is_what_it_is(mixed: Opened, name: str) -> None:
    """The rebuilt past meets the present."""
    for asked in ({"period": "week"}, {"by": ("team", "major")}):
        assert mixed.measure(name, **asked) == mixed.measure(name, as_of=mixed.watermark, **asked)


@pytest.mark.row("ING-02")
@pytest.mark.parametrize("name", ["backlog", "backlog_age", "tickets_opened", "time_to_resolve"])
def test_asked_as_of_the_past_it_is_what_would_have_been_measured_then(name: str) -> None:
    """The same as from records that end there."""
    moment = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
    every = random_lives(8, tickets=90)
    lives = [life for life in every if life.opened > moment or life.until(moment).steps]
    past = [life.until(moment) for life in lives if life.opened <= moment]
    whole = open_desk(desk_of(lives), "Europe/Amsterdam")
    then = open_desk(desk_of(past), "Europe/Amsterdam", at=moment.isoformat())

    assert 0 < len(past) < len(lives)
    for asked in ({"period": "week"}, {"period": "day", "by": ("priority",)}):
        now = [p for p in whole.measure(name, as_of=moment, **asked) if p.n]
        assert now == [p for p in then.measure(name, **asked) if p.n]


def test_days_of_23_and_25_hours_are_days() -> None:
    """Every hour of both nights belongs to its local date, in Amsterdam."""
    for begin, day, hours in (
        (datetime(2026, 3, 28, 23, tzinfo=UTC), "2026-03-29", 23),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "2026-10-25", 25),
    ):
        each = [{"opened_at": begin + timedelta(hours=n)} for n in range(-2, 28)]
        desk = small_desk(*each, zone="Europe/Amsterdam")
        assert desk.values("tickets_opened", period="day")[day] == hours


def test_two_times_of_the_same_night_hour_are_two_instants() -> None:
    """02:30 comes twice on 25 October: an hour lies between, and both count on that day."""
    desk = small_desk(
        {
            "opened_at": "2026-10-25T02:30:00+02:00",
            "resolved_at": "2026-10-25T02:30:00+01:00",
        },
        zone="Europe/Amsterdam",
    )

    assert desk.values("time_to_resolve", period="day") == {"2026-10-25": 1.0}


def test_sums_over_large_desks_do_not_overflow() -> None:
    """Ten thousand tickets of a century each are more than 2^63 microseconds together."""
    century = {"opened_at": "1920-01-01", "resolved_at": "2020-01-01"}
    desk = make_desk([century])
    # In one piece: the engine takes long over ten thousand pieces.
    tickets = pa.concat_tables([desk.tickets] * 10_000).combine_chunks()
    point = open_desk(replace(desk, tickets=tickets)).only("time_to_resolve", statistic="mean")

    assert point.value == 876_600.0


PROGRAM = """
import json
from tests.metrics.desks import OF_TICKETS, desk_of, open_desk, random_lives
desk = open_desk(desk_of(random_lives(4, tickets=40)), "Europe/Amsterdam")
asked = [{"period": "day"}, {"period": "week", "by": ("team",)}]
told = [
    [name, p.period, list(p.by.values()), p.n, p.value, p.low, p.high]
    for name in OF_TICKETS for question in asked for p in desk.measure(name, **question)
]
print(json.dumps(told))
"""


def test_the_zone_of_the_machine_changes_nothing() -> None:
    """The same numbers in New York as in Auckland, to the last digit."""
    answers = []
    for zone in ("America/New_York", "Pacific/Auckland"):
        told = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(told.stdout))

    assert len(answers[0]) > 1000
    assert answers[0] == answers[1]
