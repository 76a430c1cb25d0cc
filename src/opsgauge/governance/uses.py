"""How often metrics are looked at: counted by day, metric and way; by whom is never kept.

Floor 4. `operations/uses.py` gathers what is seen and hands it over in batches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from opsgauge.foundation.errors import Fault
from opsgauge.governance.database import Database
from opsgauge.governance.tables import AuditRow, MetricUseRow

WAYS = ("page", "api", "cli")
Seen = tuple[date, str, str]  # day, metric, way


@dataclass(frozen=True)
class Use:
    """How one metric was looked at."""

    last: date  # the newest day it was looked at, ever
    views: Mapping[str, int]  # by way, within the days asked for


def add(database: Database, seen: Mapping[Seen, int]) -> None:
    """Add views to those counted already; processes that do so at once lose none.

    Raises
    ------
    Fault : another process kept writing for too long, or nothing can be written
    """
    if not seen:
        return
    rows = [
        {"day": day.isoformat(), "metric": metric, "way": way, "views": views}
        for (day, metric, way), views in sorted(seen.items())
    ]
    maker = sqlite if database.engine.dialect.name == "sqlite" else postgresql
    insert = maker.insert(MetricUseRow).values(rows)
    added = insert.on_conflict_do_update(
        index_elements=["day", "metric", "way"],
        set_={"views": MetricUseRow.views + insert.excluded.views},
    )
    try:
        with database.writing() as session:
            session.execute(added)
    except DBAPIError as wrong:
        raise Fault(f"Views of metrics cannot be counted: {wrong.orig}.") from wrong


def uses(database: Database, since: date) -> dict[str, Use]:
    """Return how each metric was looked at; one that never was is left out."""
    newest = select(MetricUseRow.metric, func.max(MetricUseRow.day)).group_by(MetricUseRow.metric)
    counted = (
        select(MetricUseRow.metric, MetricUseRow.way, func.sum(MetricUseRow.views))
        .where(MetricUseRow.day >= since.isoformat())
        .group_by(MetricUseRow.metric, MetricUseRow.way)
    )
    with database.reading() as session:
        last = {metric: date.fromisoformat(day) for metric, day in session.execute(newest)}
        views: dict[str, dict[str, int]] = {}
        for metric, way, count in session.execute(counted):
            views.setdefault(metric, {})[way] = int(count)
    return {metric: Use(day, views.get(metric, {})) for metric, day in last.items()}


def counted_since(database: Database) -> date | None:
    """Return the first day on which anything was counted; None where nothing was yet."""
    with database.reading() as session:
        day = session.scalar(select(func.min(MetricUseRow.day)))
    return date.fromisoformat(day) if day else None


def decided(database: Database, prefix: str) -> dict[str, date]:
    """Return the newest day on which something was decided of each subject, from the audit.

    Parameters
    ----------
    prefix : what the subjects begin with, such as "metric "; it is taken off
    """
    newest = (
        select(AuditRow.subject, func.max(AuditRow.at))
        .where(AuditRow.subject.startswith(prefix, autoescape=True))
        .group_by(AuditRow.subject)
    )
    with database.reading() as session:
        found = session.execute(newest).all()
    return {subject.removeprefix(prefix): date.fromisoformat(at[:10]) for subject, at in found}
