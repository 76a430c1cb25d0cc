"""How much the business depends on services: tiers from 1 (most) to 4 (least).

Floor 4. A newer line of a service takes the place of the one before, which is kept. Each step
leaves its audit line in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import TierRow
from opsgauge.governance.register import Register, check_reason

SET = "tier:set"
TIERS = (1, 2, 3, 4)


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
    row = TierRow(service=wanted.service, tier=wanted.tier, why=wanted.why.strip())
    with database.writing() as session:
        standing = _standing(session, wanted.service)
        if any(each.tier == wanted.tier for each in standing):
            raise QueryWrong(f"{wanted.service} is of tier {wanted.tier} already.")
        return _REGISTER.put(session, clock, actor, row, standing)


def end_tier(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Tier:
    """Let what an import told of a service count again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    return _REGISTER.end(database, clock, actor, number, why)


def tiers(database: Database, service: str | None = None, ended: bool = False) -> list[Tier]:
    """Return what counts, of one service where it is named, in order of services.

    Parameters
    ----------
    ended : also what counts no more
    """
    query = select(TierRow).order_by(TierRow.service, TierRow.id)
    if service is not None:
        query = query.where(TierRow.service == service)
    return _REGISTER.lines(database, query, ended)


def tier(database: Database, number: int) -> Tier:
    """Return one line.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    return _REGISTER.line(database, number)


def subject(tier: Tier) -> str:
    """Return what audit lines call it: its service, so that a service's lines are found."""
    return f"service {tier.service}"


def _standing(session: Session, service: str) -> Sequence[TierRow]:
    query = select(TierRow).where(TierRow.service == service, TierRow.ended_at.is_(None))
    return session.scalars(query).all()


def _check(wanted: Tier) -> None:
    _check_reason(wanted.why)
    if not wanted.service.strip():
        raise QueryWrong("A tier needs a service.")
    if wanted.tier not in TIERS:
        raise QueryWrong(
            f"There is no tier {wanted.tier}.", hint="1 is what the business needs most, 4 least."
        )


def _check_reason(why: str) -> None:
    check_reason(why, "A tier needs a reason.", "Say what the business does with it.")


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


_REGISTER = Register(
    TierRow, _tier, subject, SET, "Tier {}", "There is no tier {}.", "See opsgauge tiers list."
)
