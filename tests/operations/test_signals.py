"""Signals over a desk: noted, no longer there, seen by whom they concern, and decided about."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownRecord, WorkspaceMissing
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.owners import Ownership
from opsgauge.governance.protocols import Protocol
from opsgauge.governance.signals import (
    CALM,
    HIGH,
    NOT_THERE,
    NOTICES,
    PAST,
    SIGNAL,
    TARGET,
    TO_DO,
    Signal,
    State,
)
from opsgauge.operations import signal_acts as acts
from opsgauge.operations.context import Context
from opsgauge.operations.health import Stand
from opsgauge.operations.how_it_stands import standings, summary
from opsgauge.operations.metric_load import metric_load
from opsgauge.operations.owners import set_owner
from opsgauge.operations.protocols import end_protocol, protocol_list, set_protocol
from opsgauge.operations.rebasing import rebases
from opsgauge.operations.signals import Line, chart_of, inbox, note_signals, signal
from opsgauge.operations.targets import end_target, set_target
from tests.conftest import MAPPING, Intake, seeing

MONDAY = date(2026, 1, 5)
NOW = datetime(2026, 8, 7, 9, tzinfo=UTC)  # a Friday
CALM_WEEKS = 30
USUAL = (5.0, 6.0, 5.5, 6.2, 5.2, 5.8)
A_WEEK = 20
METRIC = "time_to_resolve"
TEAM_A = Condition("team", ("A",))
OFFICE = 'title: Office\nzone: UTC\nweek: {monday-friday: ["09:00-17:00"]}\n'
LOOK = Protocol(METRIC, (), "owner", "", "Ask the team what is new.", 1, "office", "Users wait.")


def tickets(week: int, hours: float, many: int = A_WEEK, name: str = "T") -> list[str]:
    """Return the lines of a week's tickets, each of which takes so many hours."""
    day = datetime.combine(MONDAY + timedelta(weeks=week), datetime.min.time())
    lines = []
    for number in range(many):
        opened = day + timedelta(hours=8, minutes=number)
        done = opened + timedelta(hours=hours)
        lines += [
            f"{name}{week}-{number},{at:%Y-%m-%d %H:%M},{state},A,x"
            for at, state in ((opened, "New"), (done, "Done"))
        ]
    return lines


def taken(desk: Intake, *weeks: list[str]) -> None:
    """Import lines of tickets."""
    lines = ["number,at,state,team,who", *(line for week in weeks for line in week)]
    desk.takes("\n".join(lines) + "\n", mapping=MAPPING + "practice: incident\n")


def at(desk: Intake, moment: datetime = NOW, actor: Actor | None = None) -> Context:
    """Return the desk at a moment, in somebody's hands."""
    return replace(
        desk.context, clock=fixed_clock(moment), actor=actor or everywhere("ana", "administrator")
    )


