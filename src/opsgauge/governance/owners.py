"""Who answers for what, and who uses it: the register of owners.

Floor 4. A process, a metric or a service has at most one owner at a time; the other parts may have
several people. Nobody is removed: a line ends. Each step leaves its audit line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import OwnershipRow
from opsgauge.governance.people_tables import UserRow
from opsgauge.governance.register import Register

SET = "owner:set"
KINDS = ("process", "metric", "service", "queue", "page")
OWNER, CONSUMER = "owner", "consumer"
# Beside owner and consumer the words of RACI, for who does the work and who is asked or told.
PARTS: Mapping[str, str] = {
    OWNER: "decides about it and answers for it",
    CONSUMER: "decides by it",
    "responsible": "does the work",
    "accountable": "answers for the work",
    "consulted": "is asked before",
    "informed": "is told after",
}
LONGEST = 500


@dataclass(frozen=True)
class Ownership:
    """One person's part in one thing.

    Attributes
    ----------
    kind, subject : what it is, such as "metric" and "time_to_resolve"; a queue is a team's name
    part : a key of `PARTS`
    person : the name of a user, or of somebody who does not sign in
    rights : what they decide, in words
    """

    kind: str
    subject: str
    part: str
    person: str
    rights: str = ""
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return asdict(self)


def set_owner(database: Database, clock: Clock, actor: Actor, wanted: Ownership) -> Ownership:
    """Give somebody a part; a new owner takes the place of the one before.

    Raises
    ------
    QueryWrong : kind or part are none, a name is empty or too long, or they have that part already
    """
    _check(wanted)
    person = wanted.person.strip()
    row = OwnershipRow(
        kind=wanted.kind,
        subject=wanted.subject.strip(),
        part=wanted.part,
        person=person,
        rights=wanted.rights.strip(),
    )
    with database.writing() as session:
        standing = _standing(session, wanted)
        if any(each.person == person for each in standing):
            raise QueryWrong(f"{person} is {wanted.part} of {wanted.subject} already.")
        before = standing if wanted.part == OWNER else ()
        return _REGISTER.put(session, clock, actor, row, before)


def end_ownership(database: Database, clock: Clock, actor: Actor, number: int) -> Ownership:
    """End somebody's part.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before
    """
    return _REGISTER.end(database, clock, actor, number)


def owners(
    database: Database, kind: str | None = None, subject: str | None = None, ended: bool = False
) -> list[Ownership]:
    """Return the register, in order of kind and subject; without what ended, unless asked for."""
    query = select(OwnershipRow).order_by(
        OwnershipRow.kind, OwnershipRow.subject, OwnershipRow.part.desc(), OwnershipRow.id
    )
    named = {"kind": kind, "subject": subject}
    query = query.filter_by(**{name: value for name, value in named.items() if value is not None})
    return _REGISTER.lines(database, query, ended)


@dataclass(frozen=True)
class Staff:
    """By what names users go, as they sign in and as they are shown; in small letters.

    Attributes
    ----------
    there, left : of users who may sign in, and of those who may no more
    """

    there: frozenset[str]
    left: frozenset[str]

    def has_left(self, person: str) -> bool:
        """Say whether somebody was a user and is none any more.

        Examples
        --------
        >>> staff = Staff(frozenset({"ana"}), frozenset({"bob"}))
        >>> staff.has_left("Bob "), staff.has_left("Ana"), staff.has_left("Desk lead")
        (True, False, False)
        """
        name = person.strip().casefold()
        return name in self.left and name not in self.there

    def knows(self, person: str) -> bool:
        """Say whether an active user bears a name; of a desk without users all do."""
        return not (self.there or self.left) or person.strip().casefold() in self.there


def staff(database: Database) -> Staff:
    """Return by what names users go."""
    with database.reading() as session:
        rows = session.execute(select(UserRow.name, UserRow.shown, UserRow.active)).all()
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for name, shown, active in rows:
        names[bool(active)] |= {each.strip().casefold() for each in (name, shown) if each.strip()}
    return Staff(frozenset(names[True]), frozenset(names[False]))


def subject_of(ownership: Ownership) -> str:
    """Return what audit lines call the thing, such as "metric time_to_resolve"."""
    return f"{ownership.kind} {ownership.subject}"


def _standing(session: Session, wanted: Ownership) -> Sequence[OwnershipRow]:
    query = select(OwnershipRow).where(
        OwnershipRow.kind == wanted.kind,
        OwnershipRow.subject == wanted.subject.strip(),
        OwnershipRow.part == wanted.part,
        OwnershipRow.ended_at.is_(None),
    )
    return session.scalars(query).all()


def _check(wanted: Ownership) -> None:
    for word, known in ((wanted.kind, KINDS), (wanted.part, tuple(PARTS))):
        if word not in known:
            raise QueryWrong(
                f"The register of owners has no {word!r}.", hint=did_you_mean(word, known)
            )
    for name in ("subject", "person"):
        if not getattr(wanted, name).strip():
            raise QueryWrong(f"A line of the register needs a {name}.")
    if max(len(wanted.subject), len(wanted.person), len(wanted.rights)) > LONGEST:
        raise QueryWrong(f"A line of the register holds no text longer than {LONGEST} characters.")


def _ownership(row: OwnershipRow) -> Ownership:
    return Ownership(
        kind=row.kind,
        subject=row.subject,
        part=row.part,
        person=row.person,
        rights=row.rights,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    OwnershipRow,
    _ownership,
    subject_of,
    SET,
    "Line {} of the register",
    "There is no line {} in the register of owners.",
)
