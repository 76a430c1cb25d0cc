"""The picture of a replay: axes, the limit with its value, what fired, and known events."""

import re
from datetime import UTC, datetime

from opsgauge.operations.drawing.event_marks import Mark, Marks
from opsgauge.operations.drawing.replay_chart import Shown, replay_chart
from tests.operations.drawing.samples import HOSTILE

WEEKS = tuple((f"2026-W{week:02}", float(week), week > 20) for week in range(1, 25))
SHOWN = Shown(WEEKS, "hours", 20.0, "above")


def texts(shown: Shown) -> list[str]:
    """Return the words of a picture, in their order."""
    return [
        text.replace("\u202f", " ") for text in re.findall(r">([^<]+)<", replay_chart(shown, "x"))
    ]


def test_axes_have_values_and_dates_and_the_limit_says_its_own() -> None:
    """Values with their unit, dates with the year once; the limit as the rule has it."""
    found = texts(SHOWN)
    assert {"0", "10", "25 h", "above 20.0 h"} <= {*found}
    dates = [each for each in found if re.search(r"[A-Z][a-z]{2}", each) and "week" not in each]
    assert len([each for each in dates if "2025" in each or "2026" in each]) >= 1
    assert len(dates) > 4


def test_each_firing_says_when_and_how_much() -> None:
    """A diamond with its week and value; periods without a value have none, and break the line."""
    picture = replay_chart(SHOWN, "x")
    assert picture.count("c-con") == 4
    assert "22.0" in "".join(texts(SHOWN))
    gap = (*WEEKS[:10], ("2026-W11", None, True), *WEEKS[11:])
    assert replay_chart(Shown(gap, "hours", 20.0, "above"), "x").count("c-line") == 2
    assert replay_chart(Shown(gap, "hours", 20.0, "above"), "x").count("c-con") == 4


def test_known_events_and_marks_stand_on_the_time_axis() -> None:
    """Those within it; a mark by its number."""
    events = [datetime(2026, month, 3, tzinfo=UTC) for month in (2, 3)]
    marks = Marks((Mark(7, "2026-W05", "2026-W05", ("outage",), "then", "an outage"),))
    far = datetime(2020, 1, 1, tzinfo=UTC)
    shown = Shown(WEEKS, "hours", 20.0, "above", (*events, far), marks)
    picture = replay_chart(shown, "x")
    assert picture.count("c-now") == 2
    assert picture.count("c-note") == 1
    assert "7" in texts(shown)


def test_one_value_is_no_picture_and_words_stay_words() -> None:
    """Nothing to draw; a label is escaped."""
    assert replay_chart(Shown(WEEKS[:1], "hours", 20.0, "above"), "x") == ""
    assert "<script>" not in replay_chart(SHOWN, HOSTILE)
