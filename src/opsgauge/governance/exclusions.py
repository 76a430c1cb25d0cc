"""The register of exclusions: tickets left out of numbers, with reason and approver.

Floor 4. Who asks for one may not approve it. An exclusion counts from its approval until it is
ended; none is ever removed. Each step leaves its audit line in the same transaction.
"""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Json, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import ExclusionRow
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import Register, check_reason

ASK, APPROVE = "exclusion:ask", "exclusion:approve"
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
    row = ExclusionRow(
        metric=wanted.metric,
        conditions=rules.text(wanted.rules),
        tickets=json_text([list(each) for each in wanted.tickets]) or "",
        from_day=wanted.from_.isoformat() if wanted.from_ else None,
        to_day=wanted.to.isoformat() if wanted.to else None,
        why=wanted.why.strip(),
    )
    with database.writing() as session:
        return _ASKED.put(session, clock, actor, row)


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
        row = _DECIDED.row_of(session, number)
        state = _entry(row).state
        if state != "asked":
            raise QueryWrong(f"Exclusion {number} is {state}; only an asked one is approved.")
        if row.made_by == actor.name and not alone:
            raise QueryWrong(
                f"{actor.name} asked for exclusion {number}, and so cannot approve it.",
                hint="Ask somebody else who may.",
            )
        approved = {"approved_at": text_of(clock()), "approved_by": actor.name}
        return _DECIDED.change(session, clock, actor, row, approved)


def end(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Entry:
    """Refuse an exclusion that was asked for, or end one that is in force.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it was ended before, or no reason is given
    """
    _check_reason(why)
    return _DECIDED.end(database, clock, actor, number, why)


def register(database: Database) -> list[Entry]:
    """Return every exclusion ever asked for, newest first."""
    return _DECIDED.lines(database, select(ExclusionRow).order_by(ExclusionRow.id.desc()))


def in_force(database: Database) -> list[Entry]:
    """Return the exclusions that count now, oldest first."""
    approved = select(ExclusionRow).where(ExclusionRow.approved_at.is_not(None))
    return _DECIDED.lines(database, approved.order_by(ExclusionRow.id), ended=False)


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
    check_reason(why, "An exclusion needs a reason.", "Say why, for who reads it later.")


def subject(entry: Entry) -> str:
    """Return what audit lines call an exclusion."""
    return f"exclusion {entry.number}"


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


_DECIDED = Register(
    ExclusionRow,
    _entry,
    subject,
    APPROVE,
    "Exclusion {} was",
    "There is no exclusion {}.",
    "opsgauge exclusions list",
)
_ASKED = replace(_DECIDED, action=ASK)
