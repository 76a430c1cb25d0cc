"""Volume drift: the newest whole week's tickets against the weeks before, in both directions.

Floor 2. Each practice of each source by itself. A week is far off where Student's t, with the
spread of the weeks before (or that of chance, if wider), gives it small odds among all series
looked at. Far off is a note; it is more only where the same season of last year was nothing like it
either, or where nearly all is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import ibis.expr.types as ir
import numpy as np
from scipy.special import stdtr

from opsgauge.foundation.units import percent, whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Told, gravest, seen
from opsgauge.log.periods import Periods, periods_table
from opsgauge.warehouse.portable import micros

VOLUME = Subject("volume_drift", "As many tickets as usual", ("opened_at",), worst="warn")
WEEKS = 26  # looked back at
FEWEST_WEEKS = 8
FEWEST_TICKETS = 10  # in a usual week: fewer say nothing by their number
SURE = 0.001  # odds of such a week by chance, over all series looked at
A_YEAR = 52
SEASON = 3  # weeks on either side of the same week of last year
BEYOND_SEASON = 2.0  # times above the highest, or below the lowest, of that season
FAR = 5.0  # times above or below the usual, where there is no last year
_ROBUST = 1.4826  # the standard deviation of a normal curve over its median absolute deviation


@dataclass(frozen=True)
class Week:
    """The newest whole week of one practice of one source, and what is usual."""

    source: str
    practice: str
    count: int
    usual: float
    odds: float  # of so many or so few by chance, in this series alone
    state: str  # if it is no chance

    @property
    def words(self) -> str:
        """The week as an example."""
        change = self.count / self.usual - 1
        much = percent(abs(change), 0) + (" more" if change > 0 else " fewer")
        return (
            f"{self.source}, {self.practice}: {whole(self.count)} where {whole(self.usual)} are "
            f"usual, {much}"
        )


def volume_drift(records: Records) -> Seen:
    """Look at every practice of every source."""
    label = records.periods.label_at(records.watermark, "week")
    weeks = [w for w in _weeks(records) if w]
    far = [week for week in weeks if week.odds * len(weeks) < SURE]
    told = Told(
        len(far),
        len(weeks),
        f"In the last whole week before {label}, {len(far)} of {len(weeks)} kinds of ticket came "
        f"in far more or less often than usual: {'; '.join(week.words for week in far)}.",
        "Look whether a part of the export is missing, or whether something real happened.",
        tuple(week.words for week in far[:EXAMPLES]),
        state=gravest([week.state for week in far]),
    )
    return seen(VOLUME, told)


def by_week(tickets: ir.Table, bucket_us: int) -> ir.Table:
    """Count tickets by source, practice and week of their opening: source, practice, week, n."""
    rows = tickets.select("source", "practice", bucket=micros(tickets.opened_at) // bucket_us)
    calendar = periods_table().select("bucket", week="week_ordinal")
    dated = rows.inner_join(calendar, "bucket")
    return dated.group_by("source", "practice", "week").aggregate(n=dated.count())


def _weeks(records: Records) -> list[Week | None]:
    periods = records.periods
    running = _ordinal(periods, periods.label_at(records.watermark, "week"))
    series: dict[tuple[str, str], dict[int, int]] = {}
    for row in records.rows(by_week(records.tables.tickets, periods.bucket_us)):
        key = (row["source"], row["practice"])
        series.setdefault(key, {})[row["week"]] = row["n"]
    made = []
    for key, there in sorted(series.items()):
        # The first week of a series may have begun in its middle.
        counts = [there.get(week, 0) for week in range(min(there) + 1, running)]
        made.append(newest_week(*key, counts))
    return made


def _ordinal(periods: Periods, label: str) -> int:
    ends = periods.period_ends
    for grain, name, ordinal in zip(
        *(ends[column].to_pylist() for column in ("grain", "label", "ordinal")), strict=True
    ):
        if grain == "week" and name == label:
            return int(ordinal)
    raise ValueError(f"no week {label} in the calendar")


def newest_week(source: str, practice: str, counts: Sequence[int]) -> Week | None:
    """Judge the last of a series of whole weeks; None where there is too little to judge by."""
    past = np.array(counts[:-1][-WEEKS:], float)
    if len(past) < FEWEST_WEEKS:
        return None
    usual, count = float(np.median(past)), counts[-1]
    if usual < FEWEST_TICKETS:
        return None
    spread = max(_ROBUST * float(np.median(np.abs(past - usual))), sqrt(usual))
    off = abs(count - usual) / (spread * sqrt(1 + 1 / len(past)))
    odds = 2 * float(stdtr(len(past) - 1, -off))
    state = "warn" if _beyond(counts, usual) else "note"
    return Week(source, practice, count, usual, odds, state)


def _beyond(counts: Sequence[int], usual: float) -> bool:
    """Say whether the newest week is like nothing that its season explains."""
    ratio = counts[-1] / usual
    if len(counts) < A_YEAR + SEASON + WEEKS:
        return ratio > FAR or ratio < 1 / FAR
    then = len(counts) - 1 - A_YEAR
    season = np.array(counts[then - SEASON : then + SEASON + 1], float)
    before = np.array(counts[max(0, then - SEASON - WEEKS) : then - SEASON], float)
    ratios = season / max(float(np.median(before)), 1.0)
    return bool(ratio > BEYOND_SEASON * ratios.max() or ratio < ratios.min() / BEYOND_SEASON)
