"""Which control chart a decision is about, as its rows keep it.

Floor 4.
"""

from typing import Any, TypeVar

from sqlalchemy import Select, select

from opsgauge.foundation.agreed import Series
from opsgauge.governance import rules
from opsgauge.governance.decision_tables import SeriesRow

R = TypeVar("R", bound=SeriesRow)


def columns_of(series: Series) -> dict[str, Any]:
    """Return a series as the columns of a row."""
    return {
        "metric": series.metric,
        "statistic": series.statistic,
        "segment": rules.text(series.segment),
        "period": series.period,
    }


def series_of(row: SeriesRow) -> Series:
    """Return which series a row is about."""
    return Series(row.metric, row.statistic, rules.read(row.segment), row.period)


def of_the_series(table: type[R], series: Series) -> Select[R]:
    """Return the query of the rows about one series that stand."""
    query: Select[R] = select(table).filter_by(**columns_of(series), ended_at=None)
    return query


def subject(series: Series) -> str:
    """Return what audit lines call a series: its metric, so that a metric's lines are found."""
    return f"metric {series.metric}"
