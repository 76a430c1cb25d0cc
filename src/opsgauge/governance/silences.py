"""Silences: maintenance of alerts. What fires then is kept and listed, and told after the end.

Floor 4. None is removed; what ends one early leaves its audit line in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.alert_tables import SilenceRow
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import Register, check_reason

SET = "alert:set"
HINT = "opsgauge alerts silences"
TO_COME, ON, OVER, ENDED = "to come", "on", "over", "ended early"


@dataclass(frozen=True)
class Silence:
    """A time in which alerts are told to nobody.

    Attributes
    ----------
    rule : the rule it is of; 0: every rule
    segment : the records it is of, such as those of a service; empty: all
    from_at, until_at : instants as the records write them; the end is not in it
    """

    rule: int
    segment: Rules
    from_at: str
    until_at: str
    why: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def state(self, now: str) -> str:
        """Say whether it is to come, on, over, or was ended early."""
        if self.ended_at is not None:
            return ENDED
        if now < self.from_at:
            return TO_COME
        return ON if now < self.until_at else OVER

    def covers(self, rule: int, segment: Rules, now: str) -> bool:
        """Say whether it keeps a firing from being told: all of its records lie in the silence.

        Examples
        --------
        >>> from opsgauge.foundation.agreed import Condition
        >>> mail = (Condition("service", ("Mail",)),)
        >>> quiet = Silence(0, mail, "2026-01-05", "2026-01-06", "The move.")
        >>> [quiet.covers(7, each, "2026-01-05T08") for each in (mail, ())]
        [True, False]
        """
        mine = self.rule in (0, rule) and rules.within(segment, self.segment)
        return mine and self.state(now) == ON

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "segment": rules.plain(self.segment)}


def add_silence(
    database: Database, clock: Clock, actor: Actor, wanted: Silence, span: tuple[datetime, datetime]
) -> Silence:
    """Keep a silence.

    Parameters
    ----------
    span : from when until when

    Raises
    ------
    QueryWrong : it ends before it begins or in the past, or has no reason
    """
    check_reason(wanted.why, "A silence needs a reason.", "Say what is being done meanwhile.")
    begin, end = map(text_of, span)
    if end <= begin:
        raise QueryWrong("A silence ends after it begins.", hint="Name a later end.")
    if end <= text_of(clock()):
        raise QueryWrong(f"{end} is over.", hint="Name a later end.")
    row = SilenceRow(
        rule_id=wanted.rule,
        segment=rules.text(wanted.segment),
        from_at=begin,
        until_at=end,
        why=wanted.why.strip(),
    )
    with database.writing() as session:
        return _REGISTER.put(session, clock, actor, row)


def end_silence(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Silence:
    """End a silence before its time.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it is over, or no reason is given
    """
    check_reason(why, "This needs a reason.", "The audit keeps it.")
    if silence(database, number).state(text_of(clock())) == OVER:
        raise QueryWrong(f"Silence {number} is over.")
    return _REGISTER.end(database, clock, actor, number, why)


def silences(database: Database) -> list[Silence]:
    """Return every silence, the newest first."""
    return _REGISTER.lines(database, select(SilenceRow).order_by(SilenceRow.id.desc()))


def silence(database: Database, number: int) -> Silence:
    """Return one silence.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    return _REGISTER.line(database, number)


def _silence(row: SilenceRow) -> Silence:
    return Silence(
        rule=row.rule_id,
        segment=rules.read(row.segment),
        from_at=row.from_at,
        until_at=row.until_at,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    SilenceRow,
    _silence,
    lambda each: f"silence {each.number}",
    SET,
    "Silence {}",
    "There is no silence {}.",
    HINT,
)
