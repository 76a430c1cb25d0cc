"""Response protocols: who does what, within how many working days, when a metric slips.

Floor 4. A metric and segment have one protocol at a time; a new one takes the place of the one
before, which is kept. Each step leaves its audit line in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.governance import rules
from opsgauge.governance.access import ROLES, Actor
from opsgauge.governance.database import Database
from opsgauge.governance.register import Register, check_reason
from opsgauge.governance.signal_tables import ProtocolRow

SET = "protocol:set"
OWNER, ROLE, PERSON = "owner", "role", "person"
WHO = (OWNER, ROLE, PERSON)
MOST_DAYS = 250  # a working year
LONGEST = 2_000


@dataclass(frozen=True)
class Protocol:
    """What is to follow when a metric slips.

    Attributes
    ----------
    segment : for signals of these tickets, and of parts of them; no rules: of all
    who : "owner" of the signal, "role" or "person"
    name : the role or the person; "" for the owner
    what : what is to be done
    days : within so many working days
    calendar : which days those are
    """

    metric: str
    segment: Rules
    who: str
    name: str
    what: str
    days: int
    calendar: str = "always"
    why: str = ""
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "segment": rules.plain(self.segment)}

    def covers(self, metric: str, segment: Rules) -> bool:
        """Say whether it is for a signal of this metric and segment."""
        return self.metric == metric and rules.within(segment, self.segment)


def set_protocol(database: Database, clock: Clock, actor: Actor, wanted: Protocol) -> Protocol:
    """Keep a protocol; one of the same metric and segment ends.

    Raises
    ------
    QueryWrong : who, what, days or reason cannot be
    """
    _check(wanted)
    row = ProtocolRow(
        metric=wanted.metric,
        segment=rules.text(wanted.segment),
        who=wanted.who,
        name=wanted.name.strip(),
        what=wanted.what.strip(),
        days=wanted.days,
        calendar=wanted.calendar,
        why=wanted.why.strip(),
    )
    with database.writing() as session:
        return _REGISTER.put(session, clock, actor, row, _standing(session, wanted))


def end_protocol(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Protocol:
    """End a protocol that stands, without another in its place.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    return _REGISTER.end(database, clock, actor, number, why)


def protocols(database: Database, metric: str | None = None, ended: bool = False) -> list[Protocol]:
    """Return the protocols that stand, of one metric where it is named; oldest first."""
    query = select(ProtocolRow).order_by(ProtocolRow.metric, ProtocolRow.id)
    if metric is not None:
        query = query.where(ProtocolRow.metric == metric)
    return _REGISTER.lines(database, query, ended)


def protocol(database: Database, number: int) -> Protocol:
    """Return the protocol of a number.

    Raises
    ------
    UnknownRecord : there is none
    """
    return _REGISTER.line(database, number)


def nearest(among: Sequence[Protocol], metric: str, segment: Rules) -> Protocol | None:
    """Return the protocol for a signal: of those that cover it the narrowest, the newest of two.

    Examples
    --------
    >>> from opsgauge.foundation.agreed import Condition
    >>> of_a = (Condition("team", ("A",)),)
    >>> wide = Protocol("backlog", (), "owner", "", "Look.", 5, number=2)
    >>> narrow = Protocol("backlog", of_a, "owner", "", "Ask A.", 1, number=1)
    >>> nearest([wide, narrow], "backlog", of_a).what, nearest([narrow], "backlog", ())
    ('Ask A.', None)
    """
    found = [each for each in among if each.covers(metric, segment)]
    return max(found, key=lambda each: (len(each.segment), each.number), default=None)


def subject(protocol: Protocol) -> str:
    """Return what audit lines call a protocol: its metric, so that a metric's lines are found."""
    return f"metric {protocol.metric}"


def _standing(session: Session, wanted: Protocol) -> Sequence[ProtocolRow]:
    query = select(ProtocolRow).where(
        ProtocolRow.metric == wanted.metric,
        ProtocolRow.segment == rules.text(wanted.segment),
        ProtocolRow.ended_at.is_(None),
    )
    return session.scalars(query).all()


def _check(wanted: Protocol) -> None:
    _check_reason(wanted.why)
    if wanted.who not in WHO:
        raise QueryWrong(f"A protocol has no {wanted.who!r}.", hint=did_you_mean(wanted.who, WHO))
    if bool(wanted.name.strip()) == (wanted.who == OWNER):
        raise QueryWrong(
            "A protocol names the role or the person who responds, and no name beside the owner.",
            hint="Such as the role 'process owner', or the person 'Ana'.",
        )
    if wanted.who == ROLE and wanted.name.strip() not in ROLES:
        raise QueryWrong(
            f"There is no role {wanted.name.strip()!r}.", hint=did_you_mean(wanted.name, ROLES)
        )
    if not wanted.what.strip():
        raise QueryWrong("A protocol needs to say what is done.", hint="Say it as an order.")
    if max(len(wanted.what), len(wanted.name)) > LONGEST:
        raise QueryWrong(f"A protocol holds no text longer than {LONGEST:,} characters.")
    if not 0 <= wanted.days <= MOST_DAYS:
        raise QueryWrong(
            f"{wanted.days} working days are not 0 to {MOST_DAYS}.",
            hint="Within 0 days means the same working day.",
        )


def _check_reason(why: str) -> None:
    check_reason(why, "A protocol needs a reason.", "Say why it is needed.")


def _protocol(row: ProtocolRow) -> Protocol:
    return Protocol(
        metric=row.metric,
        segment=rules.read(row.segment),
        who=row.who,
        name=row.name,
        what=row.what,
        days=row.days,
        calendar=row.calendar,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    ProtocolRow,
    _protocol,
    subject,
    SET,
    "Protocol {}",
    "There is no protocol {}.",
    "opsgauge signals protocol list",
)
