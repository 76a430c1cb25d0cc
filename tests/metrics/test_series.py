"""Answers: right in every period and group, in order, with zeros and intervals in their places."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.intervals import wilson
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

LIVES = random_lives(3, tickets=150)
SPLITS = ((), ("priority",), ("channel", "major"))


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk of known lives, over a change of clocks."""
    opened = open_desk(desk_of(LIVES), "Europe/Amsterdam")
    yield opened
    opened.engine.close()


def expected(name: str, groups: oracle.Groups, statistic: str) -> dict[Any, float]:
    """Return the value of each group in plain Python."""
    kind = CATALOGUE.get(name).kind
    if kind in ("count", "flow"):
        return {key: float(len(values)) for key, values in groups.items()}
    if kind == "share":
        return {key: sum(values) / len(values) for key, values in groups.items()}
    return {key: oracle.statistic(statistic, values) for key, values in groups.items()}


@pytest.mark.row("CAT-03")
@pytest.mark.parametrize("by", SPLITS)
@pytest.mark.parametrize("grain", ["day", "week", "month"])
@pytest.mark.parametrize("name", sorted(oracle.TOLD))
def test_an_answer_is_what_counting_by_hand_gives(
    desk: Opened, name: str, grain: str, by: tuple[str, ...]
) -> None:
    """Value and n of every period and group, told again ticket by ticket in plain Python."""
    metric = CATALOGUE.get(name)
    groups = oracle.dated(name, LIVES, desk.periods, grain, by)
    for statistic in metric.statistics[:2]:
        told = expected(name, groups, statistic)
        points = desk.measure(name, period=grain, by=by, statistic=statistic)
        found = {(p.period, *p.by.values()): p for p in points if p.n}

        assert {key: point.n for key, point in found.items()} == {
            key: len(values) for key, values in groups.items()
        }
        for key, point in found.items():
            assert point.value == pytest.approx(told[key], rel=1e-12), key


@pytest.mark.parametrize("by", [(), ("priority",), ("team", "channel")])
@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_a_stock_is_what_looking_at_every_ticket_gives(
    desk: Opened, grain: str, by: tuple[str, ...]
) -> None:
    """Backlog and its age when each period ends, by team and priority as they were then."""
    groups = oracle.stock(LIVES, desk.periods, desk.watermark, grain, by)
    for name, statistic in (
        ("backlog", "count"),
        ("backlog_age", "median"),
        ("backlog_age", "mean"),
    ):
        told = expected(name, groups, statistic)
        points = desk.measure(name, period=grain, by=by, statistic=statistic)

        found = {(p.period, *p.by.values()): p.value for p in points if p.n}
        assert found.keys() == told.keys()
        for key, value in found.items():
            assert value == pytest.approx(told[key], rel=1e-12), key


def test_time_shares_are_summed_before_they_are_divided(desk: Opened) -> None:
    """Pending hours of all over hours of all."""
    tickets = [t for t in oracle.tickets_of(LIVES) if t["resolved_at"]]
    pending, life = (sum(t[name] for t in tickets) / 3.6e9 for name in ("pending_us", "life_us"))
    point = desk.only("pending_share")

    assert point.n == len(tickets)
    assert point.numerator == pytest.approx(pending)
    assert point.denominator == pytest.approx(life)
    assert point.value == pytest.approx(pending / life)


def test_answers_come_in_order_and_missing_values_last(desk: Opened) -> None:
    """By period, then by each dimension."""
    points = desk.measure("tickets_opened", period="month", by=("channel", "team"))
    keys = [(p.period, *((v is None, v or "") for v in p.by.values())) for p in points]

    assert keys == sorted(keys)
    assert any(p.by["channel"] is None for p in points)


def test_counts_and_stocks_have_zeros_for_every_combination_seen() -> None:
    """Nothing came by phone in the second week, and nothing at all in the third."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "channel": "phone", "resolved_at": "2026-01-06 08:00"},
        {"opened_at": "2026-01-13 08:00", "channel": "mail", "resolved_at": "2026-01-14 08:00"},
        {"opened_at": "2026-01-27 08:00", "channel": "mail"},
    )
    opened = desk.values("tickets_opened", period="week", by=("channel",))

    weeks = ["2026-W02", "2026-W03", "2026-W04", "2026-W05"]
    assert [opened[week, "mail"] for week in weeks] == [0, 1, 0, 1]
    assert [opened[week, "phone"] for week in weeks] == [1, 0, 0, 0]
    backlog = desk.values("backlog", period="week", by=("channel",))
    assert [backlog[week, "mail"] for week in weeks] == [0, 0, 0, 1]
    assert [backlog[week, "phone"] for week in weeks] == [0, 0, 0, 0]


def test_shares_and_times_have_no_value_where_there_is_no_ticket() -> None:
    """No value is not zero: the second week is absent."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00"},
        {"opened_at": "2026-01-20 08:00", "resolved_at": "2026-01-20 09:00"},
    )

    for name in ("time_to_resolve", "reopened_share", "handoffs_per_ticket", "pending_share"):
        assert "2026-W03" not in desk.values(name, period="week")


