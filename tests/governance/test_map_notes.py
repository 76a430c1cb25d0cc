"""Notes on process maps in the records: pinned, changed, removed, by whose they are."""

from dataclasses import replace

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownRecord
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.map_notes import MOST_NOTES, MapNote, change, note, notes, pin, remove
from tests.governance.conftest import ANA

BEN, CLEO = everywhere("ben", "analyst"), everywhere("cleo", "analyst")
WAIT = MapNote("phase", "pending_user", None, "The portal asks twice.")


@pytest.mark.row("MAP-17")
def test_a_note_is_kept_with_its_author_and_every_change_of_it(
    database: Database, clock: Clock
) -> None:
    """What it said before stands in the audit; removed, it stands on no map and stays on record."""
    made = pin(database, clock, BEN, WAIT)
    way = pin(database, clock, CLEO, replace(WAIT, then="resolved"))
    other = pin(database, clock, CLEO, replace(WAIT, steps="team", step="Network"))

    changed = change(database, clock, BEN, made.number, "The portal asks once.")
    assert (made.made_by, made.changed_at, made.place) == ("ben", None, ("pending_user",))
    assert (changed.words, changed.made_at) == ("The portal asks once.", made.made_at)
    assert changed.changed_at is not None
    assert changed.changed_at > made.made_at
    assert notes(database, "phase") == [changed, way]
    assert [each.place for each in notes(database, "team")] == [other.place]

    remove(database, clock, BEN, made.number)
    assert notes(database, "phase") == [way]
    assert note(database, made.number).ended_at is not None
    told = lines(database, subject=f"map note {made.number}")
    assert [(each.actor, each.action) for each in told] == [("ben", "note:write")] * 3
    assert told[1].before is not None
    assert told[1].before["words"] == WAIT.words  # type: ignore[call-overload, index]
    assert verify(database).holds


@pytest.mark.row("MAP-17")
def test_only_its_author_or_an_administrator_touches_a_note(
    database: Database, clock: Clock
) -> None:
    """An analyst leaves others' alone; who may write no more cannot change even their own."""
    made = pin(database, clock, BEN, WAIT)
    with pytest.raises(NotAllowed, match="ben's, and cleo may not"):
        change(database, clock, CLEO, made.number, "x")
    with pytest.raises(NotAllowed, match="ben's, and cleo may not"):
        remove(database, clock, CLEO, made.number)
    with pytest.raises(NotAllowed):
        remove(database, clock, everywhere("ben", "viewer"), made.number)
    assert notes(database, "phase") == [made]
    assert change(database, clock, ANA, made.number, "Mended.").made_by == "ben"
    assert remove(database, clock, ANA, made.number).ended_at is not None


@pytest.mark.parametrize(
    ("words", "message"), [(" \n\x00 ", "is empty"), ("x" * 501, "longer than 500")]
)
def test_a_note_that_says_nothing_or_too_much_is_refused(
    database: Database, clock: Clock, words: str, message: str
) -> None:
    """New and changed alike, and nothing is kept of it."""
    made = pin(database, clock, BEN, WAIT)
    with pytest.raises(QueryWrong, match=message):
        pin(database, clock, BEN, replace(WAIT, words=words))
    with pytest.raises(QueryWrong, match=message):
        change(database, clock, BEN, made.number, words)
    assert notes(database, "phase") == [made]


def test_words_keep_nothing_that_cannot_be_seen(database: Database, clock: Clock) -> None:
    """No NUL, which a database refuses, no line breaks, nothing that turns the writing round."""
    hostile = "A\x00 <b>\u202eevil\u202c</b>\ud800\r\n & more"
    assert pin(database, clock, BEN, replace(WAIT, words=hostile)).words == "A <b> evil </b> & more"


def test_the_notes_of_a_map_have_a_limit_and_an_end_has_to_be_there(
    database: Database, clock: Clock
) -> None:
    """A map of a hundred notes takes no more, until one is removed; another map does."""
    first = pin(database, clock, BEN, WAIT)
    for _ in range(MOST_NOTES - 1):
        pin(database, clock, BEN, WAIT)
    with pytest.raises(QueryWrong, match="100 notes stand"):
        pin(database, clock, BEN, WAIT)
    pin(database, clock, BEN, replace(WAIT, steps="team"))
    remove(database, clock, BEN, first.number)
    pin(database, clock, BEN, WAIT)
    with pytest.raises(QueryWrong, match="ended before"):
        remove(database, clock, BEN, first.number)
    with pytest.raises(QueryWrong, match="was removed"):
        change(database, clock, BEN, first.number, "x")
    with pytest.raises(UnknownRecord, match="no note 999"):
        remove(database, clock, BEN, 999)
