"""Charts of what lies between rare events, from records to limits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.errors import QueryWrong, TooFewPoints
from opsgauge.metrics.question import Question
from opsgauge.operations.about_chart import told
from opsgauge.operations.charting import charting
from opsgauge.operations.drawing.control_chart import control_chart
from opsgauge.operations.measure import chart
from tests.conftest import MAPPING, Intake

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
# Days after the first on which a major incident was opened; the fourth day has two, 6 h apart.
DAYS = (0, 9, 20, 28, 28.25, 40, 49, 61, 70, 82, 90, 99)
OPENED = Question("tickets_opened", period="week", where=())
REOPENED = Question("reopened_share", period="week")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of twelve tickets in a hundred days; what it knows ends on day 110."""
    intake = Intake(tmp_path_factory.mktemp("rare"))
    rows = ["number,at,state,team,who"]
    for place, days in enumerate(DAYS):
        at = BEGIN + timedelta(days=days)
        rows.append(f"M{place},{at:%Y-%m-%dT%H:%MZ},New,Desk,ann")
    last = BEGIN + timedelta(days=110)
    rows.append(f"M0,{last:%Y-%m-%dT%H:%MZ},Done,Desk,ann")
    intake.takes("\n".join(rows), mapping=MAPPING)
    yield intake
    intake.close()


@pytest.mark.row("SPC-01")
def test_days_between_are_points_of_their_own(desk: Intake) -> None:
    """Nine days, eleven, then eight and a quarter for two; since the last eleven days."""
    seen = chart(desk.context, OPENED, charting("t"))

    assert seen.chart == "t"
    assert seen.between
    assert (seen.measured.unit, seen.measured.statistic) == ("hours", "time between")
    assert [(p.period, p.value, p.n) for p in seen.points[:3]] == [
        ("2026-01-14", 9 * 24, 1),
        ("2026-01-25", 11 * 24, 1),
        ("2026-02-02", 8.25 * 24 / 2, 2),
    ]
    newest = seen.points[-1]
    assert (newest.period, newest.value, newest.complete) == ("2026-04-25", 11 * 24, False)
    assert sum(p.n for p in seen.points) == len(DAYS) - 1
    assert 0 <= seen.lower < seen.centre < seen.upper
    assert seen.judged is not None
    assert seen.judged.notes[0] == "Since it happened last: 11.0 days."


@pytest.mark.row("SPC-01")
def test_the_chooser_proposes_and_draws_it(desk: Intake) -> None:
    """Twelve in sixteen weeks; an XmR chart says that another would suit, "auto" draws it."""
    usual = told(desk.context, chart(desk.context, OPENED))
    assert usual["chart"] == "xmr"
    assert usual["suited"]["chart"] == "t"
    drawn = chart(desk.context, OPENED, charting("auto"))
    assert drawn.chart == "t"
    assert drawn.why.startswith("It happens less than once a period")
    again = told(desk.context, drawn)
    assert (again["between"], again["suited"]["chart"]) == (True, "t")
    assert [each["period"] for each in again["points"]] == [p.period for p in drawn.points]


def test_what_is_good_turns_round_and_it_can_be_drawn(desk: Intake) -> None:
    """More tickets are neutral; a picture of it is one of days."""
    seen = chart(desk.context, OPENED, charting("t"))
    spec = control_chart(seen)
    assert len(spec["datasets"]["line"]) == len(seen.points)
    assert spec["description"].startswith("T chart of") or "t chart of" in spec["description"]


def test_a_lasting_change_begins_a_phase(desk: Intake) -> None:
    """From the first event on or after that day; none after it is refused."""
    with pytest.raises(QueryWrong, match="Nothing happened since"):
        chart(desk.context, OPENED, charting("t", rebase=["2026-12-01"]))
    seen = chart(desk.context, OPENED, charting("t", rebase=["2026-01-20"]))
    assert [phase.first for phase in seen.phases] == ["2026-01-14", "2026-01-25"]


def test_single_events_are_not_told_where_few_are_withheld(desk: Intake) -> None:
    """A workspace that withholds numbers of fewer than five shows no such chart."""
    settings = desk.context.workspace.settings.model_copy(update={"suppress_below": 5})
    workspace = replace(desk.context.workspace, settings=settings)
    ctx = replace(desk.context, workspace=workspace, held=None)
    with pytest.raises(QueryWrong, match="single events"):
        chart(ctx, OPENED, charting("t"))


def test_what_is_not_rare_is_refused(make_intake: Callable[..., Intake]) -> None:
    """Three a day are no rare events; six of them are too few for limits."""
    desk = make_intake()
    rows = ["number,at,state,team,who"]
    for place in range(60):
        at = BEGIN + timedelta(hours=8 * place)
        rows.append(f"T{place},{at:%Y-%m-%dT%H:%MZ},New,{'A' if place < 6 else 'B'},ann")
    desk.takes("\n".join(rows))
    with pytest.raises(QueryWrong, match="more than once a day"):
        chart(desk.context, OPENED, charting("t"))


def test_too_few_are_too_few(make_intake: Callable[..., Intake]) -> None:
    """Six days with one."""
    desk = make_intake()
    rows = ["number,at,state,team,who"]
    for place in range(6):
        at = BEGIN + timedelta(days=14 * place)
        rows.append(f"T{place},{at:%Y-%m-%dT%H:%MZ},New,Desk,ann")
    desk.takes("\n".join(rows))
    with pytest.raises(TooFewPoints):
        chart(desk.context, OPENED, charting("t"))