def kept(ctx: Context, kind: str, metric: str = METRIC) -> list[Line]:
    """Return the signals of a kind and metric."""
    return [each for each in inbox(ctx, metric).lines if each.signal.kind == kind]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return thirty weeks of the usual coming and going."""
    desk = Intake(tmp_path_factory.mktemp("signals"))
    (desk.workspace.path / "calendars" / "office.yaml").write_text(OFFICE)
    with pytest.raises(WorkspaceMissing):
        note_signals(desk.context)
    assert inbox(desk.context).sentence() == "Nobody has looked for signals yet"
    weeks = [tickets(week, USUAL[week % 6]) for week in range(CALM_WEEKS)]
    taken(desk, *weeks, tickets(CALM_WEEKS, 12.0, many=1, name="S"))
    yield desk
    desk.close()


@pytest.mark.row("SPC-06")
@pytest.mark.row("ALR-06")
@pytest.mark.row("GOV-03")
def test_the_life_of_a_signal(calm: Intake) -> None:
    """A long calm is a notice; a slip starts the response; a restated number ends it all."""
    ctx = at(calm)
    note_signals(ctx)
    [quiet] = kept(ctx, CALM)
    assert (quiet.signal.sight.among, quiet.signal.place) == (28, NOTICES)
    assert quiet.sentence.startswith("No signal for 28 weeks. Steady between")
    [stands] = [each for each in standings(ctx) if each.metric == METRIC]
    assert quiet.sentence.endswith(stands.health.rule)  # one window, so the same limits and week
    drawn = chart_of(ctx, quiet.signal)
    assert drawn is not None
    seen = quiet.signal.sight
    assert (seen.lower, seen.upper) == pytest.approx((drawn.lower, drawn.upper))
    assert kept(ctx, SIGNAL) == []
    assert inbox(ctx).sentence() == "No signal is open; 2 notices"

    set_owner(ctx, Ownership("process", "incident", "owner", "Bo"))
    set_protocol(ctx, LOOK)
    taken(calm, tickets(CALM_WEEKS, 12.0), tickets(CALM_WEEKS + 1, 5.0, many=1, name="S"))
    noted = note_signals(ctx)
    [slip], [high] = kept(ctx, SIGNAL), kept(ctx, HIGH)
    assert slip.signal.number in noted.new
    assert noted.started == (slip.signal.number,)
    assert (slip.signal.sight.value, slip.signal.sight.verdict) == (12.0, "worse")
    assert slip.sentence.startswith("Above the upper limit (")
    assert high.sentence == "Highest of 31 weeks: 12.0 h in week 32."
    assert kept(ctx, CALM)[0].signal.place == PAST
    assert (slip.owner, slip.signal.due) == ("Bo", date(2026, 8, 10))  # over a weekend
    assert slip.signal.response is not None
    assert slip.signal.response.who == "Bo"
    assert inbox(ctx, METRIC).sentence() == "One signal is open; 1 notice"
    assert note_signals(ctx) == replace(noted, new=(), gone_on=(), ended=(), started=())


@pytest.mark.row("GOV-03")
@pytest.mark.row("DSH-04")
def test_what_is_overdue_needs_attention(calm: Intake) -> None:
    """Before anything else, and in the words of what is overdue; then a number is restated."""
    ctx = at(calm)
    [slip] = kept(ctx, SIGNAL)
    late = at(calm, NOW + timedelta(days=4))
    assert inbox(late, METRIC).sentence() == "One signal is open, 1 is overdue; 1 notice"
    assert inbox(late).lines[0].signal == slip.signal  # what is overdue comes first
    [worst] = [each for each in standings(late) if each.metric == METRIC]
    assert worst.health.stand == Stand.NEEDS_ATTENTION
    assert worst.health.rule == (
        f"Signal {slip.signal.number} should have been seen to by 2026-08-10."
    )
    [stand] = [each for each in standings(ctx) if each.metric == METRIC]
    assert (stand.health.stand, stand.health.rule) == (Stand.NEEDS_ATTENTION, slip.sentence)
    assert summary(standings(ctx)).startswith("Of ")

    taken(calm, tickets(CALM_WEEKS, 5.6, many=80, name="late"))
    note_signals(ctx)
    [gone] = kept(ctx, SIGNAL)
    assert (gone.signal.place, gone.overdue) == (NOT_THERE, False)
    assert gone.signal.gone is not None
    assert gone.signal.gone.data_version == calm.version().version
    assert (gone.signal.gone.told["then"], gone.signal.gone.told["now"]) == (12.0, 5.6)
    assert gone.as_json()["gone_in_version"] == calm.version().version
    chart = chart_of(ctx, gone.signal)
    assert chart is not None
    assert chart.points[-2].value == 5.6


@pytest.fixture(scope="module")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk whose last whole week is slow, noted for all tickets and for one team."""
    desk = Intake(tmp_path_factory.mktemp("slipped"))
    (desk.workspace.path / "calendars" / "office.yaml").write_text(OFFICE)
    weeks = [tickets(week, USUAL[week % 6]) for week in range(14)]
    taken(desk, *weeks, tickets(14, 12.0), tickets(15, 5.0, many=1))
    ctx = at(desk)
    set_protocol(ctx, replace(LOOK, segment=(TEAM_A,), who="role", name="service owner"))
    aim = Target(METRIC, "", (), "week", "number", 8.0, None, MONDAY, None, "Why.")
    set_target(ctx, aim)
    note_signals(ctx)
    yield desk
    desk.close()


def of_team(ctx: Context) -> Signal:
    """Return the signal of team A."""
    return next(
        each.signal
        for each in inbox(ctx).lines
        if each.signal.series.segment == (TEAM_A,) and each.signal.kind == SIGNAL
    )


