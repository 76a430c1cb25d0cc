"""Rebases and excluded points: by people alone, with reasons, and each with an undo."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.foundation.agreed import Condition, Series
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownMetric, UnknownRecord
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.operations.rebasing import (
    ExcludedPoint,
    Rebase,
    exclude_point,
    excluded_points,
    rebase,
    rebases,
    undo_exclusion,
    undo_rebase,
)
from tests.conftest import MAPPING, Intake

MONDAY = date(2026, 1, 5)
TEAM_A = Condition("team", ("A",))
WANTED = Rebase("time_to_resolve", "", (TEAM_A,), "week", "2026-W06", "It stays.", "New tool.")
POINT = ExcludedPoint(Series("time_to_resolve", "", (TEAM_A,), "week"), "2026-W06", "A storm.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a ticket a week of team A for twelve weeks from 5 January."""
    intake = Intake(tmp_path_factory.mktemp("rebasing"))
    rows = ["number,at,state,team,who"]
    for week in range(12):
        day = MONDAY + timedelta(days=7 * week)
        rows += [f"A{week},{day} 08:00,New,A,x", f"A{week},{day} 09:00,Done,A,x"]
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


@pytest.mark.row("BAS-10")
def test_a_rebase_is_kept_with_its_reason_and_event_and_can_be_undone(desk: Intake) -> None:
    """A day names its week, the usual statistic is named; nothing of it is ever removed."""
    wanted = replace(WANTED, at="2026-02-04", event_day=date(2026, 2, 2))
    made = rebase(desk.context, wanted)
    assert (made.at, made.series.statistic, made.made_by) == ("2026-W06", "median", "local")
    assert rebases(desk.context) == [made]
    with pytest.raises(QueryWrong, match="begins anew with 2026-W06 already: New tool"):
        rebase(desk.context, WANTED)

    with pytest.raises(QueryWrong, match="Undoing a rebase needs a reason"):
        undo_rebase(desk.context, made.number, " ")
    undone = undo_rebase(desk.context, made.number, "It did not last.")
    assert (undone.ended_at is None, undone.ended_why) == (False, "It did not last.")
    assert rebases(desk.context) == []
    assert rebases(desk.context, ended=True) == [undone]
    with pytest.raises(QueryWrong, match="was undone before"):
        undo_rebase(desk.context, made.number, "Again.")
    again = rebase(desk.context, WANTED)
    undo_rebase(desk.context, again.number, "Tidy.")
    told = lines(desk.context.database, subject="metric time_to_resolve")
    assert {each.action for each in told} == {"baseline:rebase"}
    assert "It stays." in [each.why for each in told]
    assert verify(desk.context.database).holds


@pytest.mark.row("BAS-10")
@pytest.mark.parametrize(
    ("changed", "wrong", "said"),
    [
        ({"why": " "}, QueryWrong, "needs a reason"),
        ({"event": " "}, QueryWrong, "needs the event"),
        ({"event": "x" * 501}, QueryWrong, "longer than 500"),
        ({"metric": "time_to_resolv"}, UnknownMetric, "no metric"),
        ({"period": "weekly"}, QueryWrong, "no period 'weekly'"),
        ({"at": "soon"}, QueryWrong, "is no week"),
        ({"at": "2026-02"}, QueryWrong, "is a month"),
        ({"at": "2026-W60"}, QueryWrong, "not in the calendar"),
        ({"at": "2026-W40"}, QueryWrong, "outside the records"),
        ({"at": "2025-12-01"}, QueryWrong, "outside the records"),
    ],
)
def test_no_rebase_without_what_it_needs(
    desk: Intake, changed: dict[str, str], wrong: type[Exception], said: str
) -> None:
    """Nothing is kept of it."""
    before = len(rebases(desk.context, ended=True))
    with pytest.raises(wrong, match=said):
        rebase(desk.context, replace(WANTED, **changed))  # type: ignore[arg-type]
    assert len(rebases(desk.context, ended=True)) == before


@pytest.mark.row("SPC-05")
def test_a_point_is_excluded_with_its_reason_and_counts_again(desk: Intake) -> None:
    """Both are told, and each is done once."""
    made = exclude_point(desk.context, POINT)
    assert excluded_points(desk.context) == [made]
    with pytest.raises(QueryWrong, match="excludes 2026-W06 already"):
        exclude_point(desk.context, POINT)
    with pytest.raises(QueryWrong, match="needs a reason"):
        exclude_point(desk.context, replace(POINT, at="2026-W07", why=""))
    undone = undo_exclusion(desk.context, made.number, "It was no storm.")
    assert excluded_points(desk.context) == []
    assert excluded_points(desk.context, ended=True) == [undone]
    with pytest.raises(UnknownRecord, match="no excluded point 99"):
        undo_exclusion(desk.context, 99, "x")


def test_who_may(desk: Intake) -> None:
    """Within one's own records, by those whose role has it; what one does not see is not told."""
    ours = replace(desk.context, actor=Actor("ana", (Assignment("service owner", (TEAM_A,)),)))
    made = rebase(ours, WANTED)
    with pytest.raises(NotAllowed, match="may rebase charts only for records where team is A"):
        rebase(ours, replace(WANTED, segment=()))
    whole = rebase(desk.context, replace(WANTED, segment=()))
    assert rebases(ours) == [made]
    with pytest.raises(NotAllowed, match="only for records where team is A"):
        undo_rebase(ours, whole.number, "x")
    with pytest.raises(NotAllowed, match="viewer may not"):
        rebase(replace(desk.context, actor=everywhere("eve", "viewer")), WANTED)
    for each in (made, whole):
        undo_rebase(desk.context, each.number, "Tidy.")