@pytest.mark.parametrize("name", ["tickets_opened", "backlog"])
def test_an_empty_count_is_zero(name: str) -> None:
    """Over everything, and in each period asked for."""
    desk = small_desk({"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-09 08:00"})
    nobody = only("team", "Nobody")

    point = desk.only(name, where=nobody)
    assert (point.period, point.n, point.value) == ("all", 0, 0.0)
    asked = {"from_": date(2026, 1, 6), "to": date(2026, 1, 8), "period": "day"}
    assert list(desk.values(name, where=nobody, **asked).values()) == [0, 0, 0]
    assert desk.measure("time_to_resolve", where=nobody) == ()


def test_first_and_last_date_are_both_included() -> None:
    """In the zone of the desk: the evening before, in UTC, belongs to the first of March."""
    desk = small_desk(
        {"opened_at": "2026-02-28 22:59:59"},
        {"opened_at": "2026-02-28 23:00"},
        {"opened_at": "2026-03-02 22:59:59"},
        {"opened_at": "2026-03-02 23:00"},
        zone="Europe/Amsterdam",
    )
    asked = {"from_": date(2026, 3, 1), "to": date(2026, 3, 2)}

    assert desk.only("tickets_opened", **asked).n == 2
    assert desk.values("tickets_opened", period="day", **asked) == {
        "2026-03-01": 1,
        "2026-03-02": 1,
    }


def test_periods_that_have_not_begun_are_not_there() -> None:
    """Nothing has happened yet is not nothing happened."""
    desk = small_desk({"opened_at": "2026-01-05 08:00"}, at="2026-01-06 12:00")
    asked = {"from_": date(2026, 1, 4), "to": date(2026, 1, 9), "period": "day"}

    for name in ("tickets_opened", "backlog"):
        assert list(desk.values(name, **asked)) == ["2026-01-05", "2026-01-06"]


def test_the_last_day_asked_for_ends_a_stock() -> None:
    """Asked up to the 10th, January's backlog is that of the evening of the 10th."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-20 08:00"},
        {"opened_at": "2026-01-12 08:00"},
        at="2026-02-20",
    )

    assert desk.values("backlog", period="month", to=date(2026, 1, 10)) == {"2026-01": 1}
    assert desk.only("backlog", to=date(2026, 1, 10)).value == 1
    assert desk.only("backlog_age", to=date(2026, 1, 10)).value == 5 * 24 + 16
    assert desk.values("backlog", period="month") == {"2026-01": 1, "2026-02": 1}


def test_a_ticket_outside_the_calendar_is_never_lost_in_silence() -> None:
    """The answer is refused, with the number of tickets and the calendar."""
    desk = small_desk({"opened_at": "2026-01-05 08:00"}, {"opened_at": "2026-03-05 08:00"})
    short = open_desk(desk.desk, first="2026-03-01")

    with pytest.raises(QueryWrong, match=r"1 tickets are dated outside .*2026-03-01"):
        short.measure("tickets_opened", period="month")
    assert short.only("tickets_opened").n == 2  # everything as one needs no calendar
    assert short.values("backlog", period="month") == {"2026-03": 2}  # what came before is in stock


@pytest.mark.row("CAT-06")
def test_shares_carry_their_parts_and_wilsons_interval(desk: Opened) -> None:
    """Numerator and denominator of every value, and sums of them over all."""
    points = desk.measure("reopened_share", period="week")
    whole = desk.only("reopened_share")

    assert sum(p.numerator or 0 for p in points) == whole.numerator
    assert sum(p.denominator or 0 for p in points) == whole.denominator == whole.n
    for point in points:
        assert (point.low, point.high) == wilson(point.numerator or 0, point.n)
        assert point.value == (point.numerator or 0) / point.n


@pytest.mark.row("CAT-07")
@pytest.mark.parametrize("statistic", ["mean", "median", "p85", "p90", "p95"])
def test_every_statistic_of_a_time_has_n_and_an_interval(desk: Opened, statistic: str) -> None:
    """Exact, with the interval around the value."""
    point = desk.only("time_to_resolve", statistic=statistic)

    assert point.n > 60
    assert point.low is not None
    assert point.high is not None
    assert point.value is not None
    assert point.low <= point.value <= point.high


def test_counts_and_stocks_have_no_interval(desk: Opened) -> None:
    """They are counted whole; nothing is estimated."""
    for name in ("tickets_opened", "backlog"):
        assert all((p.low, p.high) == (None, None) for p in desk.measure(name, period="week"))


@pytest.mark.parametrize(
    ("name", "n"), [("time_to_resolve", 5), ("backlog_age", 5), ("pending_share", 1)]
)
def test_too_few_tickets_give_a_value_without_an_interval(name: str, n: int) -> None:
    """Five values say where the median is, not how sure that is."""
    done = {} if name == "backlog_age" else {"resolved_at": "2026-01-05 12:00"}
    more = {"life_us": "4 h", "pending_us": "1 h"}
    desk = small_desk(*[{"opened_at": "2026-01-05 08:00", **done, **more} for _ in range(n)])
    point = desk.only(name)

    assert (point.n, point.low, point.high) == (n, None, None)
    assert point.value is not None


def test_a_dimension_of_yes_and_no_says_so() -> None:
    """As words, in the answer as in the question."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "major": True},
        {"opened_at": "2026-01-05 08:00", "major": False},
        {"opened_at": "2026-01-05 08:00"},
    )

    assert desk.values("tickets_opened", by=("major",)) == {
        ("all", "yes"): 1,
        ("all", "no"): 1,
        ("all", None): 1,
    }
    assert desk.only("tickets_opened", where=only("major", "no", None)).n == 2
