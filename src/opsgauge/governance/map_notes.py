"""Notes that people pin on process maps: on a step, or on the way from one step to another.

Floor 4. A note belongs to the shape of a map, its steps, and not to its numbers: it stays when new
data comes. Whoever wrote one, or manages all, may change and remove it; each step leaves its audit
line in the same transaction.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong
from opsgauge.governance.access import Actor, decide
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.note_tables import MapNoteRow
from opsgauge.governance.register import Register, fitting_line

READ, WRITE, MANAGE = "note:read", "note:write", "note:manage"
LONGEST_NOTE = 500
LONGEST_STEP = 500
MOST_NOTES = 100  # that stand on the maps by the same steps


@dataclass(frozen=True)
class MapNote:
    """A note on a process map.

    Attributes
    ----------
    steps : what the map's steps are told by, such as phase or phase+team
    step, then : the step it stands on; with `then`, the way from the one to the other
    number : by which the records know it; 0 before they do
    """

    steps: str
    step: str
    then: str | None
    words: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    changed_at: str | None = None
    ended_at: str | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """The step, or the two steps of the way, that it stands on."""
        return (self.step,) if self.then is None else (self.step, self.then)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return asdict(self)


def pin(database: Database, clock: Clock, actor: Actor, wanted: MapNote) -> MapNote:
    """Keep a new note.

    Raises
    ------
    QueryWrong : it says nothing or too much, or as many notes stand there as may
    """
    words = fitting_line(wanted.words, LONGEST_NOTE, "The note")
    row = MapNoteRow(steps=wanted.steps, step=wanted.step, then=wanted.then, words=words)
    standing = select(func.count()).where(
        MapNoteRow.steps == wanted.steps, MapNoteRow.ended_at.is_(None)
    )
    with database.writing() as session:
        if (session.scalar(standing) or 0) >= MOST_NOTES:
            raise QueryWrong(
                f"{MOST_NOTES} notes stand on the maps by {wanted.steps}, which are the most.",
                hint="Remove those that are no longer needed.",
            )
        return _REGISTER.put(session, clock, actor, row)


def change(database: Database, clock: Clock, actor: Actor, number: int, words: str) -> MapNote:
    """Change what a note says; the audit keeps what it said.

    Raises
    ------
    UnknownRecord : there is none of that number
    NotAllowed : it is somebody else's
    QueryWrong : it was removed, or says nothing or too much
    """
    words = fitting_line(words, LONGEST_NOTE, "The note")
    with database.writing() as session:
        row = _REGISTER.row_of(session, number)
        must_be_theirs(actor, row.made_by, f"Note {number}")
        if row.ended_at is not None:
            raise QueryWrong(f"Note {number} was removed: {row.ended_at}.")
        said = {"words": words, "changed_at": text_of(clock())}
        return _REGISTER.change(session, clock, actor, row, said)


def remove(database: Database, clock: Clock, actor: Actor, number: int) -> MapNote:
    """Take a note away from the maps; the records keep it.

    Raises
    ------
    UnknownRecord : there is none of that number
    NotAllowed : it is somebody else's
    QueryWrong : it was removed before
    """
    must_be_theirs(actor, note(database, number).made_by, f"Note {number}")
    return _REGISTER.end(database, clock, actor, number)


def notes(database: Database, steps: str) -> list[MapNote]:
    """Return the notes that stand on the maps by some steps, the oldest first."""
    query = select(MapNoteRow).where(MapNoteRow.steps == steps).order_by(MapNoteRow.id)
    return _REGISTER.lines(database, query, ended=False)


def note(database: Database, number: int) -> MapNote:
    """Return one note.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    return _REGISTER.line(database, number)


def may_change(actor: Actor, made_by: str) -> bool:
    """Say whether an actor may change or remove what somebody left."""
    own = actor.name == made_by and decide(actor, WRITE).allowed
    return own or decide(actor, MANAGE).allowed


def must_be_theirs(actor: Actor, made_by: str, what: str) -> None:
    """Refuse to change what somebody else left.

    Raises
    ------
    NotAllowed : the actor neither made it nor manages all
    """
    if not may_change(actor, made_by):
        raise NotAllowed(
            f"{what} is {made_by}'s, and {actor.name} may not change what others left.",
            hint=f"Ask {made_by} or an administrator.",
        )


def _note(row: MapNoteRow) -> MapNote:
    return MapNote(
        steps=row.steps,
        step=row.step,
        then=row.then,
        words=row.words,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    MapNoteRow,
    _note,
    lambda each: f"map note {each.number}",
    WRITE,
    "Note {}",
    "There is no note {}.",
    "See opsgauge notes list.",
)
