"""What went with handoffs, from imported notes to every answer that tells of it."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta

import pytest

from opsgauge.analysis.mining.thresholds import COUNTED, MOST, SHARES, Thresholds
from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.settings import DEFAULT_SETTINGS
from opsgauge.operations.describe import describe
from opsgauge.operations.flow import Selection
from opsgauge.operations.handoffs import handoffs
from tests.conftest import MAPPING, Intake, with_settings
from tests.operations.test_notes import NOTES
from tests.operations.test_word_themes import BEGIN

KIND = "reassigned_without_note"
TICKETS = 90
WITHOUT = [n for n in range(TICKETS) if n % 3 == 0]


def noted(intake: Intake, notes: bool = True) -> Intake:
    """Import ninety tickets that Desk hands to Network, all but each third with a note.

    Without one they lie four hours, else one; each sixth comes straight back. ann asks for all.
    """
    lines, rows = ["number,at,state,team,who"], ["id,number,at,type,by,files,said"]
    for n in range(TICKETS):
        at, number, lies = BEGIN + timedelta(hours=7 * n), f"T{n}", 4 if n in WITHOUT else 1
        steps = [(0, "Desk"), (2, "Network"), (2 + lies, "Desk" if n % 6 == 0 else "Network")]
        lines += [
            f"{number},{at + timedelta(hours=hours):%Y-%m-%d %H:%M},New,{team},{team} {n % 5}"
            for hours, team in steps
        ]
        said = at + timedelta(hours=1)
        if n not in WITHOUT:
            rows.append(f"{n}a,{number},{said:%Y-%m-%d %H:%M},Work note,Desk 1,{n % 2},see there")
        rows.append(f"{n}b,{number},{at + timedelta(hours=9):%Y-%m-%d %H:%M},Reply,Net 1,0,done")
    rows.append(
        f"z,T0,{BEGIN:%Y-%m-%d %H:%M},Work note,Desk 1,0,begun"
    )  # since when notes are kept
    intake.takes("\n".join(lines) + "\n", mapping=MAPPING)
    if notes:
        intake.takes("\n".join(rows) + "\n", mapping=NOTES, name="notes.csv")
    return intake


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import that desk."""
    made = noted(Intake(tmp_path_factory.mktemp("handed")))
    yield made
    made.close()


