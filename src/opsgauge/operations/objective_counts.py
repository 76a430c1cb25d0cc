"""What an objective counts: good and bad records by the day and by the hour.

Floor 5. Measured as every other number is, so that an objective cannot say another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from opsgauge.analysis.promises.error_budget import Counted
from opsgauge.foundation.agreed import Exclusion
from opsgauge.log.calendars.stretches import instant_of
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.groupings import HOUR
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.objectives import Objective
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.service_hours import Hour, ServiceHours

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class CountedDays:
    """What was counted on each day.

    Attributes
    ----------
    without : less maintenance and what came in out of hours
    whole : with maintenance
    all_hours : less maintenance, at all hours
    """

    without: Mapping[date, Counted]
    whole: Mapping[date, Counted]
    all_hours: Mapping[date, Counted]
    why_not: str = ""
    suspect: tuple[str, ...] = ()


def counted_by_day(
    ctx: Context,
    metric: Metric,
    one: Objective,
    days: tuple[date, date],
    hours: ServiceHours | None,
) -> CountedDays:
    """Count the days of the window, and of as many before, by which each had its own window."""
    first, today = days
    back = first - timedelta(days=one.days)
    asked = Question(metric.name, where=one.where, period="day", from_=back, to=today)
    if hours:
        asked = replace(asked, by=(_by_hour(metric),))
    without = measure(_less_maintenance(ctx, metric, one), asked)
    if without.withheld or any(row.suppressed for row in without.rows):
        told = "a check withholds its numbers." if without.withheld else "few records are withheld."
        return CountedDays({}, {}, {}, told, without.suspect)
    whole = measure(ctx, asked) if one.maintenance else without
    return CountedDays(
        _by_day(metric, without, hours),
        _by_day(metric, whole, hours),
        _by_day(metric, without, None),
        suspect=without.suspect,
    )


def _by_day(metric: Metric, measured: Measured, hours: ServiceHours | None) -> dict[date, Counted]:
    found: dict[date, Counted] = {}
    for row in measured.rows:
        day = date.fromisoformat(row.period)
        if hours is None or (day, int(row.by[_by_hour(metric)] or -1)) in hours.known:
            found[day] = found.get(day, Counted()) + _count(metric, row.n, row.numerator)
    return found


def _by_hour(metric: Metric) -> str:
    """Return the dimension that tells a metric's records apart by their local hour."""
    plain = metric.definition
    assert isinstance(plain, Dated)  # noqa: S101 - `_metric` sees to it
    return f"{plain.period_by.removesuffix('_at')}_{HOUR}"


def counted_by_hour(
    ctx: Context, metric: Metric, one: Objective, watermark: datetime, open_: ServiceHours | None
) -> list[Counted]:
    """Count the newest hours up to that of the newest record, as long as the longest burn.

    Of hours of a calendar, the newest of these.
    """
    longest = max((each.hours for each in one.burns), default=0)
    if not longest:
        return []
    zone = ctx.workspace.zone
    newest = watermark.astimezone(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    if open_:
        hours = [*open_.newest((newest.date(), newest.hour), longest)]
    else:
        every = [newest - AN_HOUR * back for back in range(longest - 1, -1, -1)]
        hours = [(each.date(), each.hour) for each in every]
    if not hours:
        return []
    return count_hours(ctx, metric, one, hours)


def count_hours(
    ctx: Context, metric: Metric, one: Objective, hours: Sequence[Hour]
) -> list[Counted]:
    """Count local hours, in order, less what maintenance leaves out; withheld ones count none."""
    by_hour = _by_hour(metric)
    asked = Question(
        metric.name,
        by=(by_hour,),
        where=one.where,
        period="day",
        from_=hours[0][0],
        to=hours[-1][0],
    )
    rows = measure(_less_maintenance(ctx, metric, one), asked).rows
    found = {
        (row.period, row.by[by_hour]): _count(metric, row.n, row.numerator)
        for row in rows
        if not row.suppressed
    }
    return [found.get((day.isoformat(), f"{hour:02}"), Counted()) for day, hour in hours]


def _count(metric: Metric, n: int, numerator: float | None) -> Counted:
    hits = round(numerator or 0)
    return Counted(n, hits if metric.definition.good == "lower" else n - hits)


def _less_maintenance(ctx: Context, metric: Metric, one: Objective) -> Context:
    """Return the context that leaves out what came in during maintenance, too."""
    zone = ctx.workspace.zone
    ctx = ctx.leaving_out(metric.name)
    windows = tuple(
        Exclusion(
            0,
            each.why,
            metric.name,
            since=instant_of(each.from_, each.begins, zone),
            until=instant_of(each.to, each.ends, zone),
        )
        for each in one.maintenance
    )
    return replace(ctx, left_out=(*(ctx.left_out or ()), *windows)) if windows else ctx
