"""The control chart as a specification."""

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import opsgauge
from opsgauge.operations.drawing.control_chart import HEIGHT, Goal, as_svg, control_chart
from tests.operations.drawing.samples import HOSTILE, charted, weeks

THEME = Path(opsgauge.__file__).parent / "web" / "static" / "vega-theme.json"
VALUES = [0.3, 0.31, 0.5, None, 0.28, 0.1, 0.3, 0.33, 0.29]


def rows(specification: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of one named set of data."""
    data: list[dict[str, Any]] = specification["datasets"][name]
    return data


def test_each_period_is_drawn_once_by_its_verdict() -> None:
    """Of nine weeks one is worse, one better, one has no value and six are steady."""
    filled = control_chart(charted(VALUES))

    assert [len(rows(filled, kind)) for kind in ("day", "worse", "better")] == [6, 1, 1]
    assert rows(filled, "worse")[0]["y"] == pytest.approx(50)
    assert len(rows(filled, "still")) == 8


def test_a_missing_value_breaks_the_line() -> None:
    """A gap is passed on as one, never joined over and never zero."""
    assert [row["y"] for row in rows(control_chart(charted(VALUES)), "line")].count(None) == 1


def test_a_period_that_has_not_ended_is_hollow_and_off_the_line() -> None:
    """It is shown, but nothing is judged or joined by it."""
    chart = charted(VALUES)
    last = chart.points[-1]
    running = type(last)(last.period, 0.9, last.n, (), "steady", complete=False)
    filled = control_chart(type(chart)(**{**vars(chart), "points": (*chart.points[:-1], running)}))

    assert [row["y"] for row in rows(filled, "open")] == [pytest.approx(90)]
    assert rows(filled, "line")[-1]["y"] is None
    assert "not ended" in rows(filled, "open")[0]["tip"]["Note"]


def test_a_point_leads_to_its_tickets() -> None:
    """A period without an address is no link."""
    week = weeks(9)[2]
    filled = control_chart(charted(VALUES), {week: "/tickets?week=3"})

    assert [row["href"] for row in rows(filled, "touch")] == ["/tickets?week=3"]
    assert len(rows(filled, "still")) == 7


def test_the_tooltip_says_date_value_n_and_rule() -> None:
    """In this order, in words."""
    tip = rows(control_chart(charted(VALUES)), "worse")[0]["tip"]
    assert list(tip) == ["title", "Value", "n", "Signal"]
    assert tip["title"] == "Week 3, 18 to 24 Jan 2016"
    assert tip["Signal"] == "outside the limits"


def test_a_limit_where_no_value_can_be_is_not_drawn() -> None:
    """A share below 0 or above 100 % does not exist; the band ends at the edge."""
    filled = control_chart(charted(VALUES, limits=(-0.2, 0.5, 1.3)))

    assert rows(filled, "limits") == []
    assert [row["text"] for row in rows(filled, "ends")] == ["centre 50"]
    band = rows(filled, "band")[0]
    assert band["lower"] >= 0
    assert band["upper"] <= 100


def test_a_goal_is_a_line_from_its_first_period_with_its_label() -> None:
    """In the axis's unit, inside the axis, and said to those who do not see it."""
    begin = weeks(9)[4]
    filled = control_chart(charted(VALUES), goal=Goal(0.9, begin))

    [line] = rows(filled, "target")
    assert line["y"] == pytest.approx(90)
    assert rows(filled, "line")[4]["at"] == line["at"] < line["to"]
    assert "target 90" in [row["text"] for row in rows(filled, "ends")]
    [axis] = [one["value"] for one in filled["params"] if one["name"] == "yEnds"]
    assert axis[1] >= 90
    assert "target 90.0" in filled["description"]
    odd = control_chart(charted(VALUES), goal=Goal(0.055, begin))
    assert "target 5.5" in [row["text"] for row in rows(odd, "ends")]  # and not 6
    assert len(rows(filled, "limits")) == len(rows(control_chart(charted(VALUES)), "limits"))


@pytest.mark.parametrize(
    ("since", "lines"), [("2015-W01", 1), (weeks(9)[8], 1), ("2017-W01", 0), (None, 0)]
)
def test_a_goal_that_begins_after_the_chart_is_not_drawn(since: str | None, lines: int) -> None:
    """One that began before it is drawn from its left end."""
    goal = Goal(0.3, since) if since else None
    filled = control_chart(charted(VALUES), goal=goal)
    drawn = rows(filled, "target")
    assert len(drawn) == lines
    assert [row["text"].split()[0] for row in rows(filled, "ends")].count("target") == lines
    ends = next(one["value"] for one in filled["params"] if one["name"] == "xEnds")
    assert all(ends[0] <= row["at"] < row["to"] == ends[1] for row in drawn)


@pytest.mark.parametrize("limits", [(0.29, 0.3, 0.31), (0.01, 0.02, 0.03), (0.1, 0.5, 0.52)])
def test_labels_at_the_right_end_never_overlap(limits: tuple[float, float, float]) -> None:
    """Limits close to each other push their labels apart, inside the plot."""
    filled = control_chart(charted([0.3, 0.9, 0.02, 0.5], limits=limits))
    low, high = next(one["value"] for one in filled["params"] if one["name"] == "yEnds")
    places = [(row["y"] - low) / (high - low) * HEIGHT for row in rows(filled, "ends")]

    assert all(above - below > 15.9 for above, below in pairwise(places))
    assert min(places) >= -1e-6


def test_filling_takes_less_than_five_milliseconds() -> None:
    """Building a specification takes tens of them, so it is built once."""
    chart = charted([0.3 + (week % 7) / 100 for week in range(52)])
    control_chart(chart)
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        control_chart(chart)
        spent.append(time.perf_counter() - start)

    assert min(spent) < 0.005


def test_filling_one_chart_leaves_the_next_untouched() -> None:
    """The template is shared; what is filled in is not."""
    first = control_chart(charted(VALUES))
    before = json.dumps(first)
    control_chart(charted([0.9] * 20, unit="hours"))
    assert json.dumps(first) == before


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("unit", ["share", "hours", "tickets", "count"])
def test_it_draws_in_both_themes_and_every_unit(mode: str, unit: str) -> None:
    """Paper and mail get the same chart as the page."""
    theme = json.loads(THEME.read_text())[mode]
    svg = as_svg(control_chart(charted(VALUES, unit=unit)), theme)

    assert svg.startswith("<svg")
    assert theme["style"]["worse"]["fill"] in svg
    assert "#4c78a8" not in svg  # Vega's own blue would mean that a style of ours is not known
    assert "href" not in svg


def test_a_hostile_title_is_only_text() -> None:
    """The description holds the metric's title."""
    chart = charted(VALUES, title=HOSTILE)
    svg = as_svg(control_chart(chart), json.loads(THEME.read_text())["light"])
    assert "<script" not in svg


def test_the_drawing_is_said_in_words() -> None:
    """What it shows, its limits, and where the numbers are."""
    said = control_chart(charted(VALUES))["description"]
    assert "9 periods" in said
    assert "2 periods with a signal" in said
    assert "table" in said
