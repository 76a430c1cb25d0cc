"""Registers of decisions: a newer line takes the place of those before, and all of them are kept.

Floor 4. What targets, owners, tiers, outages and exclusions have in common; what their lines say,
and what must hold of them, stands in the file of each. Every step leaves its audit line in the
same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Told, append_within
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import DecisionRow
from opsgauge.governance.moments import text_of

LONGEST_REASON = 2_000


class Line(Protocol):
    """A line of a register as others read it."""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        ...


R = TypeVar("R", bound=DecisionRow)
L = TypeVar("L", bound=Line)


@dataclass(frozen=True)
class Register(Generic[R, L]):
    """One register.

    Attributes
    ----------
    row : its table
    read : what a row of it says
    subject : what audit lines call what a line is about
    action : by which a line is set and ended
    called : a line in words, its number left open: "Target {}"
    unknown : what is said where there is no line of a number, which is left open
    hint : where the lines are found
    """

    row: type[R]
    read: Callable[[R], L]
    subject: Callable[[L], str]
    action: str
    called: str
    unknown: str
    hint: str = ""

    def put(
        self, session: Session, clock: Clock, actor: Actor, row: R, before: Sequence[R] = ()
    ) -> L:
        """Write a line, made now by the actor; those that stood before it end."""
        now = text_of(clock())
        earlier = self.read(before[0]).as_json() if before else None
        for each in before:
            each.ended_at = now
        row.made_at, row.made_by = now, actor.name
        session.add(row)
        session.flush()
        made = self.read(row)
        told = Told(before=earlier, after=made.as_json(), why=getattr(row, "why", ""))
        append_within(session, clock, actor, self.action, self.subject(made), **told)
        return made

    def end(self, database: Database, clock: Clock, actor: Actor, number: int, why: str = "") -> L:
        """End a line that stands, without another in its place.

        Raises
        ------
        UnknownRecord : there is none of that number
        QueryWrong : it ended before
        """
        with database.writing() as session:
            row = self.row_of(session, number)
            if row.ended_at is not None:
                raise QueryWrong(f"{self.called.format(number)} ended before: {row.ended_at}.")
            return self.change(session, clock, actor, row, {"ended_at": text_of(clock())}, why)

    def change(
        self,
        session: Session,
        clock: Clock,
        actor: Actor,
        row: R,
        values: dict[str, str],
        why: str = "",
    ) -> L:
        """Change a line of the register in the transaction of a caller."""
        before = self.read(row).as_json()
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        made = self.read(row)
        told = Told(before=before, after=made.as_json(), why=why.strip())
        append_within(session, clock, actor, self.action, self.subject(made), **told)
        return made

    def row_of(self, session: Session, number: int, to_change: bool = True) -> R:
        """Return the row of a number, held where it is to be changed.

        Raises
        ------
        UnknownRecord : there is none
        """
        # Only a transaction that writes may hold a row.
        row = session.get(self.row, number, with_for_update=to_change, populate_existing=True)
        if row is None:
            raise UnknownRecord(self.unknown.format(number), hint=self.hint)
        return row

    def line(self, database: Database, number: int) -> L:
        """Return the line of a number.

        Raises
        ------
        UnknownRecord : there is none
        """
        with database.reading() as session:
            return self.read(self.row_of(session, number, to_change=False))

    def lines(self, database: Database, query: Select[R], ended: bool = True) -> list[L]:
        """Return the lines of a query.

        Parameters
        ----------
        ended : also those that stand no more
        """
        if not ended:
            query = query.where(self.row.ended_at.is_(None))
        with database.reading() as session:
            return [self.read(row) for row in session.scalars(query)]


def check_reason(why: str, missing: str, hint: str) -> None:
    """Refuse a reason that says nothing, or too much.

    Raises
    ------
    QueryWrong : with `missing` and its hint where it says nothing
    """
    if not why.strip():
        raise QueryWrong(missing, hint=hint)
    if len(why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")


def one_line(text: str) -> str:
    r"""Return what somebody typed as one line without what cannot be seen.

    Examples
    --------
    >>> one_line(" They wait\x00 for\nthe vendor.\u202e ")
    'They wait for the vendor.'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def fitting_line(text: str, longest: int, what: str) -> str:
    """Return the same of a text that has to say something, and not too much.

    Raises
    ------
    QueryWrong : it is empty, or longer than `longest`; `what` begins the sentence
    """
    if len(text) > longest:
        raise QueryWrong(f"{what} is longer than {longest:,} characters.", hint="Say it shorter.")
    said = one_line(text)
    if not said:
        raise QueryWrong(f"{what} is empty.", hint="Say it in a few words.")
    return said
