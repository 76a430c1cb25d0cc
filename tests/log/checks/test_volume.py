"""The newest whole week against those before it, up and down."""

import pytest

from opsgauge.log.checks.seen import Seen
from opsgauge.log.checks.volume import newest_week, volume_drift
from tests.log.checks.desks import DAY, HOUR, MONDAY, WEEK, Row, desk, office, openings

USUAL = [50, 52, 47, 51, 49, 55, 46, 50, 53, 48]


def odds(*counts: int) -> float:
    """Return the odds of the last week."""
    week = newest_week("desk", "incident", counts)
    assert week is not None
    return week.odds


def test_a_week_like_the_others_is_likely() -> None:
    """A little more, a little less."""
    assert odds(*USUAL, 50) == pytest.approx(1)
    assert odds(*USUAL, 57) > 0.05
    assert odds(*USUAL, 42) > 0.05


@pytest.mark.parametrize("count", [0, 5, 110, 500])
def test_a_week_far_off_is_not(count: int) -> None:
    """In both directions."""
    assert odds(*USUAL, count) < 0.001


def test_where_weeks_spread_widely_one_more_wide_week_is_likely() -> None:
    """Twenty, eighty, thirty, seventy: ninety is no surprise."""
    assert odds(20, 80, 30, 70, 25, 75, 50, 40, 60, 90) > 0.05


def test_half_the_week_is_a_note_while_no_year_is_known() -> None:
    """It may be Christmas; nearly nothing is more than that."""
    states = {}
    for count in (20, 5, 120, 300):
        week = newest_week("desk", "incident", [*USUAL, count])
        assert week is not None
        states[count] = week.state
    assert states == {20: "note", 5: "warn", 120: "note", 300: "warn"}


def test_the_same_season_of_last_year_explains_a_quiet_week() -> None:
    """Half of the tickets come around new year, as a year ago.

    A quarter of them is another matter, and so is half of them in May.
    """
    year = [50] * 30 + [24] + [50] * 51  # the quiet week lies 52 weeks before the newest
    quiet = newest_week("desk", "incident", [*year, 25])
    empty = newest_week("desk", "incident", [*year, 11])
    in_may = newest_week("desk", "incident", [50] * 82 + [24])

    assert quiet is not None
    assert empty is not None
    assert in_may is not None
    assert (quiet.state, empty.state, in_may.state) == ("note", "warn", "warn")


@pytest.mark.parametrize("counts", [[50] * 8, [3] * 30])
def test_too_little_to_judge_by(counts: list[int]) -> None:
    """Seven weeks before, or three tickets a week."""
    assert newest_week("desk", "incident", counts) is None


def look(rows: list[Row]) -> Seen:
    """Make the check; a last ticket says that the records go on into the week after."""
    end = max(row["opened_at"] for row in rows)
    monday = MONDAY + ((end - MONDAY) // WEEK + 1) * WEEK
    return volume_drift(desk([*rows, *openings([monday + HOUR])]))


def test_a_week_that_brought_a_fraction_is_told_with_its_figures() -> None:
    """Twenty weeks of fifty, then five."""
    found = look([*openings(office(20, 10)), *openings(office(1, 1, MONDAY + 20 * WEEK))])

    assert (found.state, found.count, found.of) == ("warn", 1, 1)
    assert found.examples[0].startswith("example, incident: 5 where 50 are usual, 90")
    assert found.examples[0].endswith("fewer")


def test_each_practice_is_looked_at_by_itself() -> None:
    """Requests doubled thrice over, incidents came as ever."""
    rows = [
        *openings(office(21, 10)),
        *openings(office(20, 4), practice="request"),
        *openings(office(1, 24, MONDAY + 20 * WEEK), practice="request"),
    ]
    found = look(rows)

    assert (found.count, found.of) == (1, 2)
    assert "example, request: 120 where 20 are usual" in found.words


def test_an_even_desk_is_as_usual() -> None:
    """Twenty-one weeks of fifty."""
    assert look(openings(office(21, 10))).state == "pass"


def test_the_week_that_runs_is_not_judged() -> None:
    """It is Tuesday: what there is of the week is little, and no sign."""
    rows = openings([*office(20, 10), MONDAY + 20 * WEEK + DAY])

    assert volume_drift(desk(rows)).state == "pass"
