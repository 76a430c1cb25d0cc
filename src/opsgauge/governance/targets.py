"""Targets: what a metric should come to for a segment, from when, and until when it is reviewed.

Floor 4. A new target of the same metric, statistic, segment and period takes the place of the one
before, which is kept. Each step leaves its audit line in the same transaction.
"""

import math
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import TargetRow
from opsgauge.governance.register import Register, check_reason

SET = "target:set"


def set_target(database: Database, clock: Clock, actor: Actor, target: Target) -> Target:
    """Keep a target; one of the same metric, statistic, segment and period ends.

    Raises
    ------
    QueryWrong : its numbers, days or reason cannot be
    """
    _check(target)
    row = TargetRow(
        metric=target.metric,
        statistic=target.statistic,
        segment=rules.text(target.segment),
        period=target.period,
        form=target.form,
        value=target.value,
        baseline=target.baseline,
        from_day=target.from_day.isoformat(),
        review_day=target.review_day.isoformat() if target.review_day else None,
        why=target.why.strip(),
    )
    with database.writing() as session:
        return _REGISTER.put(session, clock, actor, row, _standing(session, target))


def end_target(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Target:
    """End a target that stands, without another in its place.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    return _REGISTER.end(database, clock, actor, number, why)


def targets(database: Database, metric: str | None = None, ended: bool = False) -> list[Target]:
    """Return the targets that stand, of one metric where it is named; oldest first.

    Parameters
    ----------
    ended : also those that stand no more
    """
    query = select(TargetRow).order_by(TargetRow.metric, TargetRow.id)
    if metric is not None:
        query = query.where(TargetRow.metric == metric)
    return _REGISTER.lines(database, query, ended)


def subject(target: Target) -> str:
    """Return what audit lines call a target: its metric, so that a metric's lines are found."""
    return f"metric {target.metric}"


def _standing(session: Session, target: Target) -> Sequence[TargetRow]:
    query = select(TargetRow).where(
        TargetRow.metric == target.metric,
        TargetRow.statistic == target.statistic,
        TargetRow.segment == rules.text(target.segment),
        TargetRow.period == target.period,
        TargetRow.ended_at.is_(None),
    )
    return session.scalars(query).all()


def _check(target: Target) -> None:
    _check_reason(target.why)
    if not math.isfinite(target.value):
        raise QueryWrong(f"{target.value} is no number to reach.")
    if target.form == "percent" and (target.baseline is None or not math.isfinite(target.baseline)):
        raise QueryWrong(
            "A target in percent needs a number to start from.",
            hint="Name the target itself, or a first day with records before it.",
        )
    if target.review_day is not None and target.review_day <= target.from_day:
        raise QueryWrong(
            f"The review on {target.review_day} does not lie after the start on {target.from_day}."
        )


def _check_reason(why: str) -> None:
    check_reason(why, "A target needs a reason.", "Say what it is for.")


def _target(row: TargetRow) -> Target:
    return Target(
        metric=row.metric,
        statistic=row.statistic,
        segment=rules.read(row.segment),
        period=row.period,
        form=row.form,
        value=row.value,
        baseline=row.baseline,
        from_day=date.fromisoformat(row.from_day),
        review_day=date.fromisoformat(row.review_day) if row.review_day else None,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    TargetRow, _target, subject, SET, "Target {}", "There is no target {}.", "opsgauge targets list"
)
