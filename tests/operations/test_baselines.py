"""Baselines over a desk: what is frozen, who signs, and what the charts then draw."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.analysis.baselines.pooling import Between
from opsgauge.foundation.agreed import Condition, Series
from opsgauge.foundation.errors import (
    FileUnreadable,
    NotAllowed,
    QueryWrong,
    TooFewPoints,
    UnknownRecord,
)
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.baselines import Baseline, baselines
from opsgauge.metrics.question import Question
from opsgauge.operations.baseline_numbers import pooling_words
from opsgauge.operations.baselines import (
    Freezing,
    baseline_state,
    baseline_states,
    freeze,
    object_to,
    sign,
)
from opsgauge.operations.benchmarks import benchmarks_beside, load_benchmarks
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.context import Context
from opsgauge.operations.home import home
from opsgauge.operations.looked import look, weeks
from opsgauge.operations.measure import chart
from opsgauge.operations.opened import Readers
from opsgauge.operations.phrases import chart_sentence
from opsgauge.operations.rebasing import (
    ExcludedPoint,
    Rebase,
    exclude_point,
    rebase,
    undo_exclusion,
    undo_rebase,
)
from opsgauge.operations.targets import target_states
from tests.conftest import MAPPING, Intake

MONDAY = date(2026, 1, 5)
TEAM_A, TEAM_B = Condition("team", ("A",)), Condition("team", ("B",))
SERIES = Series("time_to_resolve", "", (TEAM_A,), "week")
WEEKS, STORM, EASED = 40, 14, 25  # so many, the one with a storm, the first of a faster process
NINTH = replace(SERIES, statistic="p90")  # a chart of its own, with the same values
PARTS_OF_NINTH = ("time_to_resolve", "p90", (TEAM_A,), "week")
QUESTION = Question("time_to_resolve", where=(TEAM_A,), period="week")


def hours_of(week: int) -> int:
    """Return what tickets of team A take: 4 and 6 in turn, 20 in the storm, half in the end."""
    usual = 4 + 2 * (week % 2)
    return 20 if week == STORM else usual // 2 if week >= EASED else usual


OTHERS = (("priority", 0.2), ("service", 0.08))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return forty weeks of two teams: A as above, half of it worked on; B takes an hour."""
    intake = Intake(tmp_path_factory.mktemp("baselines"))
    rows = ["number,at,state,team,who"]
    for week in range(WEEKS + 1):
        day = MONDAY + timedelta(days=7 * week)
        half = hours_of(week) * 30
        for count in range(2):
            name = f"A{week}-{count}"
            rows.append(f"{name},{day} 00:00,New,A,x")
            rows.append(f"{name},{day} {half // 60:02}:{half % 60:02},Work,A,x")
            rows.append(f"{name},{day} {half // 30:02}:00,Done,A,x")
        rows += [f"B{week},{day} 08:00,New,B,x", f"B{week},{day} 09:00,Done,B,x"]
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    intake.context = replace(intake.context, readers=Readers(remember=True))
    yield intake
    intake.close()


def label(week: int) -> str:
    """Return the label of a week of the desk."""
    year, number, _ = (MONDAY + timedelta(days=7 * week)).isocalendar()
    return f"{year}-W{number:02}"


def signed(ctx: Context, number: int) -> Baseline:
    """Sign a baseline by two who are named."""
    sign(ctx, number, "owner", "Ana")
    return sign(ctx, number, "frontline", "Bo")


def of_team(ctx: Context, series: Series = SERIES) -> Charted:
    """Return the chart of team A; what is agreed is read anew."""
    return chart(replace(ctx), replace(QUESTION, statistic=series.statistic or None))


