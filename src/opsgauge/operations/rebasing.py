"""Rebases and excluded points: set by people with a reason, undone by people with a reason.

Floor 5. The records are `governance.rebases`. Nothing in Opsgauge rebases a chart by itself: a rule
that finds a lasting shift only says so, and somebody decides.
"""

from dataclasses import replace

from opsgauge.governance import rebases as kept
from opsgauge.governance.rebases import ExcludedPoint, Rebase, Rebased
from opsgauge.operations.context import Context
from opsgauge.operations.reached import must_reach, sees
from opsgauge.operations.which_chart import named_series, period_named

__all__ = [
    "ExcludedPoint",
    "Rebase",
    "Rebased",
    "exclude_point",
    "excluded_points",
    "rebase",
    "rebases",
    "undo_exclusion",
    "undo_rebase",
]
WHAT = "rebase charts"


def rebase(ctx: Context, wanted: Rebase) -> Rebased:
    """Let a chart begin anew; needs `baseline:rebase` for the records of its segment.

    Raises
    ------
    UnknownMetric, UnknownColumn : it names what is not there
    QueryWrong : without a reason or an event, its period is none, or it begins anew there already
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(kept.REBASE)
    series = named_series(ctx, wanted.series)
    must_reach(ctx, kept.REBASE, WHAT, series.segment)
    named = replace(
        wanted,
        metric=series.metric,
        statistic=series.statistic,
        segment=series.segment,
        at=period_named(ctx, series, wanted.at),
    )
    return kept.keep_rebase(ctx.database, ctx.clock, ctx.actor, named)


def undo_rebase(ctx: Context, number: int, why: str) -> Rebased:
    """Undo a rebase; needs `baseline:rebase` for the records of its segment.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it was undone before, or no reason is given
    """
    ctx.require(kept.REBASE)
    segment = kept.rebase_of(ctx.database, number).series.segment
    must_reach(ctx, kept.REBASE, WHAT, segment)
    return kept.undo_rebase(ctx.database, ctx.clock, ctx.actor, number, why)


def rebases(ctx: Context, metric: str | None = None, ended: bool = False) -> list[Rebased]:
    """Return the rebases of segments that the actor sees, oldest first; needs `baseline:read`."""
    ctx.require("baseline:read")
    found = kept.rebases(ctx.database, metric, ended)
    return [each for each in found if sees(ctx, each.series.segment)]


def exclude_point(ctx: Context, wanted: ExcludedPoint) -> ExcludedPoint:
    """Exclude a point of a chart; needs `baseline:rebase` for the records of its segment.

    Raises
    ------
    UnknownMetric, UnknownColumn : it names what is not there
    QueryWrong : without a reason, its period is none, or it is excluded already
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(kept.REBASE)
    series = named_series(ctx, wanted.series)
    must_reach(ctx, kept.REBASE, WHAT, series.segment)
    named = replace(wanted, series=series, at=period_named(ctx, series, wanted.at))
    return kept.exclude_point(ctx.database, ctx.clock, ctx.actor, named)


def undo_exclusion(ctx: Context, number: int, why: str) -> ExcludedPoint:
    """Let an excluded point count again; needs `baseline:rebase` for the records of its segment.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it counts again already, or no reason is given
    """
    ctx.require(kept.REBASE)
    segment = kept.excluded_point_of(ctx.database, number).series.segment
    must_reach(ctx, kept.REBASE, WHAT, segment)
    return kept.undo_exclusion(ctx.database, ctx.clock, ctx.actor, number, why)


def excluded_points(
    ctx: Context, metric: str | None = None, ended: bool = False
) -> list[ExcludedPoint]:
    """Return the excluded points of segments one sees, oldest first; needs `baseline:read`."""
    ctx.require("baseline:read")
    found = kept.excluded_points(ctx.database, metric, ended)
    return [each for each in found if sees(ctx, each.series.segment)]
