"""When outages really began and were detected: what people say over their tickets.

Floor 4. A newer line of a ticket takes the place of the one before, which is kept. Each step leaves
its audit line in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Told, append_within, instant_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import OutageRow
from opsgauge.governance.moments import moment_of

SET = "outage:set"
LONGEST_REASON = 2_000


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
            name: instant_text(moment) if moment else None
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
    now = instant_text(clock())
    with database.writing() as session:
        standing = _standing(session, wanted)
        before = _outage(standing).as_json() if standing else None
        if standing is not None:
            standing.ended_at = now
        row = OutageRow(
            source=wanted.source,
            ticket_id=wanted.ticket_id,
            started_at=instant_text(wanted.started_at) if wanted.started_at else None,
            detected_at=instant_text(wanted.detected_at) if wanted.detected_at else None,
            why=wanted.why.strip(),
            made_at=now,
            made_by=actor.name,
        )
        session.add(row)
        session.flush()
        made = _outage(row)
        told = Told(before=before, after=made.as_json(), why=made.why)
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


def end_outage(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Outage:
    """Let a ticket's own times count again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    with database.writing() as session:
        row = _row(session, number)
        before = _outage(row)
        if row.ended_at is not None:
            raise QueryWrong(f"Outage {number} ended before: {row.ended_at}.")
        row.ended_at = instant_text(clock())
        session.flush()
        made = _outage(row)
        told = Told(before=before.as_json(), after=made.as_json(), why=why.strip())
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


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
    if not ended:
        query = query.where(OutageRow.ended_at.is_(None))
    with database.reading() as session:
        return [_outage(row) for row in session.scalars(query)]


def outage(database: Database, number: int) -> Outage:
    """Return one line.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    with database.reading() as session:
        return _outage(_row(session, number, to_change=False))


def subject(outage: Outage) -> str:
    """Return what audit lines call it: its ticket, so that a ticket's lines are found."""
    return f"ticket {outage.source}:{outage.ticket_id}"


def _row(session: Session, number: int, to_change: bool = True) -> OutageRow:
    # Only a transaction that writes may hold a row.
    row = session.get(OutageRow, number, with_for_update=to_change, populate_existing=True)
    if row is None:
        raise UnknownRecord(f"There is no outage {number}.", hint="See opsgauge outages list.")
    return row


def _standing(session: Session, wanted: Outage) -> OutageRow | None:
    query = select(OutageRow).where(
        OutageRow.source == wanted.source,
        OutageRow.ticket_id == wanted.ticket_id,
        OutageRow.ended_at.is_(None),
    )
    return session.scalars(query).one_or_none()


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
    if not why.strip():
        raise QueryWrong(
            "Times over those of a ticket need a reason.", hint="Say where they come from."
        )
    if len(why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")


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
