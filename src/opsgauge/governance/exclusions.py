"""The register of exclusions: tickets left out of numbers, with reason and approver.

Floor 4. Who asks for one may not approve it. An exclusion counts from its approval until it is
ended; none is ever removed. Each step leaves its audit line in the same transaction.
"""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Json, Told, append_within, instant_text, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import ExclusionRow

ASK, APPROVE = "exclusion:ask", "exclusion:approve"
LONGEST_REASON = 2_000
MOST_TICKETS = 1_000


@dataclass(frozen=True)
class Wanted:
    """What is to be left out: tickets by name, or all that meet rules and days.

    Attributes
    ----------
    metric : the metric it is for; empty: all
    from_, to : first and last local day on which a ticket was opened, both included
    """

    why: str
    metric: str = ""
    rules: Rules = ()
    tickets: tuple[tuple[str, str], ...] = ()
    from_: date | None = None
    to: date | None = None


@dataclass(frozen=True)
class Entry:
    """One exclusion of the register, and how far it has come."""

    number: int
    wanted: Wanted
    made_at: str
    made_by: str
    approved_at: str | None = None
    approved_by: str | None = None
    ended_at: str | None = None

    @property
    def state(self) -> str:
        """How far it has come: asked, in force, refused (ended before it was approved), ended."""
        if self.ended_at is not None:
            return "ended" if self.approved_at else "refused"
        return "in force" if self.approved_at else "asked"

    def as_json(self) -> dict[str, Json]:
        """Return the published form."""
        wanted = self.wanted
        return {
            "number": self.number,
            "state": self.state,
            "metric": wanted.metric,
            "where": rules.plain(wanted.rules),
            "tickets": [list(each) for each in wanted.tickets],
            "from": wanted.from_.isoformat() if wanted.from_ else None,
            "to": wanted.to.isoformat() if wanted.to else None,
            "why": wanted.why,
            "made_at": self.made_at,
            "made_by": self.made_by,
            "approved_at": self.approved_at,
            "approved_by": self.approved_by,
            "ended_at": self.ended_at,
        }


def ask(database: Database, clock: Clock, actor: Actor, wanted: Wanted) -> Entry:
    """Put an exclusion into the register; it counts once somebody else approves it.

    Raises
    ------
    QueryWrong : it has no reason, means nothing, or both names and describes tickets
    """
    _check(wanted)
    with database.writing() as session:
        row = ExclusionRow(
            metric=wanted.metric,
            conditions=rules.text(wanted.rules),
            tickets=json_text([list(each) for each in wanted.tickets]) or "",
            from_day=wanted.from_.isoformat() if wanted.from_ else None,
            to_day=wanted.to.isoformat() if wanted.to else None,
            why=wanted.why.strip(),
            made_at=instant_text(clock()),
            made_by=actor.name,
        )
        session.add(row)
        session.flush()
        made, why = _entry(row), wanted.why.strip()
        append_within(session, clock, actor, ASK, subject(made), after=made.as_json(), why=why)
        return made


def approve(
    database: Database, clock: Clock, actor: Actor, number: int, alone: bool = False
) -> Entry:
    """Let an exclusion count from now on.

    Parameters
    ----------
    alone : whether nobody else could approve it, since there is one user only

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it was approved or ended before, or the actor asked for it
    """
    with database.writing() as session:
        before = _entry(_row(session, number))
        if before.state != "asked":
            raise QueryWrong(
                f"Exclusion {number} is {before.state}; only an asked one is approved."
            )
        if before.made_by == actor.name and not alone:
            raise QueryWrong(
                f"{actor.name} asked for exclusion {number}, and so cannot approve it.",
                hint="Ask somebody else who may.",
            )
        changed = {"approved_at": instant_text(clock()), "approved_by": actor.name}
        after = _changed(session, number, changed)
        told = Told(before=before.as_json(), after=after.as_json())
        append_within(session, clock, actor, APPROVE, subject(after), **told)
        return after


def end(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Entry:
    """Refuse an exclusion that was asked for, or end one that is in force.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it was ended before, or no reason is given
    """
    _check_reason(why)
    with database.writing() as session:
        before = _entry(_row(session, number))
        if before.ended_at is not None:
            raise QueryWrong(f"Exclusion {number} was ended before: {before.ended_at}.")
        after = _changed(session, number, {"ended_at": instant_text(clock())})
        told = Told(before=before.as_json(), after=after.as_json(), why=why.strip())
        append_within(session, clock, actor, APPROVE, subject(after), **told)
        return after


def register(database: Database) -> list[Entry]:
    """Return every exclusion ever asked for, newest first."""
    with database.reading() as session:
        rows = session.scalars(select(ExclusionRow).order_by(ExclusionRow.id.desc()))
        return [_entry(row) for row in rows]


def in_force(database: Database) -> list[Entry]:
    """Return the exclusions that count now, oldest first."""
    counts = ExclusionRow.approved_at.is_not(None) & ExclusionRow.ended_at.is_(None)
    with database.reading() as session:
        rows = session.scalars(select(ExclusionRow).where(counts).order_by(ExclusionRow.id))
        return [_entry(row) for row in rows]


def _check(wanted: Wanted) -> None:
    _check_reason(wanted.why)
    described = bool(wanted.rules or wanted.from_ or wanted.to)
    if bool(wanted.tickets) == described:
        raise QueryWrong(
            "An exclusion names tickets, or says which they are by conditions and days.",
            hint="Give one of the two, not both.",
        )
    if len(wanted.tickets) > MOST_TICKETS:
        raise QueryWrong(
            f"{len(wanted.tickets):,} tickets are named; {MOST_TICKETS:,} are the most.",
            hint="Say which they are by conditions.",
        )
    if wanted.from_ and wanted.to and wanted.from_ > wanted.to:
        raise QueryWrong(f"from {wanted.from_} lies after to {wanted.to}.")


def _check_reason(why: str) -> None:
    if not why.strip():
        raise QueryWrong("An exclusion needs a reason.", hint="Say why, for who reads it later.")
    if len(why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")


def subject(entry: Entry) -> str:
    """Return what audit lines call an exclusion."""
    return f"exclusion {entry.number}"


def _row(session: Session, number: int) -> ExclusionRow:
    row = session.get(ExclusionRow, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownRecord(
            f"There is no exclusion {number}.", hint="See opsgauge exclusions list."
        )
    return row


def _changed(session: Session, number: int, values: dict[str, str]) -> Entry:
    session.execute(update(ExclusionRow).where(ExclusionRow.id == number).values(values))
    session.expire_all()
    return _entry(_row(session, number))


def _entry(row: ExclusionRow) -> Entry:
    return Entry(
        number=row.id,
        wanted=Wanted(
            why=row.why,
            metric=row.metric,
            rules=rules.read(row.conditions),
            tickets=tuple((source, ticket) for source, ticket in json.loads(row.tickets)),
            from_=date.fromisoformat(row.from_day) if row.from_day else None,
            to=date.fromisoformat(row.to_day) if row.to_day else None,
        ),
        made_at=row.made_at,
        made_by=row.made_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        ended_at=row.ended_at,
    )
