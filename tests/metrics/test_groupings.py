"""Hierarchies and bands: exact at their bounds, of records, and as things were at the time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import PersonSplit, UnknownColumn
from opsgauge.metrics.groupings import (
    AGE,
    AGE_BANDS,
    HOUR,
    HOURS,
    NUMBER,
    OUTSIDE,
    TIME,
    WEEKDAYS,
    Band,
    Banded,
    offsets,
)
from opsgauge.metrics.placing import NOT_PLACED, Placed
from tests.metrics import oracle
from tests.metrics.desks import CATALOGUE, Opened, desk_of, open_desk, random_lives, small_desk

ZONE = ZoneInfo("Europe/Amsterdam")
LIVES = random_lives(7, tickets=120)
TICKETS = oracle.tickets_of(LIVES)
DEPARTMENT = Placed("team.department", "team", (("Front", ("Desk",)), ("Other", ("Mainframe",))))


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk of known lives, over a change of clocks."""
    opened = open_desk(desk_of(LIVES), str(ZONE))
    yield opened
    opened.engine.close()


def counted(words: list[Any]) -> dict[Any, int]:
    """Return how often each word is there."""
    return {word: words.count(word) for word in words}


@pytest.mark.row("CAT-11")
@pytest.mark.parametrize("kind", ["hour", "weekday"])
def test_hours_and_weekdays_are_those_of_the_clocks_there(desk: Opened, kind: str) -> None:
    """Also in the weeks after the clocks changed."""
    local = [ticket["opened_at"].astimezone(ZONE) for ticket in TICKETS]
    told = [f"{at:%H}" if kind == "hour" else WEEKDAYS[at.weekday()] for at in local]
    found = desk.measure("tickets_opened", by=(f"opened_{kind}",))

    assert {p.by[f"opened_{kind}"]: p.n for p in found} == counted(told)
    order = [str(p.by[f"opened_{kind}"]) for p in found]
    places = [
        order.index(each) for each in (HOURS if kind == "hour" else WEEKDAYS) if each in order
    ]
    assert places == sorted(places)


@pytest.mark.row("CAT-18")
def test_a_shift_is_that_of_the_clocks_there(desk: Opened) -> None:
    """Three of eight hours; the night is one, on both sides of midnight."""
    hours = [ticket["opened_at"].astimezone(ZONE).hour for ticket in TICKETS]
    told = ["early" if 6 <= h < 14 else "late" if 14 <= h < 22 else "night" for h in hours]
    found = desk.measure("tickets_opened", by=("opened_work_shift",))

    assert {p.by["opened_work_shift"]: p.n for p in found} == counted(told)
    assert [p.by["opened_work_shift"] for p in found] == ["night", "early", "late"]


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]
)
def test_offsets_are_those_of_the_zone(zone: str) -> None:
    """Every quarter of an hour around each change, and in between."""
    there = offsets(ZoneInfo(zone), 2024, 2026)
    moments = [datetime.fromtimestamp(us / 1e6, UTC) for us, _ in there[1:]]
    moments = [m + timedelta(minutes=step) for m in moments for step in (-15, -1, 0, 1, 15)]
    moments += [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=13 * n) for n in range(84)]
    for moment in moments:
        us = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        own = [ahead for since, ahead in there if since <= us][-1]
        assert timedelta(microseconds=own) == moment.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.row("CAT-11")
def test_a_bound_belongs_to_the_band_that_it_begins() -> None:
    """One microsecond before, it is the one before; nothing is in no band, zero is not nothing."""
    bands = (Band("short", 0, 0.1), Band("long", 0.1, 4))
    time = Banded("took", TIME, ("opened_at", "resolved_at"), "hours", bands)
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    ends = [timedelta(0), timedelta(minutes=6) - timedelta(microseconds=1), timedelta(minutes=6)]
    ends += [
        timedelta(hours=4) - timedelta(microseconds=1),
        timedelta(hours=4),
        timedelta(hours=-1),
    ]
    opened = small_desk(
        *({"opened_at": begin, "resolved_at": begin + end} for end in ends), {"opened_at": begin}
    )
    found = opened.measure("tickets_opened", by=("took",), groupings=(time,))
    opened.engine.close()

    assert [(p.by["took"], p.n) for p in found] == [
        ("short", 2),
        ("long", 2),
        (OUTSIDE, 2),
        (None, 1),
    ]


