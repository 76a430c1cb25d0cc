"""Targets as people write them: numbers, days and conditions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, UnknownMetric
from opsgauge.foundation.settings import Workspace
from opsgauge.operations.aiming import Aim, number_in
from opsgauge.operations.context import Context


@pytest.fixture
def ctx(workspace: Workspace) -> Iterator[Context]:
    """Return an empty workspace east of Greenwich, half an hour after midnight there."""
    settings = workspace.settings.model_copy(update={"zone": "Asia/Tokyo"})
    held = Workspace(workspace.path, settings)
    made = Context(held, clock=lambda: datetime(2026, 1, 4, 15, 30, tzinfo=UTC))
    yield made
    made.database.close()


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("0.95", "share", 0.95),
        ("95%", "share", 0.95),
        ("99.9 %", "share", 0.999),
        (" 8.5 ", "hours", 8.5),
        (".5", "hours", 0.5),
        ("-20%", "percent", -20.0),
        ("\u221220", "percent", -20.0),
        ("+5", "percent", 5.0),
        ("1e-05", "share", 0.00001),
        ("1200", "tickets", 1200.0),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, unit: str, number: float) -> None:
    """To the last digit: 99.9 % is 0.999."""
    assert number_in(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("", "hours", "is no number to reach"),
        ("8,5", "hours", "Write it with a point"),
        ("8 h", "hours", "is no number to reach"),
        ("nan", "share", "is no number to reach"),
        ("inf", "hours", "is no number to reach"),
        ("1_000", "tickets", "is no number to reach"),
        ("\u0661\u0662", "tickets", "is no number to reach"),
        ("9" * 500, "hours", "is no number to reach"),
        ("1e999", "hours", "is no number to reach"),
        ("20%", "hours", "in percent, but this metric is in hours"),
    ],
)
def test_what_is_no_number_is_told(text: str, unit: str, said: str) -> None:
    """With how to write one."""
    with pytest.raises(QueryWrong) as wrong:
        number_in(text, unit)
    assert said in str(wrong.value)


def test_a_target_begins_today_where_no_day_is_given(ctx: Context) -> None:
    """On the workspace's clock."""
    target = Aim("reopened_share", "5%", where=["priority=1|2", " "], why="Why.").target(ctx)
    assert target.from_day == date(2026, 1, 5)
    assert (target.value, target.form, target.period) == (0.05, "number", "month")
    assert target.segment == (Condition("priority", ("1", "2")),)
    assert target.review_day is None


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        (Aim("", "1"), "needs a metric"),
        (Aim("time_to_resolve", "1", from_="5 Jan"), "from '5 Jan' is no date"),
        (Aim("time_to_resolve", "1", review="soon"), "review 'soon' is no date"),
        (Aim("time_to_resolve", "1", where=["team"]), "'team' is no condition"),
    ],
)
def test_what_is_not_written_as_it_should_is_told(ctx: Context, aim: Aim, said: str) -> None:
    """Whatever part of it it is."""
    with pytest.raises(QueryWrong, match=said):
        aim.target(ctx)
    with pytest.raises(UnknownMetric, match="time_to_resolve"):
        Aim("time_to_resolv", "1").target(ctx)
