"""How much the business depends on services: tiers from 1 (most) to 4 (least).

Floor 4. A newer line of a service takes the place of the one before, which is kept. Each step
leaves its audit line in the same transaction.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Told, append_within, instant_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import TierRow

SET = "tier:set"
TIERS = (1, 2, 3, 4)
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Tier:
    """The tier of a service, as people decided it.

    Attributes
    ----------
    number : by which the records know it; 0 before they do
    ended_at : when it counted no more
    """

    service: str
    tier: int
    why: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return asdict(self)


def set_tier(database: Database, clock: Clock, actor: Actor, wanted: Tier) -> Tier:
    """Keep the tier of a service; the one before it ends.

    Raises
    ------
    QueryWrong : there is no such tier, it stands already, or it has no reason
    """
    _check(wanted)
    now = instant_text(clock())
    with database.writing() as session:
        standing = _standing(session, wanted.service)
        if standing is not None and standing.tier == wanted.tier:
            raise QueryWrong(f"{wanted.service} is of tier {wanted.tier} already.")
        before = _tier(standing).as_json() if standing else None
        if standing is not None:
            standing.ended_at = now
        row = TierRow(
            service=wanted.service,
            tier=wanted.tier,
            why=wanted.why.strip(),
            made_at=now,
            made_by=actor.name,
        )
        session.add(row)
        session.flush()
        made = _tier(row)
        told = Told(before=before, after=made.as_json(), why=made.why)
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


def end_tier(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Tier:
    """Let what an import told of a service count again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    with database.writing() as session:
        row = _row(session, number)
        before = _tier(row)
        if row.ended_at is not None:
            raise QueryWrong(f"Tier {number} ended before: {row.ended_at}.")
        row.ended_at = instant_text(clock())
        session.flush()
        made = _tier(row)
        told = Told(before=before.as_json(), after=made.as_json(), why=why.strip())
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


def tiers(database: Database, service: str | None = None, ended: bool = False) -> list[Tier]:
    """Return what counts, of one service where it is named, in order of services.

    Parameters
    ----------
    ended : also what counts no more
    """
    query = select(TierRow).order_by(TierRow.service, TierRow.id)
    if service is not None:
        query = query.where(TierRow.service == service)
    if not ended:
        query = query.where(TierRow.ended_at.is_(None))
    with database.reading() as session:
        return [_tier(row) for row in session.scalars(query)]


def tier(database: Database, number: int) -> Tier:
    """Return one line.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    with database.reading() as session:
        return _tier(_row(session, number, to_change=False))


def subject(tier: Tier) -> str:
    """Return what audit lines call it: its service, so that a service's lines are found."""
    return f"service {tier.service}"


def _row(session: Session, number: int, to_change: bool = True) -> TierRow:
    # Only a transaction that writes may hold a row.
    row = session.get(TierRow, number, with_for_update=to_change, populate_existing=True)
    if row is None:
        raise UnknownRecord(f"There is no tier {number}.", hint="See opsgauge tiers list.")
    return row


def _standing(session: Session, service: str) -> TierRow | None:
    query = select(TierRow).where(TierRow.service == service, TierRow.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def _check(wanted: Tier) -> None:
    _check_reason(wanted.why)
    if not wanted.service.strip():
        raise QueryWrong("A tier needs a service.")
    if wanted.tier not in TIERS:
        raise QueryWrong(
            f"There is no tier {wanted.tier}.", hint="1 is what the business needs most, 4 least."
        )


def _check_reason(why: str) -> None:
    if not why.strip():
        raise QueryWrong("A tier needs a reason.", hint="Say what the business does with it.")
    if len(why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")


def _tier(row: TierRow) -> Tier:
    return Tier(
        service=row.service,
        tier=row.tier,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )
