"""Marks of events on a chart: few enough to be read, and none of a kind where not all fit."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.log.periods import label_of
from opsgauge.operations.drawing.control_chart import Told, control_chart
from opsgauge.operations.drawing.event_marks import IN_ORDER, MOST, event_marks
from opsgauge.operations.events import HOLIDAY, MAJOR, REBASE, RELEASE, Happening
from tests.operations.drawing.samples import charted

MONDAY = date(2016, 1, 4)
Periods = dict[str, list[Happening]]


def happened(*events: tuple[int, str, str]) -> Periods:
    """Return events by week, each of (week, kind, text)."""
    found: Periods = {}
    for week, kind, text in events:
        on = MONDAY + timedelta(weeks=week - 1)
        found.setdefault(label_of(on, "week"), []).append(Happening(on, kind, text, text, text))
    return {label: found[label] for label in sorted(found)}


def weeks(count: int) -> list[str]:
    """Return the labels of so many weeks."""
    return [label_of(MONDAY + timedelta(weeks=at), "week") for at in range(count)]


@pytest.mark.row("DSH-05")
def test_events_are_numbered_by_their_weeks_and_said_in_words() -> None:
    """Those of one week are one mark; tickets are counted."""
    made = event_marks(
        happened((3, RELEASE, "R1"), (3, RELEASE, "R2"), (8, HOLIDAY, "Carnival")), weeks(12)
    )

    assert [(each.number, each.first, each.words) for each in made.marks] == [
        (1, "2016-W03", "2 releases"),
        (2, "2016-W08", "holiday: Carnival"),
    ]
    assert made.marks[0].when == "18 to 24 Jan 2016"
    assert made.sentence == ""


@pytest.mark.row("DSH-05")
def test_a_kind_that_comes_too_often_is_counted_and_not_marked() -> None:
    """A release each week leaves room for what people decided, and for the two holidays."""
    weekly = [(week, RELEASE, f"R{week}") for week in range(1, 49)]
    made = event_marks(
        happened(*weekly, (20, REBASE, "New shifts"), (8, HOLIDAY, "A"), (40, HOLIDAY, "B")),
        weeks(48),
    )

    assert [each.words for each in made.marks] == [
        "holiday: A",
        "new normal: New shifts",
        "holiday: B",
    ]
    assert made.unmarked == {RELEASE: 48}
    assert made.sentence == "Not marked, so that the chart can be read: 48 releases."


@pytest.mark.row("DSH-05")
def test_neighbours_on_a_long_chart_are_one_mark() -> None:
    """Of 160 weeks, those within ten of each other."""
    made = event_marks(
        happened((50, MAJOR, "M1"), (55, MAJOR, "M2"), (62, MAJOR, "M3")), weeks(160)
    )

    assert [(each.first, each.last, each.words) for each in made.marks] == [
        ("2016-W50", "2017-W03", "2 major incidents"),
        ("2017-W10", "2017-W10", "1 major incident"),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 120), st.sampled_from(IN_ORDER)), max_size=60),
    st.integers(2, 120),
)
def test_marks_are_few_apart_and_leave_no_event_untold(
    events: list[tuple[int, str]], length: int
) -> None:
    """Every kind of the chart's periods is either marked with all its periods, or counted."""
    periods = happened(*((week, kind, f"{at}") for at, (week, kind) in enumerate(events)))
    labels = weeks(length)
    made = event_marks(periods, labels)

    assert len(made.marks) <= MOST
    places = [labels.index(each.first) for each in made.marks]
    assert all(later - earlier >= max(length / 16, 1) for earlier, later in pairwise(places))
    for label in labels:
        for each in periods.get(label, ()):
            marked = any(
                mark.first <= label <= mark.last and each.kind in mark.kinds for mark in made.marks
            )
            assert marked != (each.kind in made.unmarked)


@pytest.mark.row("DSH-05")
def test_the_chart_draws_each_mark_at_its_week_with_its_number() -> None:
    """As data of the specification, and said to those who do not see it."""
    made = event_marks(happened((3, MAJOR, "M1"), (6, HOLIDAY, "Day")), weeks(9))
    filled = control_chart(charted([0.3] * 9), told=Told(marks=made))

    rows = filled["datasets"]["marks"]
    assert [(row["text"], row["kind"]) for row in rows] == [("1", MAJOR), ("2", HOLIDAY)]
    assert rows[0]["at"] == filled["datasets"]["line"][2]["at"]
    assert "2 marks of events" in filled["description"]
    assert "marks" not in control_chart(charted([0.3] * 9))["description"]
