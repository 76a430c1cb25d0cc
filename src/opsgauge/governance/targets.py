"""Targets: what a metric should come to for a segment, from when, and until when it is reviewed.

Floor 4. A new target of the same metric, statistic, segment and period takes the place of the one
before, which is kept. Each step leaves its audit line in the same transaction.
"""

import math
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Told, append_within, instant_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import TargetRow

SET = "target:set"
LONGEST_REASON = 2_000


def set_target(database: Database, clock: Clock, actor: Actor, target: Target) -> Target:
    """Keep a target; one of the same metric, statistic, segment and period ends.

    Raises
    ------
    QueryWrong : its numbers, days or reason cannot be
    """
    _check(target)
    now = instant_text(clock())
    with database.writing() as session:
        standing = _standing(session, target)
        before = _target(standing).as_json() if standing else None
        if standing is not None:
            standing.ended_at = now
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
            made_at=now,
            made_by=actor.name,
        )
        session.add(row)
        session.flush()
        made = _target(row)
        told = Told(before=before, after=made.as_json(), why=made.why)
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


def end_target(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Target:
    """End a target that stands, without another in its place.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    _check_reason(why)
    with database.writing() as session:
        row = session.get(TargetRow, number, with_for_update=True, populate_existing=True)
        if row is None:
            raise UnknownRecord(f"There is no target {number}.", hint="opsgauge targets list")
        before = _target(row)
        if row.ended_at is not None:
            raise QueryWrong(f"Target {number} ended before: {row.ended_at}.")
        row.ended_at = instant_text(clock())
        session.flush()
        made = _target(row)
        told = Told(before=before.as_json(), after=made.as_json(), why=why.strip())
        append_within(session, clock, actor, SET, subject(made), **told)
        return made


def targets(database: Database, metric: str | None = None, ended: bool = False) -> list[Target]:
    """Return the targets that stand, of one metric where it is named; oldest first.

    Parameters
    ----------
    ended : also those that stand no more
    """
    query = select(TargetRow).order_by(TargetRow.metric, TargetRow.id)
    if metric is not None:
        query = query.where(TargetRow.metric == metric)
    if not ended:
        query = query.where(TargetRow.ended_at.is_(None))
    with database.reading() as session:
        return [_target(row) for row in session.scalars(query)]


def subject(target: Target) -> str:
    """Return what audit lines call a target: its metric, so that a metric's lines are found."""
    return f"metric {target.metric}"


def _standing(session: Session, target: Target) -> TargetRow | None:
    query = select(TargetRow).where(
        TargetRow.metric == target.metric,
        TargetRow.statistic == target.statistic,
        TargetRow.segment == rules.text(target.segment),
        TargetRow.period == target.period,
        TargetRow.ended_at.is_(None),
    )
    return session.scalars(query).one_or_none()


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
    if not why.strip():
        raise QueryWrong("A target needs a reason.", hint="Say what it is for.")
    if len(why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")


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
