"""Open tickets by how likely they break their promise, with exact time left."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from opsgauge.analysis.forecast.asked import PAIRS, Asked
from opsgauge.analysis.forecast.clock_stages import Stages
from opsgauge.analysis.forecast.risk import Model
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownServiceLevel
from opsgauge.governance.access import Actor
from opsgauge.log.related import CLOCKS
from opsgauge.operations.asking import conditions
from opsgauge.operations.breach_reasons import reason_words, reasons_of
from opsgauge.operations.breach_risk import OpenTicket, breach_risk
from opsgauge.operations.context import Context
from opsgauge.operations.learning import breach_risk_meanwhile
from opsgauge.operations.opened import Readers
from opsgauge.operations.service_levels import Clocks
from tests.conftest import Intake, seeing
from tests.operations.made_work import LEVEL, MAPPING, log

DAYS, UNTIL = 175, 16  # ends on a Monday afternoon, when much is open


def served(intake: Intake, days: int = DAYS, a_day: int = 30) -> Context:
    """Import the log with its service level."""
    intake.takes(log(days, a_day, UNTIL), mapping=MAPPING)
    (intake.workspace.path / "service_levels" / "desk.yaml").write_text(LEVEL)
    return replace(intake.context, readers=Readers(remember=True))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import half a year."""
    intake = Intake(tmp_path_factory.mktemp("desk"))
    yield served(intake)
    intake.close()


@pytest.mark.row("SLA-09")
def test_open_tickets_are_listed_with_the_time_each_has_left(desk: Context) -> None:
    """Those whose clock lasts and has not broken, as the clocks have it, to the microsecond."""
    told = breach_risk(desk, "in_time")
    clocks = desk.tables.related[CLOCKS.name]
    open_ = clocks.filter(clocks.state.isin(["running", "paused"]) & ~clocks.breached)
    rows = desk.opened().engine.run(open_.select("ticket_id", "left_us")).to_pylist()
    left = {row["ticket_id"]: row["left_us"] / 3_600_000_000 for row in rows}

    assert {each.ticket_id: each.left_hours for each in told.tickets} == left
    assert len(left) >= 5
    assert all(each.due_at for each in told.tickets)
    said = [each.probability or 0.0 for each in told.tickets]
    assert said == sorted(said, reverse=True)


@pytest.mark.row("SLA-09")
def test_the_slow_team_is_found_with_the_reason(desk: Context) -> None:
    """Of two tickets with as much used the one of the slow team is likelier to break."""
    told = breach_risk(desk, "in_time")
    tested = told.known.tested

    assert told.method == "model"
    assert tested is not None
    assert tested.brier < tested.brier_share
    slow = [e.probability for e in told.tickets if e.team == "Slow" and e.used_share < 0.6]
    quick = [e.probability for e in told.tickets if e.team == "Quick" and e.used_share < 0.6]
    assert slow
    assert quick
    assert min(each or 0 for each in slow) > max(each or 0 for each in quick)
    assert any(why.what == "team Slow" and why.odds > 1 for e in told.tickets for why in e.why)
    assert "Brier" in told.sentences()[0]


@pytest.mark.row("SLA-09")
def test_first_alerts_follow_what_a_late_one_costs(desk: Context) -> None:
    """The dearer a late ticket, the more tickets are worth an alert."""
    due = [
        sum(each.is_due for each in breach_risk(desk, "in_time", late_cost=cost).tickets)
        for cost in (0.01, 5.0, 100.0)
    ]
    assert due == sorted(due)
    assert due[0] < due[-1]
    with pytest.raises(QueryWrong, match="cannot cost"):
        breach_risk(desk, "in_time", late_cost=0)


def test_a_filter_and_a_scope_choose_tickets(desk: Context) -> None:
    """A filter lists fewer; who sees one team alone is told what was learnt from that one."""
    only = breach_risk(desk, "in_time", Clocks(conditions(["team=Slow"])))
    own = breach_risk(replace(desk, actor=seeing(*conditions(["team=Slow"]))), "in_time")

    assert {each.team for each in only.tickets} == {"Slow"}
    assert [e.ticket_id for e in only.tickets] != []
    assert {e.ticket_id for e in own.tickets} == {e.ticket_id for e in only.tickets}
    assert own.known.clocks < only.known.clocks
    with pytest.raises(QueryWrong, match="open now"):
        breach_risk(desk, "in_time", Clocks(from_=date(2026, 1, 1)))