@pytest.mark.row("SEC-01")
@pytest.mark.row("SPC-06")
def test_who_sees_a_part_sees_the_signals_of_that_part(slipped: Intake) -> None:
    """One over all tickets would tell of those that are hidden; its number is told to nobody."""
    whole, vendor = at(slipped), at(slipped, actor=seeing(TEAM_A))
    segments = {each.signal.series.segment for each in inbox(vendor).lines}
    assert segments == {(TEAM_A,)}
    assert () in {each.signal.series.segment for each in inbox(whole).lines}
    hidden = next(e.signal.number for e in inbox(whole).lines if not e.signal.series.segment)
    for act in (signal, lambda ctx, number: acts.dismiss(ctx, number, "x")):
        with pytest.raises((UnknownRecord, NotAllowed)):
            act(vendor, hidden)
    with pytest.raises(UnknownRecord, match=f"no signal {hidden}"):
        signal(vendor, hidden)
    assert signal(vendor, of_team(whole).number).signal == of_team(whole)
    other = at(slipped, actor=seeing(Condition("team", ("B",))))
    assert inbox(other).lines == ()
    assert protocol_list(other) == []
    with pytest.raises(NotAllowed, match="a role for all records is needed"):
        note_signals(at(slipped, actor=Actor("bo", (Assignment("analyst", (TEAM_A,)),))))


@pytest.mark.row("SPC-06")
def test_a_part_is_decided_about_by_who_answers_for_it(slipped: Intake) -> None:
    """A service owner of team A, for team A's signals; not one of team B, nor a viewer."""
    number = of_team(at(slipped)).number
    mine, theirs = (
        at(slipped, actor=Actor("cleo", (Assignment("service owner", (Condition("team", (t,)),)),)))
        for t in ("A", "B")
    )
    assert acts.dismiss(mine, number, "A server died.").state == State.DISMISSED
    assert signal(mine, number).signal.place == PAST
    with pytest.raises(UnknownRecord):
        acts.undo(theirs, number, "x")
    with pytest.raises(NotAllowed, match="viewer may not"):
        acts.undo(at(slipped, actor=everywhere("eve", "viewer")), number, "x")
    assert note_signals(at(slipped)).new == ()  # what was dismissed stays so in the same data
    assert acts.undo(mine, number, "It lives.").state == State.UNDONE


@pytest.mark.row("SPC-06")
@pytest.mark.row("SPC-05")
def test_a_lasting_change_is_rebased_with_its_event_and_undone(slipped: Intake) -> None:
    """The chart begins anew where the signal began; undone, both are as before."""
    ctx = at(slipped)
    number = of_team(ctx).number
    done = acts.rebase_signal(ctx, number, "New rota", "It stays.")
    [made] = rebases(ctx, METRIC)
    assert (done.state, made.event, made.at) == (State.REBASED, "New rota", "2026-W16")
    assert made.series == done.series
    step = done.last("rebased")
    assert step is not None
    assert step.told == {"rebase": made.number, "event": "New rota", "at": "2026-W16"}
    with pytest.raises(QueryWrong, match="is rebased"):
        acts.rebase_signal(ctx, number, "x", "y")
    assert acts.undo(ctx, number, "It went.").is_open
    assert rebases(ctx, METRIC) == []
    notice = kept(ctx, HIGH)[0].signal.number
    with pytest.raises(QueryWrong, match="Only a signal of a chart"):
        acts.rebase_signal(ctx, notice, "x", "y")


@pytest.mark.row("ALR-06")
@pytest.mark.row("GOV-03")
def test_a_missed_target_is_noted_until_it_ends(slipped: Intake) -> None:
    """As a slip of its own, in the words of the target; one that has ended is missed no more."""
    ctx = at(slipped)
    [missed] = kept(ctx, TARGET)
    assert missed.sentence == "Not met. Aim: at most 8.0 h. The newest week: 12.0 h."
    assert (missed.signal.sight.goal, missed.signal.place) == (8.0, TO_DO)
    assert missed.signal.response is None  # the protocol is for team A
    [stand] = [each for each in standings(ctx) if each.metric == METRIC]
    assert stand.health.rule == "Target, at most 8.0 h: not met."
    end_target(ctx, missed.signal.target, "Enough.")
    note_signals(ctx)
    [missed] = kept(ctx, TARGET)
    assert missed.signal.quiet_since == "2026-W17"


