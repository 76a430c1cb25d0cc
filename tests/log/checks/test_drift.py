"""What the newest tickets are about, against the half year before."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from math import log
from random import Random
from zoneinfo import ZoneInfo

import pytest

from opsgauge.log.checks.drift import (
    Shift,
    distribution_drift,
    edges_us,
    shift_of,
    stability_index,
)
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import MONDAY, WEEK, Row, desk, office, openings

Counts = Mapping[str | None, int]


def shift(past: Counts, new: Counts) -> Shift:
    """Compare two counts."""
    found = shift_of("desk", "priority", past, new)
    assert found is not None
    return found


def test_the_index_is_that_of_the_textbook() -> None:
    """Shares 0.2, 0.3, 0.5 become 0.3, 0.3, 0.4; with so many tickets the half one is nothing."""
    expected = 0.1 * log(0.3 / 0.2) + 0 + -0.1 * log(0.4 / 0.5)
    many = 1_000_000

    found = stability_index([0.2 * many, 0.3 * many, 0.5 * many], [0.3 * many] * 2 + [0.4 * many])
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_same_mix_has_no_shift() -> None:
    """A fifth of the tickets, in the same shares."""
    found = shift({"1": 100, "2": 400}, {"1": 20, "2": 80})

    assert (found.state, found.index < 0.001, found.odds > 0.9) == ("", True, True)


@pytest.mark.parametrize(
    ("new", "state"),
    [({"1": 40, "2": 160}, ""), ({"1": 70, "2": 130}, "note"), ({"1": 120, "2": 80}, "warn")],
)
def test_how_far_it_moved(new: dict[str | None, int], state: str) -> None:
    """From a fifth: to a fifth, to a third, to more than half."""
    assert shift({"1": 200, "2": 800}, new).state == state


def test_a_value_that_went_missing_is_told_even_if_the_index_is_small() -> None:
    """Eight in a hundred tickets no longer say their priority."""
    found = shift({"1": 500, "2": 500}, {"1": 92, "2": 92, None: 16})

    assert (found.state, found.index < 0.5) == ("warn", True)
    assert "priority 'nothing': 0" in found.moved[0]


def test_the_newest_weeks_begin_at_midnight_also_where_clocks_changed_since() -> None:
    """Four weeks before 20 November lies 23 October, still on summer's clocks."""
    records = desk([{"opened_at": "2026-11-20T12:00Z"}], zone="Europe/Amsterdam", now="2026-11-21")
    zone = ZoneInfo("Europe/Amsterdam")

    clocks = [datetime.fromtimestamp(us / 1e6, zone) for us in edges_us(records)]
    assert {f"{each:%H:%M}" for each in clocks} == {"00:00"}


def test_a_value_that_was_never_there_is_told() -> None:
    """A renamed category takes the place of the old one."""
    found = shift({"Mail": 500, "Print": 500}, {"E-mail": 12, "Mail": 88, "Print": 100})

    assert found.state == "warn"


def test_rare_values_are_counted_as_one() -> None:
    """Three hundred services with a ticket each are no shift when others come up."""
    past: dict[str | None, int] = {"Mail": 700, **{f"old {n}": 1 for n in range(300)}}
    new: dict[str | None, int] = {"Mail": 140, **{f"new {n}": 1 for n in range(60)}}

    assert shift(past, new).state == ""


def test_few_tickets_shift_by_chance() -> None:
    """Twenty values among a hundred tickets: the index is large, the odds are not small."""
    chance = Random(2)  # noqa: S311 - a made-up desk keeps no secrets
    values: list[str | None] = [f"v{n}" for n in range(20)]
    found = shift(Counter(chance.choices(values, k=400)), Counter(chance.choices(values, k=100)))

    assert found.index > 0.1
    assert found.odds > 0.01


@pytest.mark.parametrize(
    ("past", "new"),
    [({"1": 399}, {"1": 100}), ({"1": 400}, {"1": 99}), ({"1": 4_000}, {"1": 1_000})],
)
def test_too_little_to_compare(past: dict[str | None, int], new: dict[str | None, int]) -> None:
    """Too few before, too few now, or only one value."""
    assert shift_of("desk", "priority", past, new) is None


def look(*rows: Row) -> Seen:
    """Make the check."""
    return distribution_drift(desk(rows))


def mixed(weeks: int, first: int, priorities: str) -> list[Row]:
    """Return tickets of some weeks, their priorities in turn."""
    moments = office(weeks, 10, MONDAY + first * WEEK)
    return [
        {"opened_at": at, "priority": priorities[n % len(priorities)]}
        for n, at in enumerate(moments)
    ]


def test_a_column_that_changed_is_named_with_its_values() -> None:
    """One in ten was urgent for half a year, and nine in ten are since four weeks."""
    found = look(*mixed(26, 0, "1222222222"), *mixed(4, 26, "1111111112"))

    assert (found.state, found.columns, found.count) == ("warn", ("priority",), 1)
    assert "example, priority: index" in found.words
    assert found.examples[0].replace("\u202f", "") == "priority '2': 90% before, 14% now"


def test_an_even_desk_has_no_drift() -> None:
    """Thirty weeks alike."""
    found = look(*mixed(30, 0, "1222222222"))

    assert (found.state, found.count, found.of) == ("pass", 0, 1)


def test_what_changed_long_ago_is_no_longer_news() -> None:
    """The half year before lies wholly after it."""
    assert look(*mixed(20, 0, "1"), *openings(office(1, 1)), *mixed(32, 20, "12")).state == "pass"