def test_of_too_few_nothing_is_said_but_the_time_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Five days of tickets: no probability, and why; the rest stands."""
    intake = Intake(tmp_path_factory.mktemp("few"))
    told = breach_risk(served(intake, 5), "in_time")
    intake.close()

    assert told.method == "none"
    assert "Too few clocks were decided" in told.sentences()[0]
    assert told.tickets
    assert all(each.probability is None and not each.is_due for each in told.tickets)
    assert json.loads(json.dumps(told.as_json()))["alert"] is None


def test_what_is_not_there_or_not_allowed_is_refused(desk: Context) -> None:
    """A service level's name, and a right to see tickets."""
    with pytest.raises(UnknownServiceLevel, match="in_tme"):
        breach_risk(desk, "in_tme")
    with pytest.raises(NotAllowed):
        breach_risk(replace(desk, actor=Actor("nobody", ())), "in_time")


@pytest.mark.row("SLA-09")
def test_no_page_waits_for_what_is_learnt(desk: Context) -> None:
    """It says that it is being learnt, then gives the same; a fault is the same fault."""
    fresh = replace(desk, readers=Readers(remember=True), held=None)

    assert breach_risk_meanwhile(fresh, "in_time", patience=0.0) is None
    told = breach_risk_meanwhile(fresh, "in_time", patience=60.0)
    assert told is not None
    assert told.tickets == breach_risk(desk, "in_time").tickets
    with pytest.raises(UnknownServiceLevel):
        breach_risk_meanwhile(fresh, "in_tme")


@pytest.mark.parametrize(
    ("likely", "told"),
    [
        (True, "team A (odds × 1.6); 1 handoff (odds × 1.3); lowered by 1 pause (odds × 0.5)"),
        (False, "lowered by 1 pause (odds × 0.5), its target (odds × 0.8); team A (odds × 1.6)"),
    ],
)
def test_what_makes_it_so_is_said_first(likely: bool, told: str) -> None:
    """Of a likely breach what raises its odds, of another what lowers them; then the rest."""
    moves = {"team": 0.5, "handoffs": 0.25, "pauses": -0.7, "target": -0.2}
    asked = SimpleNamespace(clock=[0], words={name: [1] for name in moves}, load=[1.0])
    parts = np.array([[*moves.values(), *[0.0] * (len(PAIRS) + 1)]])
    [why] = reasons_of(
        cast(Stages, SimpleNamespace(named={"team": ["B", "A"]})),
        cast(Asked, asked),
        cast(Model, SimpleNamespace(parts=lambda _: parts)),
        [likely],
    )

    assert reason_words(why) == told


def test_no_reason_speaks_of_one_in_the_plural(desk: Context) -> None:
    """One pause, one handoff."""
    what = {why.what for each in breach_risk(desk, "in_time").tickets for why in each.why}

    assert what
    assert not {"1 pauses", "1 handoffs"} & what


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (None, "not known"),
        (1.0, "over 99 %"),
        (0.992, "over 99 %"),
        (0.98, "98 %"),
        (0.0, "under 1 %"),
    ],
)
def test_no_ticket_is_said_to_break_for_sure(probability: float | None, told: str) -> None:
    """A model tried on some thousand tickets knows nothing of the last percent."""
    ticket = OpenTicket("desk", "T1", 1, None, None, probability, 0.5, 1.0, None)

    assert ticket.chance().replace("\u202f", " ") == told


def test_an_alert_at_the_opening_marks_no_ticket(desk: Context) -> None:
    """It would be told of nearly all; later ones are marked."""
    told = breach_risk(desk, "in_time")
    [first, *_], later = told.points, told.points[3]
    opening = replace(told, points=(replace(first, cost=0.0),))
    half = replace(told, points=(later,))

    assert not opening.sorts
    assert "sorts nothing out" in opening.alert_sentence()
    assert opening.as_json()["alert_sorts"] is False
    assert half.sorts
    assert "50\u202f% of the target on" in half.alert_sentence()


def test_where_a_probability_is_off_it_says_which_way(desk: Context) -> None:
    """A tenth whose interval does not hold what was said; the Brier score has a sentence."""
    told = breach_risk(desk, "in_time")
    tested = told.known.tested
    assert tested is not None
    low = replace(tested.bins[0], n=1106, said=0.351, broke=0.411, low=0.382, high=0.44)
    high, fine = replace(low, said=0.5), replace(low, said=0.4)
    known = replace(told.known, tested=replace(tested, bins=(low, high, fine)))
    plain = replace(told, known=known).as_json()

    assert told.method == "model"
    assert [each["leaning"] for each in plain["reliability"]] == ["understates", "overstates", None]
    assert "0 is best" in plain["sentences"][1]