def test_somebody_is_named_with_a_day(slipped: Intake) -> None:
    """Either or both; a day that is over, or neither, is refused with what to do."""
    ctx = at(slipped)
    number = of_team(ctx).number
    assert signal(ctx, number).signal.response is not None
    given = acts.assign(ctx, number, " Cleo ", "2026-08-20")
    assert (given.assigned, given.due, signal(ctx, number).owner) == (
        "Cleo",
        date(2026, 8, 20),
        "Cleo",
    )
    for owner, due, message in (
        ("", "", "Nobody is named"),
        ("", "2026-08-06", "is over"),
        ("", "soon", "is no date"),
        ("x" * 501, "", "longer than"),
    ):
        with pytest.raises(QueryWrong, match=message):
            acts.assign(ctx, number, owner, due)
    acts.write_down(ctx, number, "Asked the team.")
    assert acts.finish(ctx, number, "Two people moved.").done
    for act, text in ((acts.write_down, " "), (acts.finish, ""), (acts.dismiss, "")):
        with pytest.raises(QueryWrong):
            act(ctx, number, text)


@pytest.mark.row("SPC-06")
def test_a_dismissed_outlier_still_counts_on_its_chart(slipped: Intake) -> None:
    """KPI Signals: outliers, dismissed or not, count in runs; so the chart is the same after."""
    ctx = at(slipped)
    found = of_team(ctx)
    before = chart_of(ctx, found)
    acts.dismiss(ctx, found.number, "A server died.")
    after = chart_of(ctx, found)
    assert before is not None
    assert after is not None
    assert (after.points, after.upper) == (before.points, before.upper)
    assert after.points[-2].signals == ("outside_limits",)
    acts.undo(ctx, found.number, "Again.")


@pytest.mark.row("GOV-13")
def test_who_has_too_many_metrics_is_told_with_the_reason(slipped: Intake) -> None:
    """Metrics of their own, those of their process that nobody owns, and those of a team."""
    ctx = at(slipped)
    for person, metric in (("Ana", METRIC), ("Ana", "backlog"), ("Bo", "handoffs_per_ticket")):
        set_owner(ctx, Ownership("metric", metric, "owner", person))
    set_owner(ctx, Ownership("metric", METRIC, "accountable", "Dora"))
    loads = {(each.kind, each.who): each for each in metric_load(ctx)}
    assert loads["owner", "Ana"].metrics == ("backlog", METRIC)
    assert loads["owner", "Dora"].metrics == (METRIC,)
    assert loads["team", "A"].metrics == (METRIC,)
    assert not any(each.too_many for each in loads.values())
    strict = ctx.workspace.settings.model_copy(update={"most_metrics": 1})
    narrow = replace(ctx, workspace=replace(ctx.workspace, settings=strict))
    [ana, *_] = metric_load(narrow)
    assert ana.too_many
    assert ana.sentence() == (
        "Ana answers for 2 metrics: more than 1 are not looked at one by one each week "
        "(most_metrics in opsgauge.toml)."
    )
    assert [each.kind for each in metric_load(at(slipped, actor=seeing(TEAM_A)))].count("team") == 1
    hidden = at(slipped, actor=seeing(Condition("team", ("B",))))
    assert "team" not in {each.kind for each in metric_load(hidden)}
    process = set_owner(ctx, Ownership("process", "incident", "owner", "Eve"))
    of_eve = next(each for each in metric_load(ctx) if each.who == "Eve")
    assert "time_to_close" in of_eve.metrics
    assert METRIC not in of_eve.metrics
    assert process.number


@pytest.mark.row("GOV-03")
def test_a_protocol_is_checked_when_it_is_set(slipped: Intake) -> None:
    """Metric, calendar and reach; one whose calendar is gone counts every day, and says so."""
    ctx = at(slipped)
    for changed, message in (
        ({"metric": "tim"}, "no metric 'tim'"),
        ({"calendar": "ofice"}, "no calendar 'ofice'"),
        ({"segment": (Condition("tem", ("A",)),)}, "tem"),
    ):
        with pytest.raises(Exception, match=message):
            set_protocol(ctx, replace(LOOK, **changed))
    mine = at(slipped, actor=Actor("cleo", (Assignment("service owner", (TEAM_A,)),)))
    with pytest.raises(NotAllowed, match="only for records where team is A"):
        set_protocol(mine, LOOK)
    made = set_protocol(mine, replace(LOOK, segment=(TEAM_A,), days=0))
    assert [each.number for each in protocol_list(mine)] == [made.number]
    assert end_protocol(mine, made.number, "Enough.").ended_at