def test_numbers_are_banded_as_they_are(desk: Opened) -> None:
    """By bands that are built in, and by one's own with a bound between two numbers."""
    own = Banded(
        "moved", NUMBER, ("handoff_count",), "", (Band("few", None, 1.5), Band("many", 1.5, None))
    )
    found = desk.values("tickets_opened", by=("moved",), groupings=(own,))
    told = counted(["few" if t["handoff_count"] <= 1 else "many" for t in TICKETS])
    assert {key[1]: v for key, v in found.items()} == told

    times = ["none", "once", "twice"]
    told = counted(
        [times[c] if (c := t["reopen_count"]) < 3 else "3 times or more" for t in TICKETS]
    )
    found = desk.values("tickets_opened", by=("reopen_band",))
    assert {key[1]: v for key, v in found.items()} == told


@pytest.mark.row("CAT-11")
@pytest.mark.parametrize("grain", ["all", "month"])
def test_a_backlog_has_its_age_when_it_is_counted(desk: Opened, grain: str) -> None:
    """At the end of each period, split by team as it was then; and filtered by it."""

    def named(hours: float) -> str:
        return next(b.name for b in AGE_BANDS if b.below is None or hours < b.below * 24)

    groups = oracle.stock(LIVES, desk.periods, desk.watermark, "month", ("team",))
    told: dict[Any, int] = {}
    last = max(str(period) for period, _ in groups)
    for (period, team), ages in groups.items():
        for age in ages:
            key = (period, named(age), team)
            told[key] = told.get(key, 0) + 1
    if grain == "all":
        told = {("all", *key[1:]): n for key, n in told.items() if key[0] == last}
    asked: dict[str, Any] = {"period": grain, "by": ("age_band", "team")}
    points = [p for p in desk.measure("backlog", **asked) if p.n]
    assert {(p.period, *p.by.values()): p.n for p in points} == told
    old = (Condition("age_band", ("30 to 90 days", "90 days or more")),)
    kept = {k: n for k, n in told.items() if k[1] in old[0].values}
    filtered = [p for p in desk.measure("backlog", where=old, **asked) if p.n]
    assert {(p.period, *p.by.values()): p.n for p in filtered} == kept
    aged = desk.measure("backlog_age", **asked)
    assert {(p.period, *p.by.values()): p.n for p in aged} == told
    row = {"period": points[0].period, **points[0].by}
    assert len(desk.behind("backlog", row, **asked)) == points[0].n


@pytest.mark.row("CAT-11")
def test_a_department_is_that_of_the_team_that_held_it_then() -> None:
    """A ticket that moves leaves the stock of one department for that of another."""
    opened = small_desk(
        {"opened_at": "2026-01-05 08:00", "team": "Mainframe", "phase": "in_progress"},
        history=[
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "Desk"},
            {"ticket": 1, "since": "2026-02-10 08:00", "phase": "in_progress", "team": "Mainframe"},
        ],
        at="2026-03-02 08:00",
    )
    found = opened.values(
        "backlog", period="month", by=("team.department",), groupings=(DEPARTMENT,)
    )
    first = opened.values(
        "backlog",
        period="month",
        by=("team.department",),
        where=(Condition("age_band", ("14 to 30 days",)),),
        groupings=(DEPARTMENT,),
    )
    opened.engine.close()

    assert {key: v for key, v in found.items() if v} == {
        ("2026-01", "Front"): 1,
        ("2026-02", "Other"): 1,
        ("2026-03", "Other"): 1,
    }
    assert {key: v for key, v in first.items() if v} == {("2026-01", "Front"): 1}


