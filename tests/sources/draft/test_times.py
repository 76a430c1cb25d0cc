"""One list of formats for all moments, what comes first, and the zone."""

import pytest

from opsgauge.sources.draft import columns
from opsgauge.sources.draft.kinds import Kind, seen
from opsgauge.sources.draft.times import Written, written
from tests.sources.draft.conftest import Desk


def told(desk: Desk, text: str) -> Written:
    """Return how all moments of an export are written."""
    with desk.sheet(text) as sheet:
        every = [seen(each) for each in sheet.columns]
        return written(sheet, [each for each in every if each.among(Kind.MOMENT)])


def test_a_column_that_is_open_follows_one_that_is_not(desk: Desk) -> None:
    """With the value that proves it."""
    found = told(desk, "opened,closed\n05/01/2026,06/01/2026\n06/01/2026,25/01/2026\n")

    assert found.formats == ("%d/%m/%Y",)
    assert found.why == "25 in '25/01/2026' can only be a day, so the day comes first"
    assert not found.doubt


def test_columns_that_contradict_each_other_are_told(desk: Desk) -> None:
    """No list of formats reads both right."""
    found = told(desk, "opened,closed\n13/01/2026,01/14/2026\n14/01/2026,01/15/2026\n")

    assert found.doubt
    assert "check both" in found.why


def test_rows_beyond_the_first_can_settle_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read for that alone."""
    monkeypatch.setattr(columns, "CLOSELY", 3)
    found = told(desk, "at\n" + "01/02/2026\n" * 5 + "01/31/2026\n")

    assert (found.formats, found.doubt) == (("%m/%d/%Y",), False)
    assert "over the whole file" in found.why


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (("01/02/2026", "01/03/2026", "01/04/2026"), "%m/%d/%Y"),
        (("01/02/2026", "02/02/2026", "03/02/2026"), "%d/%m/%Y"),
        (("01/02/2026 8:00 AM",), "%m/%d/%Y %I:%M %p"),
        (("01/02/2026 08:00",), "%d/%m/%Y %H:%M"),
        (("01.02.2026",), "%d.%m.%Y"),
    ],
)
def test_what_no_value_settles_is_settled_by_habit_and_said(
    desk: Desk, values: tuple[str, ...], form: str
) -> None:
    """What varies more is the day; else the marks between the numbers."""
    found = told(desk, "at\n" + "\n".join(values) + "\n")

    assert (found.formats, found.doubt) == ((form,), True)
    assert "no value says" in found.why


@pytest.mark.parametrize(
    ("text", "zone", "sure"),
    [
        ("at\n2026-01-05T08:00:00Z\n", "", False),
        ("at\n2026-01-05 08:00\n", "UTC", False),
        ("created_utc\n2026-01-05 08:00\n", "UTC", True),
        ("at\n5 Jan 2026 08:00 CET\n", "Europe/Berlin", True),
    ],
)
def test_the_zone_is_told_or_asked_for(desk: Desk, text: str, zone: str, sure: bool) -> None:
    """By a name, by letters behind the moments; else UTC stands there, to be checked."""
    found = told(desk, text)

    assert (found.zone, bool(found.zone_why)) == (zone, sure)


def test_formats_are_tried_in_an_order_that_reads_right(desk: Desk) -> None:
    """Two figures for a year before four: the year 26 is long over."""
    found = told(desk, "a,b\n25/01/2026,25/01/26\n26/01/2026,2026-01-25\n")

    assert found.formats == ("iso", "%d/%m/%y", "%d/%m/%Y")