@pytest.mark.row("BAS-01")
def test_a_baseline_holds_its_numbers_and_from_what_they_are(desk: Intake) -> None:
    """Limits as the chart has them, n, the spread of its tickets, versions, who and when."""
    made = freeze(desk.context, Freezing(SERIES, label(0), label(11)))
    numbers = made.numbers
    # 4, 6, 4 … : the mean is 5, each step 2.
    assert (numbers["centre"], numbers["mean_moving_range"]) == (5.0, 2.0)
    assert (numbers["lower"], numbers["upper"]) == pytest.approx((5 - 5.32, 5 + 5.32))
    assert (numbers["periods"], numbers["n"]) == (12, 24)
    assert numbers["distribution"] == {
        "n": 24,
        "least": 4.0,
        "most": 6.0,
        "p10": 4.0,
        "p25": 4.0,
        "p50": 5.0,
        "p75": 6.0,
        "p90": 6.0,
        "p95": 6.0,
    }
    assert (made.first, made.last, made.state) == (label(0), label(11), "provisional")
    assert (made.data_version, made.made_by) == (desk.version().version, "local")
    assert made.definition == desk.context.catalogue.get("time_to_resolve").definition_hash
    assert made.series.statistic == "median"
    [line] = lines(desk.context.database, subject="metric time_to_resolve")[:1]
    assert (line.action, line.after["numbers"]["n"]) == ("baseline:freeze", 24)  # type: ignore[index,call-overload]


@pytest.mark.row("BAS-07")
def test_it_tells_time_worked_from_time_waited_in_each_step(desk: Intake) -> None:
    """New is waiting, in progress is work; half and half here, and they add up to all."""
    numbers = freeze(desk.context, Freezing(SERIES, label(0), label(11))).numbers
    steps = {each["phase"]: each for each in numbers["steps"]}
    assert steps["new"] == {
        "phase": "new",
        "team": "A",
        "touch": False,
        "tickets": 24,
        "hours": 60.0,
    }
    assert (steps["in_progress"]["touch"], steps["in_progress"]["hours"]) == (True, 60.0)
    assert numbers["touch_hours"] + numbers["wait_hours"] == sum(
        value["value"] * value["n"] for value in numbers["values"]
    )


@pytest.mark.row("BAS-04")
def test_one_number_that_hides_two_teams_is_told_with_the_split(desk: Intake) -> None:
    """How much lies between them, from what to what, and what to do; not of one team alone."""
    pooled = freeze(desk.context, Freezing(replace(SERIES, segment=()), label(0), label(11)))
    [said] = pooled.numbers["pooling"]
    assert said.startswith(
        "95\u202f% of what varies lies between teams: typically from 1.0 h for B"
    )
    assert "Freeze one baseline for each team." in said
    alone = freeze(desk.context, Freezing(SERIES, label(0), label(11)))
    assert alone.numbers["pooling"] == []


def test_of_several_splits_one_is_asked_for() -> None:
    """The one with the largest share; the others are named with theirs in one sentence."""
    team = Between("team", 0.61, 0.0, 3, ("A", 1.0), ("B", 9.0))
    others = [replace(team, dimension=each, share=share) for each, share in OTHERS]
    [said] = pooling_words([team, *others], "hours")

    assert said.count("Freeze one baseline") == 1
    assert "for each team. Less lies between priorities (20\u202f%), services (8\u202f%)." in said
    assert pooling_words([], "hours") == []


@pytest.mark.row("BAS-05")
def test_it_needs_periods_enough_and_a_steady_process_or_a_reason(desk: Intake) -> None:
    """Twelve; a warning under twenty; a special cause has to be excluded or accepted in words."""
    ctx = desk.context
    with pytest.raises(TooFewPoints, match="needs 12 periods with a value or more; here are 11"):
        freeze(ctx, Freezing(SERIES, label(0), label(10)))
    [warned] = freeze(ctx, Freezing(SERIES, label(0), label(11))).numbers["warnings"]
    assert "stands on 12 periods" in warned

    storm = Freezing(SERIES, label(0), label(20))
    with pytest.raises(QueryWrong, match="1 week breaks a rule") as wrong:
        freeze(ctx, storm)
    assert label(STORM) in wrong.value.message
    assert wrong.value.hint is not None
    assert "Why on the page" in wrong.value.hint
    assert "--accept on the command line" in wrong.value.hint
    accepted = freeze(ctx, replace(storm, accept="The storm belongs to it."))
    assert accepted.accepted_why == "The storm belongs to it."
    assert accepted.numbers["special_causes"] == {label(STORM): ["outside_limits"]}

    point = exclude_point(ctx, ExcludedPoint(SERIES, label(STORM), "A storm."))
    kept = freeze(ctx, replace(storm, accept="Not needed."))
    assert (kept.numbers["periods"], kept.numbers["centre"], kept.accepted_why) == (20, 5.0, "")
    assert kept.numbers["excluded"] == {label(STORM): "A storm."}
    assert kept.numbers["warnings"] == []
    undo_exclusion(ctx, point.number, "Tidy.")


