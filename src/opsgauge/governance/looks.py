"""Who looked at what persons did: kept for the person, by pseudonym.

Floor 4. `operations/persons.py` gathers looks and hands them over in batches.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError

from opsgauge.foundation.errors import Fault
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.people_tables import PersonAccessRow

KEPT = timedelta(days=366)  # longer than that nobody needs to know
LONGEST_PLACE = 200
AT_ONCE = 1_000


@dataclass(frozen=True)
class Look:
    """One look: when, by whom, at whom, and where."""

    at: datetime
    actor: str
    alias: str
    place: str

    def as_json(self) -> dict[str, str]:
        """Return the published form."""
        return {**vars(self), "at": self.at.isoformat()}


def add(database: Database, looks: Iterable[Look]) -> None:
    """Write looks down; those older than a year are thrown away.

    Raises
    ------
    Fault : another process kept writing for too long, or nothing can be written
    """
    rows = [{**vars(each), "at": text_of(each.at)} for each in looks]
    if not rows:
        return
    old = min(row["at"] for row in rows)
    try:
        with database.writing() as session:
            for first in range(0, len(rows), AT_ONCE):
                session.execute(insert(PersonAccessRow), rows[first : first + AT_ONCE])
            over = text_of(moment_of(old) - KEPT)
            session.execute(delete(PersonAccessRow).where(PersonAccessRow.at < over))
    except DBAPIError as wrong:
        raise Fault(f"Looks at persons cannot be noted: {wrong.orig}.") from wrong


def looks_at(database: Database, alias: str, limit: int = 200) -> list[Look]:
    """Return who looked at a pseudonym, the newest first."""
    query = (
        select(PersonAccessRow)
        .where(PersonAccessRow.alias == alias)
        .order_by(PersonAccessRow.at.desc(), PersonAccessRow.id.desc())
        .limit(limit)
    )
    with database.reading() as session:
        return [
            Look(moment_of(row.at), row.actor, row.alias, row.place)
            for row in session.scalars(query)
        ]
