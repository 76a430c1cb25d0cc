"""Weekday peak: a weekday that brings more tickets than the other working days, week after week.

Floor 4, analysis. Each week is compared with itself: the tickets of the weekday less the mean of
the week's other working days. Growth and season move both alike; what spreads beyond chance shows
in how the differences spread from week to week, which is never taken for less than chance (Poisson)
would have it, and Student's t takes it from there. Working days are the weekdays that bring at
least half as much as the third fullest; a working day that brings next to nothing is a holiday, and
left out. Found is what holds over all weekdays of all practices looked at (Bonferroni) and is at
least a tenth above the others with 97.5 % certainty.

Source: Student, The probable error of a mean, 1908 (paired differences).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import fmean, median, stdev

import ibis.expr.types as ir
import pyarrow as pa
from scipy.special import stdtr, stdtrit

from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import periods_table
from opsgauge.warehouse.portable import micros

KIND, METHOD = "weekday_peak", "paired_weeks_t"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
A_WEEK = timedelta(weeks=1)
WORKING = 0.5  # of the third fullest weekday's median
NEARLY_NONE = 0.35  # of the weekday's median: a holiday
RUNNING = 0.1  # of the fullest week: less is a desk that hardly runs
FEWEST_WEEKS = 8
FEWEST_A_DAY = 2.0  # tickets on a usual working day
FEWEST_OTHERS = 2  # working days of a week to compare with
ABOVE = 0.10  # of the other working days' mean: what nobody would plan for is no finding
SURE = 0.01  # odds by chance over everything looked at

Days = Mapping[date, int]


@dataclass(frozen=True)
class Weekday:
    """One weekday of one practice against the other working days of the same weeks.

    Attributes
    ----------
    more : mean of the differences, tickets a day; `low` and `high` its 95 % interval
    others : mean of the other working days
    share : of the weeks' tickets that came on it
    odds : of so large a difference by chance, for this one alone
    """

    practice: str
    weekday: int
    weeks: int
    tickets: int
    more: float
    low: float
    high: float
    others: float
    share: float
    odds: float


def arrivals(tickets: ir.Table, bucket_us: int) -> ir.Table:
    """Count tickets by practice and local day of opening: practice, day, n."""
    rows = tickets.select("practice", bucket=micros(tickets.opened_at) // bucket_us)
    dated = rows.inner_join(periods_table().select("bucket", "day"), "bucket")
    return dated.group_by("practice", "day").aggregate(n=dated.count())


def by_practice(rows: pa.Table) -> dict[str, dict[date, int]]:
    """Return what `arrivals` gave as days of each practice."""
    made: dict[str, dict[date, int]] = {}
    for row in rows.to_pylist():
        made.setdefault(row["practice"], {})[date.fromisoformat(row["day"])] = int(row["n"])
    return dict(sorted(made.items()))


def weekday_peaks(practices: Mapping[str, Days], evidence: Evidence) -> list[Finding]:
    """Return the weekdays that stand out, the highest first."""
    looked = [each for name, days in practices.items() for each in weekdays(name, days)]
    found = [
        each for each in looked if each.odds * len(looked) < SURE and each.low > ABOVE * each.others
    ]
    found.sort(key=lambda each: -each.more)
    return [_finding(each, len(looked), evidence) for each in found]


def weekdays(practice: str, days: Days) -> list[Weekday]:
    """Compare each working day of the week with the others; [] where there is too little."""
    weeks = whole_weeks(days)
    usual = [median(week[at] for week in weeks) if weeks else 0.0 for at in range(7)]
    # Against the third of them: the fullest may be the peak that is looked for.
    least = max(WORKING * sorted(usual)[-3], FEWEST_A_DAY)
    working = [at for at in range(7) if usual[at] >= least]
    if len(weeks) < FEWEST_WEEKS or len(working) <= FEWEST_OTHERS:
        return []
    open_days = [
        {at: week[at] for at in working if week[at] >= NEARLY_NONE * usual[at]} for week in weeks
    ]
    made = [_compared(practice, at, weeks, open_days) for at in working]
    return [each for each in made if each is not None]


def whole_weeks(days: Days) -> list[list[int]]:
    """Return the tickets of each whole week, Monday first; days without any have none.

    The weeks of the first and of the last day may have been cut off by the export and are left out,
    and so are weeks in which the desk hardly ran: before it began in earnest, after it ended.
    """
    if not days:
        return []
    first, last = min(days), max(days)
    monday = first + timedelta(days=7 - first.weekday())
    weeks = []
    while monday + A_WEEK <= last:
        weeks.append([days.get(monday + timedelta(days=at), 0) for at in range(7)])
        monday += A_WEEK
    least = RUNNING * max((sum(week) for week in weeks), default=0)
    return [week for week in weeks if sum(week) >= least]


def _compared(
    practice: str, at: int, weeks: Sequence[list[int]], open_days: Sequence[Mapping[int, int]]
) -> Weekday | None:
    """Compare one weekday with the others of the same weeks; None where too few weeks have both."""
    kept: list[tuple[int, float, float, int]] = []
    for week, day in zip(weeks, open_days, strict=True):
        others = [n for other, n in day.items() if other != at]
        if at in day and len(others) >= FEWEST_OTHERS:
            mean = fmean(others)
            kept.append((day[at], mean, day[at] + mean / len(others), sum(week)))
    if len(kept) < FEWEST_WEEKS:
        return None
    own, rest, by_chance, whole_week = zip(*kept, strict=True)
    n, differences = len(kept), [one - mean for one, mean in zip(own, rest, strict=True)]
    more = fmean(differences)
    # Never surer than tickets that come one by one, by chance, would let anyone be.
    error = max(stdev(differences), sqrt(fmean(by_chance))) / sqrt(n)
    reach = float(stdtrit(n - 1, 0.975)) * error
    return Weekday(
        practice,
        at,
        weeks=n,
        tickets=sum(own),
        more=more,
        low=more - reach,
        high=more + reach,
        others=fmean(rest),
        share=sum(own) / sum(whole_week),
        odds=2 * float(stdtr(n - 1, -abs(more) / error)),
    )


def _finding(day: Weekday, looked: int, evidence: Evidence) -> Finding:
    name = WEEKDAYS[day.weekday]
    low, high = (percent(end / day.others, 0) for end in (day.low, day.high))
    return Finding(
        id=f"{KIND}-{day.practice}-{name}",
        kind=KIND,
        lane=Lane.DEMAND,
        claim=(
            f"{name}s bring {whole(day.others + day.more)} {day.practice} tickets where the other "
            f"working days bring {whole(day.others)}: {percent(day.more / day.others, 0)} more "
            f"({low} to {high}), and {percent(day.share, 0)} of the week's."
        ),
        size=day.more,
        unit="tickets",
        interval=(day.low, day.high),
        n=day.tickets,
        method=METHOD,
        evidence=evidence,
        about=(f"practice={day.practice}",),
        odds=day.odds * looked,
        look_next=(
            f"Ask who reports on {name}s and about what; then plan the staff for {name}s, or end "
            "what makes them so, such as jobs and updates of the days before."
        ),
        caveats=(
            f"{whole(looked)} weekdays were looked at; that is taken into account.",
            f"Of {whole(day.weeks)} whole weeks; days that brought next to nothing are holidays "
            "and left out.",
            "Tickets a day above the mean of the other working days of the same week.",
        ),
    )