@pytest.mark.row("CAT-06")
@pytest.mark.row("CAT-11")
@pytest.mark.parametrize("name", ["time_to_resolve", "reopened_share", "tickets_opened"])
def test_a_roll_up_is_counted_from_records(desk: Opened, name: str) -> None:
    """A department's number is that of all its tickets; who has no place is not lost."""
    grouped = desk.measure(name, by=("team.department",), groupings=(DEPARTMENT,))
    by_name = {p.by["team.department"]: p for p in grouped}
    for group, teams in (("Front", ("Desk",)), (NOT_PLACED, ("Network",)), (None, (None,))):
        one = desk.only(name, where=(Condition("team", teams),))
        own = by_name[group]
        assert (own.n, own.value, own.low) == (one.n, one.value, one.low)
        row = {"period": "all", "team.department": group}
        asked: dict[str, Any] = {"by": ("team.department",), "groupings": (DEPARTMENT,)}
        assert len(desk.behind(name, row, **asked)) == own.n


@pytest.mark.row("CAT-11")
def test_any_number_of_dimensions_compose(desk: Opened) -> None:
    """Columns, a level, an hour and a band at once, over windows too: parts add up to the whole."""
    by = ("priority", "team.department", "opened_weekday", "reopen_band", "channel")
    for asked in ({}, {"period": "month", "rolling": "28d"}):
        parts = desk.measure("tickets_opened", by=by, groupings=(DEPARTMENT,), **asked)
        whole = desk.values("tickets_opened", **asked)
        for period, value in whole.items():
            assert sum(p.value or 0 for p in parts if p.period == period) == value


def test_records_beside_tickets_are_grouped_by_their_tickets(mixed: Opened) -> None:
    """By the level of a team, the hour a ticket was opened, and moments of their own."""
    name = next(m.name for m in CATALOGUE if m.kind == "count" and m.definition.of == "changes")
    whole = mixed.only(name).n
    for by in (("team.department",), ("opened_hour",), ("planned_start_weekday",)):
        parts = mixed.measure(name, by=by, groupings=(DEPARTMENT,) if "." in by[0] else ())
        assert sum(p.n for p in parts) == whole


@pytest.mark.parametrize(
    ("metric", "by", "grouping", "wrong"),
    [
        ("tickets_opened", "age_band", None, "only a stock is"),
        ("tickets_opened", "opened_hours", None, "Did you mean 'opened_hour'"),
        ("tickets_opened", "planned_start_hour", None, "no dimension"),
        (
            "tickets_opened",
            "x_band",
            Banded("x_band", HOUR, ("planned_start",)),
            "have no planned_start",
        ),
    ],
)
def test_what_records_cannot_be_grouped_by_is_refused(
    desk: Opened, metric: str, by: str, grouping: Banded | None, wrong: str
) -> None:
    """With the reason, or the nearest name."""
    with pytest.raises(UnknownColumn, match=wrong):
        desk.measure(metric, by=(by,), groupings=(grouping,) if grouping else ())


def test_persons_are_not_grouped(desk: Opened) -> None:
    """A level over assignees would split by persons."""
    level = Placed("assignee.pool", "assignee", (("All", ("Agent 1",)),))
    with pytest.raises(PersonSplit):
        desk.measure("tickets_opened", by=("assignee.pool",), groupings=(level,))


def test_an_age_of_own_bands_is_in_days_or_hours(desk: Opened) -> None:
    """The unit is that of the file."""
    hours = Banded("old", AGE, (), "hours", (Band("fresh", None, 24), Band("rest", 24, None)))
    days = Banded("old", AGE, (), "days", (Band("fresh", None, 1), Band("rest", 1, None)))
    one = desk.values("backlog", period="month", by=("old",), groupings=(hours,))

    assert one == desk.values("backlog", period="month", by=("old",), groupings=(days,))
    assert any(one.values())
