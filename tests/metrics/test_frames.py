"""Windows, periods to date, shifts and stocks within periods: counted from the records."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import dates_of, instants_between, labels_between
from opsgauge.metrics.frames import framed
from opsgauge.metrics.question import Question
from opsgauge.metrics.shifts import window_start
from tests.metrics import oracle
from tests.metrics.desks import (
    CATALOGUE,
    Opened,
    desk_of,
    only,
    open_desk,
    random_lives,
    small_desk,
)

ZONE = ZoneInfo("Europe/Amsterdam")
LIVES = random_lives(5, tickets=150)
TICKETS = oracle.tickets_of(LIVES)


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk of known lives, over a change of clocks."""
    opened = open_desk(desk_of(LIVES), str(ZONE))
    yield opened
    opened.engine.close()


def told(name: str, begin: datetime, end: datetime) -> list[float]:
    """Return what each record of a stretch of time adds, ticket by ticket."""
    how = oracle.TOLD[name]
    dated = [(ticket.get(how.dated), how.adds(ticket)) for ticket in TICKETS]
    return [float(add) for at, add in dated if at and add is not None and begin <= at < end]


def value(name: str, statistic: str, adds: list[float]) -> float | None:
    """Return the number of one stretch of time."""
    if CATALOGUE.get(name).kind == "count":
        return float(len(adds))
    if not adds:
        return None
    if CATALOGUE.get(name).kind == "share":
        return sum(adds) / len(adds)
    return oracle.statistic(statistic, adds)


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize(("grain", "rolling"), [("day", "7d"), ("week", "28d"), ("month", "3m")])
@pytest.mark.parametrize(
    ("name", "statistic"),
    [("tickets_opened", "count"), ("time_to_resolve", "p90"), ("reopened_share", "share")],
)
def test_a_window_is_counted_from_its_records(
    desk: Opened, name: str, statistic: str, grain: str, rolling: str
) -> None:
    """Quantiles of all of them, shares of sums: never a mean of the periods' own numbers."""
    begins, known = desk.periods.date_of(desk.periods.first), desk.periods.date_of(desk.watermark)
    found = {
        p.period: p for p in desk.measure(name, statistic=statistic, period=grain, rolling=rolling)
    }
    for label in labels_between(begins, known, grain):
        last = min(dates_of(label)[1], known)
        first = window_start(last, rolling)
        adds = told(name, *instants_between(first, last, ZONE))
        if first < begins or value(name, statistic, adds) is None:
            assert label not in found
            continue
        assert found[label].n == len(adds)
        assert found[label].value == pytest.approx(value(name, statistic, adds), rel=1e-12)


@pytest.mark.row("CAT-10")
def test_a_ratio_over_a_window_is_a_ratio_of_sums() -> None:
    """One slow week of two tickets does not weigh as much as one of eight."""
    tickets = [
        {
            "opened_at": f"2026-01-{day:02} 08:00",
            "resolved_at": f"2026-01-{day:02} 09:00",
            "reopen_count": r,
        }
        for day, r in [(5, 1), (6, 1), *[(12 + n % 5, 0) for n in range(8)]]
    ]
    opened = small_desk(*tickets, at="2026-01-18 23:00")
    weeks = opened.values("reopened_share", period="week")
    [point] = opened.measure("reopened_share", period="week", rolling="7d", from_=date(2026, 1, 12))
    [both] = opened.measure("reopened_share", from_=date(2026, 1, 5))

    assert weeks == {"2026-W02": 1.0, "2026-W03": 0.0}
    assert (point.value, point.n) == (0.0, 8)
    assert (both.value, both.numerator, both.denominator) == (0.2, 2, 10)
    opened.engine.close()


def test_a_stock_has_no_window(desk: Opened) -> None:
    """And what is made of one has none either."""
    for name in ("backlog", "backlog_age"):
        with pytest.raises(QueryWrong, match="is a stock"):
            desk.measure(name, period="week", rolling="28d")


def test_windows_longer_than_the_records_are_refused(desk: Opened) -> None:
    """With when the records begin."""
    with pytest.raises(QueryWrong, match=r"No window of 12 months .* begin on 2026-03-0"):
        desk.measure("tickets_opened", period="month", rolling="12m")


def frames(desk: Opened, **asked: Any) -> Any:
    """Return the frames of a question."""
    return framed(Question("tickets_opened", **asked), desk.periods, desk.watermark)


