"""Which bookings of cost are meant, and in which currency they are.

Floor 5. Bookings are chosen by their own columns and days; tickets have no part in them.
"""

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.causes.booked import booked_rows
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.log.door import where
from opsgauge.log.related import COSTS
from opsgauge.metrics.subject import CURRENCY, SUBJECTS
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.meant import meant
from opsgauge.operations.small_teams import Together

BOOKED_BY = ("service", "team", "vendor", "kind")
COLUMNS = tuple(column.name for column in COSTS.columns if column.dimension)


def has_bookings(ctx: Context) -> bool:
    """Say whether costs were ever imported."""
    return COSTS.name in ctx.opened().version.tables


def booked(ctx: Context, chosen: Selection, by: str, teams: Together | None) -> pa.Table:
    """Return the bookings chosen, by group and week, as `booked_rows` tells them.

    Parameters
    ----------
    teams : those that are told together, where groups are teams

    Raises
    ------
    QueryWrong : costs are not booked by that, or not chosen so, or are in several currencies
    """
    if by not in BOOKED_BY:
        raise QueryWrong(f"Costs are not booked by {by!r}.", hint=f"Choose {', '.join(BOOKED_BY)}.")
    if chosen.passed:
        raise QueryWrong("Costs are of no ticket, so none passed a step.", hint="Leave it out.")
    for each in chosen.where:
        if each.column not in COLUMNS:
            raise QueryWrong(
                f"Costs have no {each.column!r} to choose them by.",
                hint=did_you_mean(each.column, COLUMNS),
            )
    costs = where(ctx.tables.related[COSTS.name], meant(ctx, chosen.where, SUBJECTS[COSTS.name]))
    costs = _between(costs, chosen)
    if teams is not None:
        costs = costs.mutate(**{by: teams.word(costs[by])})
    found = ctx.opened().engine.run(booked_rows(costs, by))
    _refuse_currencies(found)
    return found


def currency_of(rows: pa.Table) -> str:
    """Return the currency of bookings; "" where none says it."""
    return next((code for code in rows[CURRENCY].to_pylist() if code), "")


def _between(costs: ir.Table, chosen: Selection) -> ir.Table:
    if chosen.from_:
        costs = costs.filter(costs.period_start >= chosen.from_)
    return costs.filter(costs.period_start <= chosen.to) if chosen.to else costs


def _refuse_currencies(rows: pa.Table) -> None:
    codes = {code or "" for code in rows[CURRENCY].to_pylist()}
    if len(codes) > 1:
        told = ", ".join(sorted(code or "none written" for code in codes))
        raise QueryWrong(
            f"Costs are in several currencies ({told}), which are not added up.",
            hint="Choose one with where: currency=EUR.",
        )