@pytest.mark.row("MAP-20")
def test_notes_and_files_are_parts_like_any_field(desk: Intake) -> None:
    """T0 was noted as it was opened. Without a note handoffs lie three hours longer."""
    plain = handoffs(desk.context).as_json()
    parts = {each["part"]: each for each in plain["lacks"]}
    note, files = parts["note"], parts["files"]

    assert plain["parts"] == list(parts)
    assert plain["lacking"] == ["category", "service", "priority"]
    # Back from Network to Desk, each without a note: a reply came only later.
    assert (note["handoffs"], note["of"]) == (TICKETS - len(WITHOUT) + 1, TICKETS + TICKETS // 6)
    assert files["handoffs"] == sum(n % 2 for n in range(TICKETS) if n not in WITHOUT)
    assert note["idle_hours"]["compared"] == len(WITHOUT) - 1
    lay = (61 - 1 + 4) / 61  # T0 lay four hours, and was noted
    assert note["idle_hours"]["without"] == 4.0
    assert note["idle_hours"]["with"] == pytest.approx(lay)
    assert note["straight_back"]["without"] == pytest.approx(14 / 29)
    assert note["straight_back"]["with"] == pytest.approx(1 / 61)
    assert 0 < note["straight_back"]["low"] < note["straight_back"]["difference"]
    assert plain["noted"].startswith("Notes are known of 105 of 105 handoffs")
    assert sum(each["handoffs"] for each in plain["completeness"]) == 105
    assert handoffs(desk.context).all_known_words == ""


@pytest.mark.row("MAP-05")
def test_a_team_that_hands_on_without_a_note_is_described(desk: Intake) -> None:
    """From a threshold on, with the hours until the next update and tickets to look at."""
    [told] = [each for each in describe(desk.context).rows if each.kind == KIND]

    assert told.claim.startswith("29 of 90 handoffs by Desk had no note, 32")
    assert (told.tickets, told.hours, told.teams) == (29, 29 * 4.0, ("Desk",))
    assert {ticket for _, ticket in told.examples} <= {f"T{n}" for n in WITHOUT}
    few = with_settings(desk.context, fewest_persons=10)
    assert KIND not in {each.kind for each in describe(few).rows}
    strict = with_settings(desk.context, thresholds={"unnoted_handoffs": 30})
    assert KIND not in {each.kind for each in describe(strict).rows}
    late = with_settings(desk.context, thresholds={"note_minutes": 60 * 8})
    assert KIND not in {each.kind for each in describe(late).rows}  # the reply counts as one then


@pytest.mark.row("MAP-20")
def test_other_settings_are_not_answered_from_what_was_kept(desk: Intake) -> None:
    """Whoever looked before."""
    first = handoffs(desk.context).as_json()
    late = handoffs(with_settings(desk.context, thresholds={"note_minutes": 60 * 8})).as_json()

    assert first["lacks"] != late["lacks"]
    assert "ticket or within 480 minutes" in late["noted"]
    with pytest.raises(SettingsWrong, match="note_minute"):
        handoffs(with_settings(desk.context, thresholds={"note_minute": 3}))


@pytest.mark.row("MAP-20")
def test_a_selection_is_told_by_its_own_notes(desk: Intake) -> None:
    """Yet by when notes are known of all: of a few the first note would come after them."""
    day = (BEGIN + timedelta(days=3)).date()
    plain = handoffs(desk.context, Selection(from_=day, to=day)).as_json()
    [note] = [each for each in plain["lacks"] if each["part"] == "note"]

    assert note["of"] == plain["handoffs"] > 2


@pytest.mark.row("MAP-05", "MAP-20")
def test_without_notes_nothing_is_said_of_them(make_intake: Callable[..., Intake]) -> None:
    """No team is blamed, and the answer says why."""
    bare = noted(make_intake(DEFAULT_SETTINGS), notes=False)
    plain = handoffs(bare.context).as_json()

    assert plain["noted"] == "No notes are imported, so nothing is said of notes and files."
    assert {"note", "files"} <= set(plain["lacking"])
    assert KIND not in {each.kind for each in describe(bare.context).rows}


@pytest.mark.row("MAP-20")
def test_what_is_not_known_of_some_is_said(make_intake: Callable[..., Intake]) -> None:
    """Two tickets more were handed on after the last note."""
    late = noted(make_intake(DEFAULT_SETTINGS))
    at = BEGIN + timedelta(days=60)
    more = "".join(
        f"{number},{at + timedelta(hours=hour):%Y-%m-%d %H:%M},New,{team},Desk 1\n"
        for number in ("L1", "L2")
        for hour, team in enumerate(("Desk", "Network"))
    )
    late.takes("number,at,state,team,who\n" + more, mapping=MAPPING, name="late.csv")
    found = handoffs(late.context)

    assert found.noted.startswith("Notes are known of 105 of 107 handoffs")
    assert found.all_known_words == "All parts are known of 105 of 107 handoffs."


@pytest.mark.row("MAP-05")
def test_the_largest_thresholds_are_only_large(desk: Intake) -> None:
    """No length of time is more than an engine can count."""
    most = {each.name: MOST for each in fields(Thresholds) if each.name not in COUNTED}
    shares = {name: 1.0 for name in most if name.endswith(SHARES)}

    assert describe(with_settings(desk.context, thresholds=most | shares)).rows is not None
    assert handoffs(with_settings(desk.context, thresholds=most | shares)).flows
    with pytest.raises(SettingsWrong, match="is not from 0 to"):
        describe(with_settings(desk.context, thresholds={"stalled_days": 2 * MOST}))