def test_windows_that_begin_too_early_are_counted(desk: Opened) -> None:
    """As many as are missing at the start."""
    made = frames(desk, period="week", rolling="28d")
    begins = desk.periods.date_of(desk.periods.first)

    assert made.left_out == 4  # the records begin on a Tuesday
    assert all(frame.first >= begins for frame in made.frames)


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize(("grain", "shift"), [("week", "2"), ("month", "previous")])
@pytest.mark.parametrize("name", ["tickets_opened", "time_to_resolve", "reopened_share", "backlog"])
def test_a_shifted_value_is_that_of_the_other_period(
    desk: Opened, name: str, shift: str, grain: str
) -> None:
    """The very number that the other period has by itself, stocks included."""
    plain = {p.period: p for p in desk.measure(name, period=grain) if p.n}
    made = frames(desk, period=grain, shift=shift)
    points = {p.period: p for p in desk.measure(name, period=grain, shift=shift) if p.n}

    assert points == plain
    for frame in made.frames[int(shift) if shift.isdigit() else 1 :]:
        assert made.beside[frame.key] in made.frames


def test_a_stretch_cut_at_both_ends_is_set_against_the_same_days(desk: Opened) -> None:
    """Of a month from the 10th to the 20th: those days of the month before."""
    made = frames(
        desk, period="month", shift="previous", from_=date(2026, 4, 10), to=date(2026, 5, 20)
    )
    april, may = made.frames

    assert (april.first, april.last) == (date(2026, 4, 10), date(2026, 4, 30))
    assert [str(d) for d in (made.beside[april.key].first, made.beside[april.key].last)] == [
        "2026-03-10",
        "2026-03-31",
    ]
    assert (may.first, may.last) == (date(2026, 5, 1), date(2026, 5, 20))
    assert made.beside[may.key].last == date(2026, 4, 20)
    points = {
        p.period: p
        for p in desk.measure(
            "tickets_opened",
            period="month",
            shift="previous",
            from_=date(2026, 4, 10),
            to=date(2026, 5, 20),
        )
    }
    for frame in made.all:
        adds = told("tickets_opened", *instants_between(frame.first, frame.last, ZONE))
        assert points[frame.key].n == len(adds)


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
@pytest.mark.parametrize("as_of", [None, datetime(2026, 4, 30, 10, 30, tzinfo=ZONE)])
def test_a_period_to_date_ends_at_the_same_point(
    desk: Opened, grain: str, as_of: datetime | None
) -> None:
    """The running one where knowledge ends, each other at that day and that time of the clock."""
    known = as_of or desk.watermark
    made = framed(
        Question("tickets_opened", period=grain, to_date=True, shift="previous", as_of=as_of),
        desk.periods,
        known,
    )
    [running] = made.frames
    assert running.label == desk.periods.label_at(known, grain)
    points = {
        p.period: p.n
        for p in desk.measure(
            "tickets_opened", period=grain, to_date=True, shift="previous", as_of=as_of
        )
    }
    local = known.astimezone(ZONE)
    for frame in made.all:
        end = datetime.combine(frame.last, local.time(), tzinfo=ZONE)
        adds = told(
            "tickets_opened",
            instants_between(frame.first, frame.last, ZONE)[0],
            end + timedelta(microseconds=1),
        )
        assert points[frame.key] == len(adds)
    other = made.beside.get(running.key)
    if grain == "week":
        assert other is not None
        assert other.last == running.last - timedelta(days=7)


def test_a_month_too_short_for_the_day_is_taken_whole() -> None:
    """On the 31st of March, the whole of February stands beside it."""
    opened = small_desk(
        {"opened_at": "2026-01-01 08:00"},
        {"opened_at": "2026-02-28 23:30"},
        {"opened_at": "2026-03-31 09:00"},
        at="2026-03-31 10:00",
    )
    points = opened.values("tickets_opened", period="month", to_date=True, shift="previous")
    opened.engine.close()

    assert points == {"2026-03": 1.0, "2026-02 beside 2026-03": 1.0}


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize("grain", ["week", "month"])
def test_an_average_stock_is_that_of_the_ends_of_days(desk: Opened, grain: str) -> None:
    """Of every day of a period that the records hold, the running one up to its last."""
    begins, known = desk.periods.date_of(desk.periods.first), desk.periods.date_of(desk.watermark)
    daily = {p.period: p.n for p in desk.measure("backlog", period="day")}
    points = desk.measure("backlog", period=grain, aggregate="average")
    assert [p.period for p in points] == labels_between(begins, known, grain)
    for point in points:
        days = [
            d
            for d in daily
            if dates_of(point.period)[0] <= date.fromisoformat(d) <= dates_of(point.period)[1]
        ]
        stocks = [daily[day] for day in days]

        assert point.denominator == len(stocks)
        assert point.value == pytest.approx(sum(stocks) / len(stocks))
        listed = desk.behind("backlog", {"period": point.period}, period=grain, aggregate="average")
        assert len(listed) == point.n
        assert sum(row["value"] for row in listed) == pytest.approx(point.value)