@pytest.mark.row("BAS-02")
def test_it_is_provisional_until_two_people_have_signed(desk: Intake) -> None:
    """An owner and another who does the work; who is not signed in is named, and it says so."""
    ctx = desk.context
    made = freeze(ctx, Freezing(SERIES, label(0), label(11)))
    with pytest.raises(QueryWrong, match="has to be named"):
        sign(ctx, made.number, "owner")
    half = sign(ctx, made.number, "owner", "Ana  Lima")
    assert (half.state, half.signatures) == (
        "provisional",
        ("Ana Lima (owner, named, not signed in)",),
    )
    with pytest.raises(QueryWrong, match=r"has signed baseline \d+ as owner"):
        sign(ctx, made.number, "frontline", " ana LIMA")
    with pytest.raises(QueryWrong, match="so cannot sign it as frontline"):
        sign(ctx, made.number, "frontline", "Local")
    with pytest.raises(QueryWrong, match="signed already by Ana Lima"):
        sign(ctx, made.number, "owner", "Cleo")
    against = object_to(ctx, made.number, "Nights are missing.", "Cleo")
    assert [each.why for each in against.objections] == ["Nights are missing."]
    assert sign(ctx, made.number, "frontline", "Bo").state == "signed"
    state = baseline_state(ctx, made.number)
    assert state.as_json()["voices"][1]["why"] == "Nights are missing."
    assert verify(ctx.database).holds
    with pytest.raises(QueryWrong, match="Nobody signs as 'witness'"):
        sign(ctx, made.number, "witness", "Dan")
    with pytest.raises(UnknownRecord, match="no baseline 999"):
        sign(ctx, 999, "owner", "Ana")


def test_who_is_signed_in_signs_for_themselves_within_their_records(desk: Intake) -> None:
    """A viewer of the team may sign for it, its freezer and another team's viewer may not."""
    otto, fay, eve = (
        replace(desk.context, actor=Actor(name, (Assignment(role, (team,)),)))
        for name, role, team in (
            ("otto", "service owner", TEAM_A),
            ("fay", "viewer", TEAM_A),
            ("eve", "viewer", TEAM_B),
        )
    )
    made = freeze(otto, Freezing(SERIES, label(0), label(11)))
    with pytest.raises(NotAllowed, match="viewer may not"):
        sign(fay, made.number, "owner")
    with pytest.raises(NotAllowed, match="only for records where team is B"):
        sign(eve, made.number, "frontline")
    with pytest.raises(QueryWrong, match="otto froze"):
        sign(otto, made.number, "frontline")
    with pytest.raises(QueryWrong, match="fay is signed in, and cannot sign for Gus"):
        sign(fay, made.number, "frontline", "Gus")
    sign(otto, made.number, "owner")
    assert sign(fay, made.number, "frontline").signatures == ("otto (owner)", "fay (frontline)")
    with pytest.raises(NotAllowed, match="may freeze baselines only for records where team is A"):
        freeze(otto, Freezing(replace(SERIES, segment=()), label(0), label(11)))
    assert [each.baseline.number for each in baseline_states(fay)] == [made.number]
    assert baseline_states(eve) == []
    with pytest.raises(NotAllowed):
        baseline_state(eve, made.number)
    everybody = replace(desk.context, actor=everywhere("vi", "viewer"))
    assert any(
        each.number == made.number for each in (s.baseline for s in baseline_states(everybody))
    )


