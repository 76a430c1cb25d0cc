"""When outages really began and were detected: what people say over their tickets.

Floor 4. A newer line of a ticket takes the place of the one before, which is kept. Each step leaves
its audit line in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import OutageRow
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.register import Register, check_reason

SET = "outage:set"


@dataclass(frozen=True)
class Outage:
    """What people say of the outage behind a ticket.

    Attributes
    ----------
    started_at, detected_at : aware; None where the ticket's own counts
    number : by which the records know it; 0 before they do
    ended_at : when it counted no more
    """

    source: str
    ticket_id: str
    started_at: datetime | None
    detected_at: datetime | None
    why: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        moments = {
            name: text_of(moment) if moment else None
            for name, moment in (
                ("started_at", self.started_at),
                ("detected_at", self.detected_at),
            )
        }
        return {**vars(self), **moments}


def set_outage(database: Database, clock: Clock, actor: Actor, wanted: Outage) -> Outage:
    """Keep what an outage's times were; the line of the same ticket before it ends.

    Raises
    ------
    QueryWrong : it says nothing, its times cannot be, or it has no reason
    """
    _check(wanted, clock())
    row = OutageRow(
        source=wanted.source,
        ticket_id=wanted.ticket_id,
        started_at=text_of(wanted.started_at) if wanted.started_at else None,
        detected_at=text_of(wanted.detected_at) if wanted.detected_at else None,
        why=wanted.why.strip(),
    )
    with database.writing() as session:
        return _REGISTER.put(session, clock, actor, row, _standing(session, wanted))


def end_outage(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Outage:
    """Let a ticket's own times count again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    return _REGISTER.end(database, clock, actor, number, why)


def outages(
    database: Database,
    source: str | None = None,
    ticket_id: str | None = None,
    ended: bool = False,
) -> list[Outage]:
    """Return what counts, of one ticket where it is named; oldest first.

    Parameters
    ----------
    ended : also what counts no more
    """
    named = {"source": source, "ticket_id": ticket_id}
    query = select(OutageRow).order_by(OutageRow.id)
    query = query.filter_by(**{name: value for name, value in named.items() if value is not None})
    return _REGISTER.lines(database, query, ended)


def outage(database: Database, number: int) -> Outage:
    """Return one line.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    return _REGISTER.line(database, number)


def subject(outage: Outage) -> str:
    """Return what audit lines call it: its ticket, so that a ticket's lines are found."""
    return f"ticket {outage.source}:{outage.ticket_id}"


def _standing(session: Session, wanted: Outage) -> Sequence[OutageRow]:
    query = select(OutageRow).where(
        OutageRow.source == wanted.source,
        OutageRow.ticket_id == wanted.ticket_id,
        OutageRow.ended_at.is_(None),
    )
    return session.scalars(query).all()


def _check(wanted: Outage, now: datetime) -> None:
    _check_reason(wanted.why)
    told = [each for each in (wanted.started_at, wanted.detected_at) if each is not None]
    if not told:
        raise QueryWrong(
            "Neither when the outage began nor when it was detected is said.",
            hint="Give one of the two, or end the line that stands.",
        )
    for moment in told:
        if moment.tzinfo is None:
            raise QueryWrong(f"{moment} carries no zone.")
        if moment > now:
            raise QueryWrong(f"{moment:%Y-%m-%d %H:%M %Z} has not come yet.")
    if len(told) > 1 and told[0] > told[1]:
        raise QueryWrong(
            f"The outage is said to begin on {told[0]:%Y-%m-%d %H:%M %Z}, after its detection on "
            f"{told[1]:%Y-%m-%d %H:%M %Z}.",
            hint="What is detected has begun.",
        )


def _check_reason(why: str) -> None:
    check_reason(why, "Times over those of a ticket need a reason.", "Say where they come from.")


def _outage(row: OutageRow) -> Outage:
    return Outage(
        source=row.source,
        ticket_id=row.ticket_id,
        started_at=moment_of(row.started_at) if row.started_at else None,
        detected_at=moment_of(row.detected_at) if row.detected_at else None,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    OutageRow,
    _outage,
    subject,
    SET,
    "Outage {}",
    "There is no outage {}.",
    "See opsgauge outages list.",
)
