"""A month on one page says the same numbers as the pages it sums up."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.question import Question
from opsgauge.operations.measure import measure
from opsgauge.operations.monthly import month, months
from tests.conftest import MAPPING, Intake

VARY = (0, 2, 1, 0, 1, 2, 2, 0, 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return sixteen months of one ticket a day; in the last whole month all takes far longer."""
    intake = Intake(tmp_path_factory.mktemp("monthly"))
    rows = ["number,at,state,team,who"]
    first, last = date(2025, 1, 1), date(2026, 5, 3)
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        hours = 2 + VARY[place % len(VARY)] + (10 if (day.year, day.month) == (2026, 4) else 0)
        rows.append(f"T{place},{day} 08:00,New,A,x")
        rows.append(f"T{place},{day} {8 + hours:02}:00,Done,A,x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


def test_the_newest_whole_month_is_told_with_those_it_is_held_against(desk: Intake) -> None:
    """April, beside March and the April before; every number as measured anywhere else."""
    found = month(desk.context)
    lines = {each.metric: each for each in found.lines}
    plain = measure(desk.context, Question("time_to_resolve", period="month"))
    values = {row.period: row.value for row in plain.rows}

    assert found.label == "2026-04"
    line = lines["time_to_resolve"]
    assert line.value is not None
    assert line.before is not None
    assert line.year_before is not None
    assert (line.value.value, line.before.value, line.year_before.value) == (
        values["2026-04"],
        values["2026-03"],
        values["2025-04"],
    )
    assert line.value.n == 30


def test_only_what_is_news_among_all_lines_is_coloured(desk: Intake) -> None:
    """Ten hours more are; as many tickets as ever are not."""
    found = month(desk.context)
    verdicts = {each.metric: each.verdict for each in found.lines}

    assert verdicts["time_to_resolve"] == "worse"
    assert verdicts["backlog"] in ("", "steady")
    assert "worse" in found.sentence()
    earlier = month(desk.context, "2026-02")
    assert {each.verdict for each in earlier.lines} <= {"steady", ""}
    assert earlier.sentence().startswith("nothing left its usual course")


@pytest.mark.parametrize(
    ("label", "told"),
    [("2026-05", "is no month"), ("2026-W10", "is no month"), ("2020-01", "that is over")],
)
def test_a_month_that_is_none_is_refused(desk: Intake, label: str, told: str) -> None:
    """The one that has not ended, a week, and one before the records."""
    with pytest.raises(QueryWrong, match=told):
        month(desk.context, label)
    assert months(desk.context)[0] == "2026-04"
    assert len(months(desk.context)) == 16