@pytest.mark.row("BAS-01")
def test_only_a_signed_baseline_moves_the_chart_and_a_newer_one_takes_over_when_signed(
    desk: Intake,
) -> None:
    """Before, the chart has limits of its own; the numbers drawn are those that were signed."""
    ctx = desk.context
    first = freeze(ctx, Freezing(SERIES, label(0), label(11)))
    signed(ctx, first.number)
    drawn = of_team(ctx)
    assert (drawn.centre, drawn.lower, drawn.upper) == pytest.approx((5.0, -0.32, 10.32))
    [phase] = drawn.phases
    assert (phase.frozen and phase.frozen.number) == first.number
    # Against frozen limits the faster weeks are all on one side.
    assert "shift" in drawn.points[WEEKS - 1].signals

    second = freeze(ctx, Freezing(SERIES, label(EASED), label(EASED + 12)))
    assert of_team(ctx).phases[0].frozen == phase.frozen
    signed(ctx, second.number)
    assert of_team(ctx).centre == pytest.approx(2.538, abs=0.001)
    states = {
        each.baseline.number: each.baseline.state for each in baseline_states(ctx, ended=True)
    }
    assert (states[first.number], states[second.number]) == ("superseded", "signed")
    with pytest.raises(QueryWrong, match="was superseded"):
        object_to(ctx, first.number, "Late.", "Cleo")


@pytest.mark.row("SPC-05")
def test_frozen_limits_a_rebase_and_an_excluded_point_hold_together(desk: Intake) -> None:
    """Each phase by itself, the storm shown and not counted; undone, all is as it was."""
    ctx = desk.context
    signed(ctx, freeze(ctx, Freezing(NINTH, label(0), label(11))).number)
    why = {"why": "It stays.", "event": "A new tool.", "event_day": date(2026, 6, 29)}
    mark = rebase(ctx, Rebase(*PARTS_OF_NINTH, at=label(EASED), **why))  # type: ignore[arg-type]
    point = exclude_point(ctx, ExcludedPoint(NINTH, label(STORM), "A storm."))
    drawn = of_team(ctx, NINTH)
    before, after = drawn.phases
    assert (before.centre, before.frozen is not None) == (5.0, True)
    assert (after.first, after.frozen) == (label(EASED), None)
    assert after.centre == pytest.approx(2.533, abs=0.001)
    storm = next(each for each in drawn.points if each.period == label(STORM))
    assert (storm.value, storm.excluded, storm.judged) == (20.0, "A storm.", False)
    assert not any(each.signals for each in drawn.points if each.judged)
    assert chart_sentence(drawn).startswith("Steady")

    with pytest.raises(QueryWrong, match=r"begins anew with .* cannot hold both sides"):
        freeze(ctx, Freezing(NINTH, label(20), label(36)))
    newest = freeze(ctx, Freezing(NINTH))
    assert (newest.first, newest.last) == (label(EASED), label(WEEKS - 1))
    signed(ctx, newest.number)
    # The phase that is over keeps the limits that were signed for it.
    assert [phase.frozen is not None for phase in of_team(ctx, NINTH).phases] == [True, True]
    undo_rebase(ctx, mark.number, "Tidy.")
    undo_exclusion(ctx, point.number, "Tidy.")
    # Of one phase each baseline holds from its own first period on.
    held = of_team(ctx, NINTH).phases
    assert [each.frozen and each.frozen.first for each in held] == [label(0), label(EASED)]


@pytest.mark.row("SPC-05")
def test_a_phase_that_has_just_begun_is_shown_and_not_judged(desk: Intake) -> None:
    """Until it has eight periods; the limits before it stay where they were."""
    ctx = desk.context
    mark = rebase(ctx, Rebase(*PARTS_OF_NINTH, at=label(36), why="It stays.", event="A new tool."))
    drawn = of_team(ctx, NINTH)
    assert drawn.waits
    assert [each.judged for each in drawn.points[-3:]] == [False, False, False]
    assert "4 of the 8 weeks that new limits need are there" in chart_sentence(drawn)
    undo_rebase(ctx, mark.number, "Tidy.")


@pytest.mark.row("BAS-06")
def test_a_baseline_is_no_target(desk: Intake) -> None:
    """It sets none, and says so."""
    made = freeze(desk.context, Freezing(SERIES, label(0), label(11)))
    assert target_states(desk.context) == []
    told = baseline_state(desk.context, made.number).as_json()
    assert (told["is_target"], "goal" in told) == (False, False)


