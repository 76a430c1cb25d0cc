"""Local periods: labels, their instants, and the tables that engines join."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import open_tables
from opsgauge.log.periods import (
    GRAINS,
    MICROS_PER_QUARTER_HOUR,
    ONE_DAY,
    Periods,
    dates_of,
    grain_of,
    instants_between,
    label_of,
    labels_between,
    make_periods,
    next_label,
    period_ends_table,
    periods_table,
    previous_label,
    span,
    start_of_day,
)
from opsgauge.metrics.example import make_desk
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import EPOCH, micros_at

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTC_ZONE = ZoneInfo("UTC")
ZONES = (
    "UTC",
    "Europe/Amsterdam",
    "America/New_York",
    "America/Sao_Paulo",  # clocks changed at midnight, so one day a year began at one o'clock
    "Asia/Kolkata",  # half an hour
    "Asia/Kathmandu",  # three quarters of an hour
    "Australia/Lord_Howe",  # the clock changes by half an hour
    "Pacific/Apia",  # left out 30 December 2011
)
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def instants(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def labels_of(periods: Periods, moment: datetime) -> dict[str, str]:
    """Look an instant up in the table, as a query would."""
    bucket = micros_at(moment) // periods.bucket_us
    row = periods.periods["bucket"].to_pylist().index(bucket)
    return {grain: periods.periods[grain][row].as_py() for grain in GRAINS}


@given(days, st.sampled_from(GRAINS))
def test_a_date_lies_in_the_period_of_its_label(day: date, grain: str) -> None:
    """The label gives back a stretch of dates that holds the day, and knows its grain."""
    label = label_of(day, grain)
    first, last = dates_of(label)

    assert first <= day <= last
    assert grain_of(label) == grain
    assert label_of(first, grain) == label_of(last, grain) == label


@given(days, st.sampled_from(GRAINS))
def test_periods_follow_each_other_without_a_gap(day: date, grain: str) -> None:
    """The next begins the day after, and labels sort as text as they do in time."""
    label = label_of(day, grain)

    assert dates_of(next_label(label))[0] == dates_of(label)[1] + ONE_DAY
    assert previous_label(next_label(label)) == label
    assert label < next_label(label)


@given(days, st.integers(0, 800), st.sampled_from(GRAINS))
def test_labels_between_two_dates_are_those_of_every_date(day: date, more: int, grain: str) -> None:
    """None is left out, and none comes twice."""
    each = [label_of(day + timedelta(days=n), grain) for n in range(more + 1)]

    assert labels_between(day, day + timedelta(days=more), grain) == list(dict.fromkeys(each))


def test_labels_between_dates_in_the_wrong_order_are_none() -> None:
    """Nothing lies between tomorrow and today; everything is one period."""
    assert labels_between(date(2016, 1, 2), date(2016, 1, 1), "day") == []
    assert labels_between(date(2016, 1, 1), date(2020, 1, 1), "all") == ["all"]


@pytest.mark.parametrize("label", ["2016-13", "2016-W54", "2016-02-30", "2017-W53", "0000"])
def test_a_label_that_is_not_in_the_calendar_is_refused(label: str) -> None:
    """It looks like a period and is none."""
    with pytest.raises(QueryWrong, match="not in the calendar"):
        dates_of(label)


@pytest.mark.parametrize("label", ["", "soon", "2016-Q5", "2016-3", "all"])
def test_a_label_that_names_no_period_is_refused(label: str) -> None:
    """The hint shows how periods are written."""
    with pytest.raises(QueryWrong, match=r"2016-W09"):
        grain_of(label)


def test_an_unknown_grain_is_refused_with_the_nearest() -> None:
    """Months, not mnoths."""
    with pytest.raises(QueryWrong, match="Did you mean 'month'"):
        label_of(date(2016, 1, 1), "mnoth")


@pytest.mark.parametrize(
    ("day", "hours"), [("2016-03-27", 23), ("2016-10-30", 25), ("2016-06-01", 24)]
)
def test_a_day_is_as_long_as_the_zone_made_it(day: str, hours: int) -> None:
    """Clocks of Amsterdam went forward on 27 March and back on 30 October 2016."""
    begin, end = instants_between(*dates_of(day), AMSTERDAM)

    assert end - begin == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ZONES)
@given(seconds=st.integers(0, 2 * 365 * 86_400))
def test_the_table_says_what_the_zone_says(zone: str, seconds: int) -> None:
    """Every instant has the labels of its local date, on nights when clocks change too."""
    instant = instants("2011-01-01") + timedelta(seconds=seconds)
    place = ZoneInfo(zone)
    periods = make_periods(place, instant - ONE_DAY, instant + ONE_DAY)
    local = instant.astimezone(place).date()

    assert labels_of(periods, instant) == {grain: label_of(local, grain) for grain in GRAINS}
    assert periods.date_of(instant) == local
    assert periods.label_at(instant, "week") == label_of(local, "week")


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Amsterdam", "2016-03-27"),
        ("Europe/Amsterdam", "2016-10-30"),
        ("America/Sao_Paulo", "2016-10-16"),
        ("Australia/Lord_Howe", "2016-10-02"),
        ("Pacific/Apia", "2011-12-30"),
    ],
)
def test_every_quarter_of_an_hour_of_an_odd_night_is_labelled_right(zone: str, night: str) -> None:
    """Two days on either side of a change of clocks."""
    place, middle = ZoneInfo(zone), instants(f"{night} 00:00")
    periods = make_periods(place, middle - 3 * ONE_DAY, middle + 3 * ONE_DAY)

    for quarter in range(-192, 192):
        moment = middle + timedelta(minutes=15 * quarter)
        assert labels_of(periods, moment)["day"] == moment.astimezone(place).date().isoformat()


@pytest.mark.parametrize(
    ("zone", "width"),
    [
        ("Europe/Amsterdam", MICROS_PER_HOUR),
        ("Pacific/Apia", MICROS_PER_HOUR),
        ("Asia/Kolkata", MICROS_PER_QUARTER_HOUR),
        ("Asia/Kathmandu", MICROS_PER_QUARTER_HOUR),
        ("Australia/Lord_Howe", MICROS_PER_QUARTER_HOUR),
    ],
)
def test_buckets_are_hours_where_the_zone_keeps_to_hours(zone: str, width: int) -> None:
    """Elsewhere they are quarters of an hour, so that a day begins with a bucket."""
    periods = make_periods(ZoneInfo(zone), instants("2016-01-01"), instants("2016-12-31"))

    assert periods.bucket_us == width


@pytest.mark.parametrize("zone", ZONES)
def test_the_table_covers_whole_local_days_without_a_gap(zone: str) -> None:
    """From the day of the first instant to the day of the last, each bucket once."""
    first, last = instants("2011-12-28 13:00"), instants("2012-01-02 05:00")
    periods = make_periods(ZoneInfo(zone), first, last)
    buckets = periods.periods["bucket"].to_pylist()

    assert buckets == list(range(buckets[0], buckets[-1] + 1))
    begin, end = instants_between(periods.date_of(first), periods.date_of(last), ZoneInfo(zone))
    assert buckets[0] * periods.bucket_us == micros_at(begin)
    assert (buckets[-1] + 1) * periods.bucket_us == micros_at(end)


def test_a_day_that_a_zone_left_out_has_no_row() -> None:
    """Samoa went from 29 to 31 December 2011 overnight."""
    periods = make_periods(
        ZoneInfo("Pacific/Apia"), instants("2011-12-29 12:00"), instants("2012-01-01 12:00")
    )
    days_there = periods.periods["day"].unique().to_pylist()

    assert days_there == ["2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]


def test_ends_of_periods_are_exact_and_the_last_is_cut() -> None:
    """A month ends where the next begins; the last one ends just after the last instant."""
    last = instants("2016-04-10 09:30")
    periods = make_periods(AMSTERDAM, instants("2016-03-20 12:00"), last)
    months = [row for row in periods.period_ends.to_pylist() if row["grain"] == "month"]

    assert [row["label"] for row in months] == ["2016-03", "2016-04"]
    assert [row["ordinal"] for row in months] == [0, 1]
    assert months[0]["start_us"] == micros_at(instants("2016-02-29 23:00"))
    assert months[0]["end_us"] == months[1]["start_us"] == micros_at(instants("2016-03-31 22:00"))
    assert months[1]["end_us"] == micros_at(last) + 1


@pytest.mark.parametrize("grain", GRAINS)
def test_ends_follow_each_other(grain: str) -> None:
    """Within a grain each period begins where the one before ended."""
    periods = make_periods(AMSTERDAM, instants("2015-12-20"), instants("2017-02-03"))
    rows = [row for row in periods.period_ends.to_pylist() if row["grain"] == grain]

    assert [row["label"] for row in rows] == labels_between(
        date(2015, 12, 20), date(2017, 2, 3), grain
    )
    for before, after in pairwise(rows):
        assert before["end_us"] == after["start_us"]
        begin = start_of_day(dates_of(after["label"])[0], AMSTERDAM)
        assert EPOCH + timedelta(microseconds=after["start_us"]) == begin


def test_twenty_years_are_made_in_no_time() -> None:
    """Half a second at most, after the first call has loaded what it needs."""
    make_periods(AMSTERDAM, instants("2016-01-01"), instants("2016-01-02"))
    times = []
    for _ in range(3):
        begin = time.process_time()
        periods = make_periods(AMSTERDAM, instants("2005-01-01"), instants("2024-12-31"))
        times.append(time.process_time() - begin)

    assert periods.periods.num_rows > 20 * 365 * 24
    assert min(times) < 0.5


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (datetime(2016, 1, 1), instants("2016-01-02"), "zone"),  # noqa: DTZ001 - that is the fault
        (instants("2016-01-01"), datetime(2016, 1, 2), "zone"),  # noqa: DTZ001
        (instants("2016-01-02"), instants("2016-01-01"), "before they begin"),
    ],
)
def test_periods_that_make_no_sense_are_refused(
    first: datetime, last: datetime, wrong: str
) -> None:
    """A time without a zone, or an end before the beginning."""
    with pytest.raises(ValueError, match=wrong):
        make_periods(AMSTERDAM, first, last)


def test_engines_take_the_tables_as_they_are() -> None:
    """Their columns are those that queries are built on."""
    periods = make_periods(AMSTERDAM, instants("2016-01-01"), instants("2016-01-02"))
    engine = DuckEngine([], extra=periods.tables())

    assert engine.run(periods_table()).num_rows == periods.periods.num_rows
    ends = engine.run(period_ends_table())
    assert ends.column_names == list(period_ends_table().columns)
    engine.close()


def test_the_span_of_the_records_holds_every_moment_of_a_ticket() -> None:
    """Also a resolution dated after the last update, and no ticket at all."""
    desk = make_desk(
        [
            {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-02-01 08:00"},
            {"opened_at": "2026-01-04 08:00"},
        ]
    )
    engine = DuckEngine([], extra=desk.tables())
    tickets = open_tables(Scope.everything()).tickets
    [found] = engine.run(span(tickets)).to_pylist()
    [empty] = engine.run(span(tickets.filter(tickets.ticket_id == ""))).to_pylist()

    assert found["earliest_us"] == micros_at(instants("2026-01-04 08:00"))
    assert found["latest_us"] == micros_at(instants("2026-02-01 08:00"))
    assert empty == {"earliest_us": None, "latest_us": None}
    engine.close()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_first_and_the_last_day_there_is_have_instants(zone: str) -> None:
    """Somebody asks for them to say "all", wherever they are."""
    begin, end = instants_between(date.min, date.max, ZoneInfo(zone))

    assert begin < datetime(2, 1, 1, tzinfo=UTC)
    assert end > datetime(9999, 12, 1, tzinfo=UTC)