@pytest.mark.parametrize("name", ["backlog", "backlog_age"])
def test_the_first_of_a_stock_is_that_of_the_first_day(desk: Opened, name: str) -> None:
    """And the last is what it is without a word; by team as it was then."""
    for by in ((), ("team",)):
        daily = desk.values(name, period="day", by=by)
        first = desk.values(name, period="month", aggregate="first", by=by)
        last = desk.values(name, period="month", aggregate="last", by=by)
        there = {key: v for key, v in first.items() if v}
        for key, found in there.items():
            period, *rest = key if by else (key,)
            day = f"{period}-01"
            assert daily[(day, *rest) if by else day] == pytest.approx(found)
        assert last == desk.values(name, period="month", by=by)
        assert there


@pytest.mark.parametrize(
    ("metric", "asked", "told"),
    [
        ("tickets_opened", {"shift": "yesterday", "period": "day"}, "no shift"),
        ("tickets_opened", {"rolling": "5d", "period": "day"}, "no window"),
        ("tickets_opened", {"to_date": True}, "in which period"),
        ("tickets_opened", {"to_date": True, "rolling": "7d", "period": "day"}, "rolls on"),
        ("tickets_opened", {"shift": "previous"}, "nothing before it"),
        ("tickets_opened", {"aggregate": "average", "period": "month"}, "only a stock"),
        ("backlog", {"aggregate": "mean", "period": "month"}, "not aggregated"),
        ("backlog", {"aggregate": "average"}, "within which period"),
        ("backlog_age", {"aggregate": "average", "period": "month"}, "statistic of single"),
    ],
)
def test_what_means_nothing_is_refused(
    desk: Opened, metric: str, asked: dict[str, Any], told: str
) -> None:
    """With what could be asked instead."""
    with pytest.raises(QueryWrong, match=told):
        desk.measure(metric, **asked)


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize(
    "asked",
    [
        {"period": "month", "rolling": "28d"},
        {"period": "month", "to_date": True, "from_": date(2026, 3, 1), "shift": "previous"},
        {"period": "week", "shift": "year"},
        {"period": "all", "from_": date(2026, 4, 1), "shift": "previous"},
        {"period": "all", "rolling": "30d"},
    ],
)
@pytest.mark.parametrize("name", ["tickets_opened", "time_to_resolve", "reopened_share", "backlog"])
def test_the_tickets_behind_a_value_are_as_many_as_its_n(
    desk: Opened, name: str, asked: dict[str, Any]
) -> None:
    """Also behind the value that it is set against, split and by its parts."""
    if name == "backlog" and "rolling" in asked:
        return
    asked = {**asked, "by": ("priority",)}
    made = framed(Question(name, **asked), desk.periods, desk.watermark)
    points = {(p.period, p.by["priority"]): p for p in desk.measure(name, **asked)}
    for frame in (*made.frames[:1], *made.frames[-2:]):
        row = {"period": frame.label, "priority": "1"}
        own = points.get((frame.key, "1"))
        assert len(desk.behind(name, row, **asked)) == (own.n if own else 0)
        other = made.beside.get(frame.key)
        if other is not None:
            its = points.get((other.key, "1"))
            assert len(desk.behind(name, row, "shifted", **asked)) == (its.n if its else 0)
            if name == "reopened_share":
                part = desk.behind(name, row, "shifted numerator", **asked)
                assert len(part) == (its.numerator if its else 0)


def test_a_list_of_no_such_value_is_refused(desk: Opened) -> None:
    """Of a period that the answer lacks, and beside one that has nothing."""
    with pytest.raises(QueryWrong, match="no such period"):
        desk.behind("tickets_opened", {"period": "2020-01"}, period="month", rolling="7d")
    with pytest.raises(QueryWrong, match="nothing to set it against"):
        desk.behind(
            "tickets_opened", {"period": "2026-04"}, "shifted", period="month", shift="year"
        )


def test_composed_metrics_roll_too(desk: Opened) -> None:
    """A ratio's parts are both of the window: the quotient of their sums."""
    ratio = next(
        m
        for m in CATALOGUE
        if m.kind == "ratio"
        and m.parts[0].kind == "count"
        and all(p.subject.is_tickets and p.kind in ("count", "share") for p in m.parts)
    )
    for point in desk.measure(ratio, period="month", rolling="28d"):
        assert point.denominator
        assert point.value == pytest.approx((point.numerator or 0) / point.denominator)


def test_filters_hold_in_windows(desk: Opened) -> None:
    """Only such tickets are counted."""
    asked = {"period": "month", "rolling": "28d"}
    split = desk.values("tickets_opened", by=("priority",), **asked)
    one = desk.values("tickets_opened", where=only("priority", "2"), **asked)

    assert one == {period: v for (period, priority), v in split.items() if priority == "2"}
