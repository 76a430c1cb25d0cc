"""A month on one page says the same numbers as the pages it sums up."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Provenance, Value
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.check import check
from opsgauge.operations.measure import measure
from opsgauge.operations.monthly import MonthLine, month, months, untold
from opsgauge.operations.phrases import score_words
from tests.conftest import MAPPING, Intake

SLOS = """\
void:
  title: Not cancelled
  metric: cancelled_share
  where: [practice=incident]
  objective: 90%
  window: 30 days
asked:
  title: Requests not cancelled
  metric: cancelled_share
  where: [practice=request]
  objective: 90%
  window: 30 days
"""
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


@pytest.fixture(scope="module")
def slipping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a year of which each day has ten tickets, half of March cancelled and of no other.

    From April on, team B sends back what team A hands to it; what others get stays there.
    """
    intake = Intake(tmp_path_factory.mktemp("slipping"))
    rows = ["number,at,state,team,who"]
    first, last = date(2026, 1, 1), date(2026, 7, 3)
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        for one in range(10):
            name = f"T{place}-{one}"
            void = day.month == 3 and one < 5
            rows.append(f"{name},{day} 08:0{one},New,A,x")
            rows.append(f"{name},{day} 09:00,Work,{'B' if one % 2 else 'CDEFG'[one // 2]},y")
            if day.month > 3 and one % 2:
                rows.append(f"{name},{day} 10:00,Work,A,x")
            rows.append(f"{name},{day} 12:00,{'Void' if void else 'Done'},,")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    folder = intake.context.workspace.path / "slos"
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text(SLOS, "utf-8")
    yield intake
    intake.close()


def test_an_objective_is_told_as_it_stood_when_the_month_ended(slipping: Intake) -> None:
    """Spent in March, kept in February and in June; none is told of the days after."""
    told = {label: month(slipping.context, label) for label in ("2026-02", "2026-03", "2026-06")}
    states = {label: shown.objectives[0] for label, shown in told.items()}

    assert {label: str(each.state) for label, each in states.items()} == {
        "2026-02": "within budget",
        "2026-03": "budget spent",
        "2026-06": "within budget",
    }
    march = states["2026-03"]
    assert (march.from_, march.to) == (date(2026, 3, 2), date(2026, 3, 31))
    assert (march.budget.counted.total, march.budget.counted.bad) == (300, 150)
    assert "‘Not cancelled’, budget spent" in told["2026-03"].sentence()
    assert told["2026-03"].as_json()["objectives"][0]["to"] == "2026-03-31"


def test_what_is_found_is_of_the_month(slipping: Intake) -> None:
    """To and fro goes in June, not in March, though March is asked for afterwards."""
    june, march = (month(slipping.context, label) for label in ("2026-06", "2026-03"))

    assert "ping_pong" in {each.kind for each in june.findings}
    assert "ping_pong" not in {each.kind for each in march.findings}
    assert march.found_in == "all tickets opened in March 2026"
    assert all(each.evidence.query.endswith("opened up to 2026-03-31") for each in march.findings)


def test_what_is_of_another_practice_is_left_out(slipping: Intake) -> None:
    """An objective of requests says nothing of incidents; what names no practice concerns all."""
    incidents = month(slipping.context, "2026-03", (Condition("practice", ("incident",)),))

    assert [each.objective.name for each in incidents.objectives] == ["void"]
    assert {each.objective.name for each in month(slipping.context).objectives} == {
        "void",
        "asked",
    }
    assert incidents.which == "incidents"
    assert incidents.found_in == "incidents opened in March 2026"


def test_a_month_beyond_all_of_few_is_not_called_usual(slipping: Intake) -> None:
    """Half cancelled in the third of six months: too few for limits, or to tell; never as usual."""
    found = {each.metric: each for each in month(slipping.context, "2026-03").lines}

    assert found["time_to_resolve"].said != "As usual"
    record = next(
        each for each in month(slipping.context, "2026-06").lines if each.metric == "backlog"
    )
    assert record.said != "As usual"


@pytest.mark.parametrize(
    ("values", "newest", "told"),
    [
        ([300, 340, 250, 520, 260, 300, 310, 520], 515, "wide limits, too few months to tell"),
        ([300, 340, 250, 520, 260, 300, 310, 520], 375, ""),
        ([250, 400, 250, 500, 260, 450, 300, 520], 560, "the highest of 9, too few months to tell"),
        ([400, 410, 390, 405, 395, 400, 410, 390], 392, ""),
    ],
)
def test_few_months_are_said_where_they_cannot_tell(
    values: list[float], newest: float, told: str
) -> None:
    """Not the middle of wide limits, nor what is usual within narrow ones."""
    rows = [Value(f"2025-{at:02}", {}, 900, float(v)) for at, v in enumerate([*values, newest], 1)]
    value = rows[-1]
    line = MonthLine(
        *("backlog", "Backlog", "tickets", "lower", None), chart_of(rows), value, value, value
    )

    assert untold(line, "2025-09") == told


def chart_of(rows: Sequence[Value]) -> Charted:
    """Return the chart of months, its limits by how much neighbours differ."""
    values = [row.value or 0.0 for row in rows]
    moved = fmean(abs(b - a) for a, b in pairwise(values))
    centre, reach = fmean(values), 2.66 * moved
    points = tuple(ChartPoint(row.period, row.value, row.n, (), "steady", True) for row in rows)
    made = Measured(
        *("backlog", "Backlog", "tickets", "lower", "count", "month", (), (), tuple(rows)),
        Provenance(1, None, None, "", "UTC"),
        "Backlog.",
    )
    limits = (centre, centre - reach, centre + reach, moved)
    return Charted(made, "xmr", "making_data_count", *limits, points)


def test_one_score_of_the_data_is_told_everywhere(desk: Intake) -> None:
    """The check, its words, the month and its JSON: whole, and no more than there is."""
    shown, looked = month(desk.context), check(desk.context)

    assert shown.score == looked.score
    assert isinstance(shown.as_json()["score"], int)
    assert score_words(shown.score).startswith(f"{looked.as_json()['score']['value']} of 100")
