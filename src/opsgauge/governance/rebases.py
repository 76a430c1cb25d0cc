"""Rebases and excluded points: where a chart begins anew, and which points count for nothing.

Floor 4. Each stands on a reason, a rebase on what happened as well; both are undone with a reason
and never removed. Nothing here is done by a program of its own accord. Each step leaves its audit
line in the same transaction.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from opsgauge.foundation.agreed import Rules, Series
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.access import Actor
from opsgauge.governance.charted_series import columns_of, of_the_series, series_of
from opsgauge.governance.charted_series import subject as subject_of
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import ExcludedPointRow, RebaseRow
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import Register, check_reason

REBASE = "baseline:rebase"
LONGEST_EVENT = 500


@dataclass(frozen=True)
class Rebase:
    """A chart that is to begin anew.

    Attributes
    ----------
    at : label of the first period of the new phase, such as 2026-W10; a day names its period
    event : what happened, or the name of an improvement
    event_day : when it happened; None for what is known by its name
    """

    metric: str
    statistic: str
    segment: Rules
    period: str
    at: str
    why: str
    event: str
    event_day: date | None = None

    @property
    def series(self) -> Series:
        """The series that is charted."""
        return Series(self.metric, self.statistic, self.segment, self.period)


@dataclass(frozen=True)
class Rebased:
    """A rebase as the records keep it; one that was undone has an end and says why."""

    series: Series
    at: str
    why: str
    event: str
    event_day: date | None
    number: int
    made_at: str
    made_by: str
    ended_at: str | None = None
    ended_why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {name: value for name, value in vars(self).items() if name != "series"}
        day = self.event_day.isoformat() if self.event_day else None
        return {**self.series.as_json(), **told, "event_day": day}


@dataclass(frozen=True)
class ExcludedPoint:
    """A period that a chart shows and does not count; one that was undone has an end."""

    series: Series
    at: str
    why: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None
    ended_why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {name: value for name, value in vars(self).items() if name != "series"}
        return {**self.series.as_json(), **told}


def keep_rebase(database: Database, clock: Clock, actor: Actor, wanted: Rebase) -> Rebased:
    """Keep that a chart begins anew.

    Raises
    ------
    QueryWrong : without a reason or an event, or it begins anew there already
    """
    check_reason(wanted.why, "A rebase needs a reason.", "Say what makes the change a lasting one.")
    if not wanted.event.strip():
        raise QueryWrong(
            "A rebase needs the event that changed the process, or the name of an improvement.",
            hint="Say what happened, and on which day.",
        )
    if len(wanted.event) > LONGEST_EVENT:
        raise QueryWrong(f"The event is longer than {LONGEST_EVENT} characters.")
    row = RebaseRow(
        **columns_of(wanted.series),
        at=wanted.at,
        why=wanted.why.strip(),
        event=wanted.event.strip(),
        event_day=wanted.event_day.isoformat() if wanted.event_day else None,
        ended_why="",
    )
    with database.writing() as session:
        for each in session.scalars(of_the_series(RebaseRow, wanted.series)):
            if each.at == wanted.at:
                raise QueryWrong(f"The chart begins anew with {wanted.at} already: {each.event}.")
        return _REBASES.put(session, clock, actor, row)


def undo_rebase(database: Database, clock: Clock, actor: Actor, number: int, why: str) -> Rebased:
    """Undo a rebase: the phases on its two sides are one again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it was undone before, or no reason is given
    """
    check_reason(why, "Undoing a rebase needs a reason.", "Say why the change was none.")
    return _undone(_REBASES, database, clock, actor, number, why)


def rebases(database: Database, metric: str | None = None, ended: bool = False) -> list[Rebased]:
    """Return the rebases that stand, of one metric where it is named; oldest first.

    Parameters
    ----------
    ended : also those that were undone
    """
    query = select(RebaseRow).order_by(RebaseRow.id)
    if metric is not None:
        query = query.where(RebaseRow.metric == metric)
    return _REBASES.lines(database, query, ended)


def rebase_of(database: Database, number: int) -> Rebased:
    """Return the rebase of a number; raises UnknownRecord where there is none."""
    return _REBASES.line(database, number)


def exclude_point(
    database: Database, clock: Clock, actor: Actor, wanted: ExcludedPoint
) -> ExcludedPoint:
    """Keep that a period counts for nothing on its chart.

    Raises
    ------
    QueryWrong : without a reason, or it is excluded already
    """
    check_reason(wanted.why, "An excluded point needs a reason.", "Say what its known cause is.")
    series, at = wanted.series, wanted.at
    row = ExcludedPointRow(**columns_of(series), at=at, why=wanted.why.strip(), ended_why="")
    with database.writing() as session:
        for each in session.scalars(of_the_series(ExcludedPointRow, series)):
            if each.at == at:
                raise QueryWrong(f"The chart excludes {at} already: {each.why}")
        return _POINTS.put(session, clock, actor, row)


def undo_exclusion(
    database: Database, clock: Clock, actor: Actor, number: int, why: str
) -> ExcludedPoint:
    """Let an excluded point count again.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it counts again already, or no reason is given
    """
    check_reason(why, "Undoing an excluded point needs a reason.", "Say why it counts after all.")
    return _undone(_POINTS, database, clock, actor, number, why)


def excluded_points(
    database: Database, metric: str | None = None, ended: bool = False
) -> list[ExcludedPoint]:
    """Return the excluded points that stand, of one metric where it is named; oldest first.

    Parameters
    ----------
    ended : also those that count again
    """
    query = select(ExcludedPointRow).order_by(ExcludedPointRow.id)
    if metric is not None:
        query = query.where(ExcludedPointRow.metric == metric)
    return _POINTS.lines(database, query, ended)


def excluded_point_of(database: Database, number: int) -> ExcludedPoint:
    """Return the excluded point of a number; raises UnknownRecord where there is none."""
    return _POINTS.line(database, number)


def _undone(
    register: Register[Any, Any],
    database: Database,
    clock: Clock,
    actor: Actor,
    number: int,
    why: str,
) -> Any:
    with database.writing() as session:
        row = register.row_of(session, number)
        if row.ended_at is not None:
            raise QueryWrong(f"{register.called.format(number)} was undone before: {row.ended_at}.")
        values = {"ended_at": text_of(clock()), "ended_why": why.strip()}
        return register.change(session, clock, actor, row, values, why)


def _subject(line: Rebased | ExcludedPoint) -> str:
    return subject_of(line.series)


def _rebased(row: RebaseRow) -> Rebased:
    return Rebased(
        series=series_of(row),
        at=row.at,
        why=row.why,
        event=row.event,
        event_day=date.fromisoformat(row.event_day) if row.event_day else None,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


def _point(row: ExcludedPointRow) -> ExcludedPoint:
    return ExcludedPoint(
        series=series_of(row),
        at=row.at,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


_REBASES: Register[RebaseRow, Rebased] = Register(
    *(RebaseRow, _rebased, _subject, REBASE, "Rebase {}", "There is no rebase {}."),
    hint="opsgauge baseline list",
)
_POINTS: Register[ExcludedPointRow, ExcludedPoint] = Register(
    *(ExcludedPointRow, _point, _subject, REBASE, "Excluded point {}"),
    unknown="There is no excluded point {}.",
    hint="opsgauge baseline list",
)
