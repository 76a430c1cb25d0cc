"""The timeline of a ticket."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from opsgauge.operations.drawing.timeline import NARROW, WIDE, Shape, stretches, timeline
from opsgauge.operations.ticket_story import TicketStory
from tests.operations.drawing.samples import HOSTILE, HOUR, story

SEVEN_DAYS = story(
    (24, "Desk", "new", "wait"),
    (48, "Group 20", "assigned", "wait"),
    (48, "Group 20", "pending_user", "hold"),
    (48, "Desk", "in_progress", "work"),
)


def parsed(svg: str) -> ET.Element:
    """Return the picture as elements, which proves that it is well-formed."""
    return ET.fromstring(svg)  # noqa: S314 - drawn right here


def bars(root: ET.Element, kind: str) -> list[float]:
    """Return how wide the bars of a kind are."""
    return [float(one.get("width", "0")) for one in root.iter("rect") if one.get("class") == kind]


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_bars_are_as_wide_as_their_time(shape: Shape) -> None:
    """One day, then three times two days."""
    root = parsed(timeline(SEVEN_DAYS, shape))
    day, two = bars(root, "k-wait")

    assert two == pytest.approx(2 * day, abs=0.3)
    assert bars(root, "k-hold") == [pytest.approx(two, abs=0.3)]
    assert bars(root, "k-work") == [pytest.approx(two, abs=0.3)]


def test_teams_have_a_lane_each_in_order_of_first_touch() -> None:
    """The desk had it first, and has one lane though it had it twice."""
    lanes = [
        one
        for one in parsed(timeline(SEVEN_DAYS)).iter("text")
        if one.get("class") == "strong lane"
    ]
    assert [one.text for one in lanes] == ["Desk", "Group 20"]


def test_each_handover_is_a_line() -> None:
    """From the desk to Group 20 and back."""
    assert timeline(SEVEN_DAYS).count("c-hand") == 2


def test_weekends_are_bands_in_the_zone_of_the_workspace() -> None:
    """Monday 2 May 08:00 to Monday 9 May 08:00 holds one weekend of two days in seven."""
    root = parsed(timeline(SEVEN_DAYS))
    (weekend,) = bars(root, "c-band")
    assert weekend == pytest.approx(2 * bars(root, "k-wait")[0], abs=0.3)


def later(told: TicketStory, days: int) -> TicketStory:
    """Return a ticket's story so many days later."""
    moved = (replace(one, since=one.since + timedelta(days=days)) for one in told.intervals)
    return replace(told, intervals=tuple(moved))


def test_each_moment_is_on_the_clock_of_its_own_day() -> None:
    """From Thursday 27 October, 08:00: the night to Sunday 30 the clocks go back an hour.

    Eight days of 24 hours end on 4 November at 07:00, as the field beside the picture says; the
    weekend is 49 hours long, and days begin at midnight on both sides of it.
    """
    told = later(
        story((8 * 24, "Desk", "new", "work"), (9, "Desk", "closed", "done"), lasts=False), 178
    )
    svg = timeline(told)
    root = parsed(svg)
    hour = bars(root, "k-work")[0] / (8 * 24)
    axis = {one.text: float(one.get("x", "0")) for one in root.iter("text") if one.text}

    assert re.findall(r'class="sm"[^>]*>(\w+ \d+ \w+, \d\d:\d\d)<', svg) == [
        "Thu 27 Oct, 08:00",
        "Fri 4 Nov, 07:00",
    ]
    assert "from Thu 27 Oct, 08:00 to Fri 4 Nov, 07:00" in svg
    assert bars(root, "c-band") == [pytest.approx(49 * hour, abs=0.3)]
    assert axis["Sat 29 Oct"] - axis["Fri 28 Oct"] == pytest.approx(24 * hour, abs=0.3)
    assert axis["Mon 31 Oct"] - axis["Sat 29 Oct"] == pytest.approx(49 * hour, abs=0.3)
    assert [one.us for one in stretches(told)] == [8 * 24 * HOUR]