def test_who_does_not_see_all_of_a_segment_gets_no_limits_frozen_of_it(desk: Intake) -> None:
    """They would tell of records that are hidden from them."""
    ctx = desk.context
    whole = replace(SERIES, segment=())
    made = freeze(ctx, Freezing(whole, label(0), label(11)))
    signed(ctx, made.number)
    asked = replace(QUESTION, where=())
    assert chart(replace(ctx), asked).phases
    fay = replace(ctx, actor=Actor("fay", (Assignment("viewer", (TEAM_A,)),)))
    assert not chart(fay, asked).phases


@pytest.mark.parametrize(
    ("changed", "wrong", "said"),
    [
        ({"to": "2027-W01"}, QueryWrong, "outside the records"),
        ({"from_": "2026-W30", "to": "2026-W20"}, QueryWrong, "lies after"),
        ({"to": "2026-10-12"}, QueryWrong, "is not over"),
        ({"series": replace(SERIES, statistic="p17")}, QueryWrong, "p17"),
        ({"series": replace(SERIES, period="all")}, QueryWrong, "no period 'all'"),
        ({"accept": "x" * 2_001, "from_": "2026-W02", "to": "2026-W20"}, QueryWrong, "longer than"),
    ],
)
def test_what_cannot_be_frozen(
    desk: Intake, changed: dict[str, object], wrong: type[Exception], said: str
) -> None:
    """Nothing is kept of it."""
    before = len(baselines(desk.context.database, ended=True))
    with pytest.raises(wrong, match=said):
        freeze(desk.context, replace(Freezing(SERIES), **changed))  # type: ignore[arg-type]
    assert len(baselines(desk.context.database, ended=True)) == before


@pytest.mark.row("BAS-09")
def test_a_benchmark_comes_after_the_own_baseline_and_changes_no_limit(desk: Intake) -> None:
    """Of all tickets, else of a practice; what differs is said, and the chart is as it was."""
    ctx = desk.context
    series = replace(SERIES, statistic="mean", segment=(Condition("practice", ("incident",)),))
    question = replace(QUESTION, statistic="mean", where=series.segment)
    before = chart(replace(ctx), question)
    heads = "metric,statistic,source,date,peer_group,percentile,value,differences"
    line = "time_to_resolve,mean,A survey,2025-06-30,Banks,50,9.5,Weekends too."
    load_benchmarks(ctx, f"{heads}\n{line}\n".encode())
    [alone] = benchmarks_beside(ctx)
    assert alone.sentence().startswith("No baseline of one’s own is signed yet")
    assert chart(replace(ctx), question).points == before.points
    made = signed(ctx, freeze(ctx, Freezing(series, label(0), label(11))).number)
    [told] = benchmarks_beside(ctx)
    assert told.as_json()["own"]["baseline"] == made.number
    assert told.sentence() == (
        "Own baseline 3.7 h (practice is incident). Banks, percentile 50: 9.5 h (A survey, "
        "2025-06-30). Differs: Weekends too."
    )
    with pytest.raises(FileUnreadable, match="line 2: time_to_resolve has no statistic 'p17'"):
        load_benchmarks(ctx, f"{heads}\n{line.replace('mean', 'p17')}\n".encode())
    share = line.replace("time_to_resolve,mean", "reopened_share,")
    with pytest.raises(FileUnreadable, match="line 2: a share lies between 0 and 1"):
        load_benchmarks(ctx, f"{heads}\n{share}\n".encode())


@pytest.mark.row("BAS-01")
def test_home_and_the_catalogue_go_by_what_is_agreed_at_once(desk: Intake) -> None:
    """What was looked at before is looked at anew, and so it is when it is undone."""
    ctx, where = desk.context, (TEAM_B,)

    def phases() -> int:
        looked = look(replace(ctx), weeks(ctx), where)["time_to_resolve"]
        shown = home(replace(ctx), where)
        [card] = [each for each in shown.cards if each.looked.metric == "time_to_resolve"]
        assert looked.charted is not None
        assert card.looked.charted is not None
        assert len(card.looked.charted.phases) == len(looked.charted.phases)
        return len(looked.charted.phases)

    assert phases() == 0
    parts = ("time_to_resolve", "", where, "week")
    mark = rebase(ctx, Rebase(*parts, at=label(30), why="It stays.", event="A new tool."))
    assert phases() == 2
    undo_rebase(ctx, mark.number, "Tidy.")
    assert phases() == 0
