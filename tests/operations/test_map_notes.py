"""Notes told beside maps: on what is there and what is not, to whom the step is shown."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownColumn, UnknownName
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.map_notes import MapNote
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, process_map
from opsgauge.operations.map_notes import (
    ELSEWHERE,
    GONE,
    HERE,
    change_note,
    map_notes,
    notes_by,
    pin_note,
    remove_note,
)
from tests.conftest import Intake, with_settings

# A has three people, B and C one each; T2 alone waits.
ROWS = """number,at,state,team,who
T1,2026-01-05 08:00,New,A,ann
T1,2026-01-05 09:00,Work,B,bob
T1,2026-01-05 11:00,Done,B,bob
T2,2026-01-06 08:00,New,A,amy
T2,2026-01-06 09:00,Wait,A,abe
T2,2026-01-06 10:00,Done,C,cy
"""
NOTE = MapNote("phase", "new", None, "The portal asks twice.")
EVE = Actor("eve", (Assignment("service owner", (Condition("team", ("C",)),)),))
VENDOR = Actor("vic", (Assignment("vendor", (Condition("team", ("C",)),)),))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return two tickets of three teams."""
    made = Intake(tmp_path_factory.mktemp("noted"))
    made.takes(ROWS)
    yield made
    made.close()


@pytest.fixture
def ctx(desk: Intake) -> Iterator[Context]:
    """Return their context; the notes of a test are removed after it."""
    yield desk.context
    for steps in ("phase", "team", "phase+team"):
        for each in notes_by(desk.context, steps).rows:
            remove_note(desk.context, each.note.number)


def told(ctx: Context, steps: str = "phase", chosen: Selection | None = None) -> list[str]:
    """Return the words of each note that a map tells, and where it stands."""
    found = map_notes(ctx, process_map(ctx, steps, chosen))
    return [f"{each.note.words} {each.where}" for each in found.rows]


@pytest.mark.row("MAP-17")
def test_a_note_belongs_to_the_shape_and_survives_new_data(ctx: Context, desk: Intake) -> None:
    """On a step or a way; where the step is gone from a filter, or from all data, it says so."""
    pin_note(ctx, NOTE)
    way = pin_note(ctx, MapNote("phase", "new", "pending_user", "Only by hand."))
    assert told(ctx) == [f"{NOTE.words} {HERE}", f"Only by hand. {HERE}"]
    of_b = Selection((Condition("team", ("B",)),))
    assert told(ctx, chosen=of_b) == [f"{NOTE.words} {HERE}", f"Only by hand. {ELSEWHERE}"]
    assert told(ctx, "team") == []

    other = Intake(desk.folder / "later")
    other.takes(ROWS.replace("Wait", "Work"))
    later = replace(other.context, records=ctx.records)
    assert told(later) == [f"{NOTE.words} {HERE}", f"Only by hand. {GONE}"]
    assert notes_by(later, "phase").places == {("new",): (way.number - 1,)}


@pytest.mark.row("MAP-17")
def test_who_does_not_see_a_step_is_told_no_note_on_it(ctx: Context) -> None:
    """Nor that there is one; a vendor reads none at all, and changes nothing."""
    pin_note(ctx, NOTE)
    hidden = pin_note(ctx, MapNote("team", "B", None, "They wait for parts."))
    seen = pin_note(ctx, MapNote("team", "C", None, "One person."))
    eve = replace(ctx, actor=EVE)
    assert told(eve) == [f"{NOTE.words} {HERE}"]
    assert [each.note.number for each in notes_by(eve, "team").rows] == [seen.number]
    assert told(ctx, "team") == [f"They wait for parts. {HERE}", f"One person. {HERE}"]
    with pytest.raises(UnknownName, match="no step 'B'"):
        pin_note(eve, MapNote("team", "B", None, "x"))
    with pytest.raises(NotAllowed):
        change_note(eve, hidden.number, "x")

    vendor = replace(ctx, actor=VENDOR)
    assert told(vendor) == []
    for act in (lambda: notes_by(vendor, "phase"), lambda: pin_note(vendor, NOTE)):
        with pytest.raises(NotAllowed, match="note:"):
            act()


@pytest.mark.row("MAP-17")
def test_a_note_on_a_team_of_few_people_is_withheld(ctx: Context) -> None:
    """Its name and its words, also as one of two fields; nor can any be pinned there."""
    pin_note(ctx, MapNote("team", "B", None, "Bob is on leave."))
    pin_note(ctx, MapNote("phase+team", "in_progress · B", "resolved · B", "Bob again."))
    few = with_settings(ctx, fewest_persons=2)
    for steps in ("team", "phase+team"):
        found = map_notes(few, process_map(few, steps))
        assert found.rows == ()
        assert found.withheld == "1 note is withheld: fewer than 2 people."
    with pytest.raises(QueryWrong, match="teams of which nothing is told"):
        pin_note(few, MapNote("team", "(withheld: fewer than 2 people)", None, "x"))
    with pytest.raises(UnknownName):
        pin_note(few, MapNote("team", "B", None, "x"))


def test_a_note_needs_a_step_or_way_that_is_there(ctx: Context) -> None:
    """What could have been meant is named; what no map is drawn by is refused."""
    with pytest.raises(UnknownName, match="no step 'resolve'") as missed:
        pin_note(ctx, replace(NOTE, step="resolve"))
    assert "resolved" in (missed.value.hint or "")
    with pytest.raises(UnknownName, match="no way 'resolved → new'"):
        pin_note(ctx, MapNote("phase", "resolved", "new", "x"))
    with pytest.raises(UnknownColumn):
        pin_note(ctx, replace(NOTE, steps="assignee"))
    viewer = replace(ctx, actor=everywhere("vera", "viewer"))
    assert told(viewer) == []
    with pytest.raises(NotAllowed, match="note:write"):
        pin_note(viewer, NOTE)
