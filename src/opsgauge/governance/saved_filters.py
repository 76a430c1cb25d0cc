"""Saved filters: an address of a page under a name, with a sentence that says why.

Floor 4. What is saved are the page and its parameters, never numbers: whoever opens one asks anew.
Whoever saved one, or manages all, may take it back; each step leaves its audit line in the same
transaction.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.map_notes import WRITE, must_be_theirs
from opsgauge.governance.note_tables import SavedFilterRow
from opsgauge.governance.register import Register, check_reason, fitting_line, one_line

LONGEST_NAME = 80
LONGEST_QUERY = 2_000
MOST_SAVED = 50  # that stand at once: their numbers are asked anew with each version of the data


@dataclass(frozen=True)
class SavedFilter:
    """A filter under a name.

    Attributes
    ----------
    page : the path of the page it was saved from
    query : its parameters, as they stand in an address
    number : by which the records know it, and links name it; 0 before they do
    """

    name: str
    why: str
    page: str
    query: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    @property
    def address(self) -> str:
        """The address it was saved from."""
        return f"{self.page}?{self.query}" if self.query else self.page

    @property
    def link(self) -> str:
        """The short address that leads there, and stays."""
        return f"/saved/{self.number}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**asdict(self), "address": self.address, "link": self.link}


def save(database: Database, clock: Clock, actor: Actor, wanted: SavedFilter) -> SavedFilter:
    """Keep a filter.

    Raises
    ------
    QueryWrong : its name or reason is missing, too long or taken, or as many stand as may
    """
    name = fitting_line(wanted.name, LONGEST_NAME, "The name")
    check_reason(wanted.why, "A saved filter needs a reason.", "Say what it shows, in a sentence.")
    if len(wanted.query) > LONGEST_QUERY:
        raise QueryWrong(
            f"The address is longer than {LONGEST_QUERY:,} characters.", hint="Use fewer filters."
        )
    row = SavedFilterRow(name=name, why=one_line(wanted.why), page=wanted.page, query=wanted.query)
    with database.writing() as session:
        standing = session.scalars(
            select(SavedFilterRow).where(SavedFilterRow.ended_at.is_(None))
        ).all()
        if any(each.name.casefold() == name.casefold() for each in standing):
            raise QueryWrong(f"A filter is saved as {name!r} already.", hint="Take another name.")
        if len(standing) >= MOST_SAVED:
            raise QueryWrong(
                f"{MOST_SAVED} filters are saved, which are the most.",
                hint="Take back those that are no longer needed.",
            )
        return _REGISTER.put(session, clock, actor, row)


def take_back(database: Database, clock: Clock, actor: Actor, number: int) -> SavedFilter:
    """Take a saved filter out of the lists; its link leads nowhere from then on.

    Raises
    ------
    UnknownRecord : there is none of that number
    NotAllowed : it is somebody else's
    QueryWrong : it was taken back before
    """
    must_be_theirs(actor, saved_filter(database, number).made_by, f"Saved filter {number}")
    return _REGISTER.end(database, clock, actor, number)


def saved_filters(database: Database) -> list[SavedFilter]:
    """Return the filters that stand, the newest first."""
    query = select(SavedFilterRow).order_by(SavedFilterRow.id.desc())
    return _REGISTER.lines(database, query, ended=False)


def saved_filter(database: Database, number: int) -> SavedFilter:
    """Return one saved filter.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    return _REGISTER.line(database, number)


def _saved(row: SavedFilterRow) -> SavedFilter:
    return SavedFilter(
        name=row.name,
        why=row.why,
        page=row.page,
        query=row.query,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    SavedFilterRow,
    _saved,
    lambda each: f"saved filter {each.number}",
    WRITE,
    "Saved filter {}",
    "There is no saved filter {}.",
    "See opsgauge saved list.",
)