def test_hours_of_a_night_in_which_clocks_change_are_as_clocks_show_them() -> None:
    """From Saturday 29 October, 22:00: two in the morning comes twice, and noon after 15 hours."""
    told = later(story((10, "Desk", "new", "work"), (16, "Desk", "new", "wait")), 180)
    told = replace(told, intervals=tuple(told.intervals[1:]))
    root = parsed(timeline(told))
    hour = bars(root, "k-wait")[0] / 16
    axis = {one.text: float(one.get("x", "0")) for one in root.iter("text") if one.text}
    labels = [text for text in axis if text in {"Sat 23:00", "Sun 02:00", "Sun 04:00", "Sun 08:00"}]

    assert len(labels) > 1
    begin = {"Sat 23:00": 1, "Sun 02:00": 4, "Sun 04:00": 7, "Sun 08:00": 11}
    one, other = labels[0], labels[-1]
    assert axis[other] - axis[one] == pytest.approx((begin[other] - begin[one]) * hour, abs=0.3)


def test_neighbours_of_the_same_kind_are_one_stretch() -> None:
    """Four updates that changed nothing are one bar, and no time is lost."""
    told = story(*[(1, "Desk", "new", "wait")] * 4, (1, "Desk", "in_progress", "work"))
    joined = stretches(told)

    assert [one.us for one in joined] == [4 * HOUR, HOUR]


def test_nothing_is_drawn_after_the_end() -> None:
    """A ticket closed a year ago does not shrink to a line at the left."""
    closed = story((2, "Desk", "new", "work"), (9000, "Desk", "closed", "done"), lasts=False)
    root = parsed(timeline(closed))

    assert bars(root, "k-done") == []
    assert bars(root, "k-work")[0] > 900
    assert "resolved after 2.0 h" in timeline(closed)


def test_a_reopening_is_noted_and_the_time_resolved_is_drawn() -> None:
    """Between resolved and reopened it rested."""
    told = story(
        (90, "Desk", "new", "work"), (60, "Desk", "resolved", "done"), (80, "Desk", "new", "wait")
    )
    svg = timeline(told)
    assert "reopened" in svg
    assert len(bars(parsed(svg), "k-done")) == 1


def test_at_most_three_notes_that_never_touch() -> None:
    """Where there is no room between opening and now, the third is left to the table."""
    told = story(
        (1, "Desk", "new", "work"), (0.5, "Desk", "resolved", "done"), (300, "Desk", "new", "wait")
    )
    notes = re.findall(r'class="note"[^>]*>([^<]+)<', timeline(told))
    assert notes == ["opened", "now: open 12.6 days"]


def test_a_moment_is_still_to_be_seen() -> None:
    """Five minutes in half a year have a bar."""
    told = story((1 / 12, "Desk", "new", "wait"), (4000, "Group 20", "assigned", "work"))
    assert bars(parsed(timeline(told)), "k-wait") == [1.5]


@pytest.mark.parametrize("hours", [0, 0.2, 30, 200, 1500, 20000])
def test_every_length_of_life_gets_an_axis_that_fits(hours: float) -> None:
    """From no time at all to years: labels stand apart and inside the picture."""
    root = parsed(timeline(story((hours, "Desk", "new", "wait"))))
    places = [float(one.get("x", "0")) for one in root.iter("text") if one.get("class") == "ax"]
    ticks = sorted(x for x in places if x > 0)

    assert all(b - a >= WIDE.label - 0.2 for a, b in pairwise(ticks))
    assert all(x < WIDE.width for x in ticks)


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_hostile_teams_stay_teams(shape: Shape) -> None:
    """In lanes, titles and the spoken name."""
    told: TicketStory = story((1, HOSTILE, "new", "wait"), (1, None, "new", "wait"))
    svg = timeline(told, shape)
    assert "<script" not in svg
    assert "No team yet" in svg
