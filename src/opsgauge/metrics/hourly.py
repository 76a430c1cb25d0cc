"""Records counted by the hour: finer than a period, for what comes in by the hour of the day.

Floor 3. A bucket of the calendar is an instant's hour, or a quarter of one; which local hour it is
follows from the zone, where the rows are read.
"""

from dataclasses import replace

import ibis.expr.types as ir

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.kinds import count

HOUR = "hour"


def check_hourly(ask: Ask) -> None:
    """Refuse what cannot be counted by the hour.

    Raises
    ------
    QueryWrong : it is no count of records, or they are dated by the day
    """
    title, column = ask.metric.definition.title, None
    if ask.metric.kind == "count":
        column = ask.subject.column(ask.moment)
    if column is None or column.type == "day":
        raise QueryWrong(
            f"{title} is not counted by the hour: only counts of records whose moment has an hour "
            "are, such as tickets opened.",
            hint="Ask by the day or the week.",
        )


def by_bucket(ask: Ask) -> ir.Table:
    """Count the records of a question by the bucket of the calendar: bucket, n."""
    daily = replace(ask, question=replace(ask.question, period="day"))
    rows = count.rows(daily)
    return rows.group_by("bucket").aggregate(n=rows.count())
