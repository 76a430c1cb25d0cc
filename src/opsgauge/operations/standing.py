"""How the newest week of each chart stands among all that are looked at: news, or the luck of many.

Floor 5. Home, signals and `watch` judge alike because they ask here; the arithmetic is
`analysis.control_charts.many`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import bdtr, bdtrc

from opsgauge.analysis.control_charts.many import Shift, shifts
from opsgauge.analysis.control_charts.rules import meaning
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.operations.answers import Value
from opsgauge.operations.chart_answers import Charted, ChartPoint

LEVEL = "level"  # what is broken where no single period breaks a rule, but the newest together do
MOST_FALSE = 0.1  # of what is told, the share that may be chance
ChartKey = tuple[str, tuple[str, ...]]  # a metric, and of which tickets: ("team=Group 20",)


@dataclass(frozen=True)
class Candidate:
    """A chart and its newest whole period; `drifts`: what is open stays open."""

    charted: Charted
    point: ChartPoint
    drifts: bool = False


@dataclass(frozen=True)
class Standing:
    """How odd a chart's newest period is, alone and among all.

    Attributes
    ----------
    shift : how its newest values differ from those before
    odds : that chance does as much to this chart, 0 to 1
    false_share : of all charts at least as odd as this one, the share that chance would give
    charts : how many were looked at
    """

    shift: Shift
    odds: float
    false_share: float
    charts: int

    @property
    def certainty(self) -> float:
        """How unlikely chance alone is as the reason, between 0 and 1."""
        return 1 - self.false_share

    @property
    def is_news(self) -> bool:
        """Say whether it is told as a signal."""
        return self.false_share <= MOST_FALSE


def standings(seen: Mapping[ChartKey, Candidate]) -> dict[ChartKey, Standing]:
    """Return how each chart stands among all of them, the oddest first.

    A chart with fewer than eight values before the newest has no standing.
    """
    rows = {key: _rows(each) for key, each in seen.items()}
    series = [[row.value or 0.0 for row in rows[key]] for key in seen]
    found = shifts(series, [each.drifts for each in seen.values()])
    known = {key: shift for key, shift in zip(seen, found, strict=True) if shift}
    odds = {
        key: max(each.odds, _by_counting(seen[key], rows[key], each)) for key, each in known.items()
    }
    shares = false_discovery_rates(list(odds.values()))
    stand = {
        key: Standing(known[key], odds[key], share, len(known))
        for key, share in zip(known, shares, strict=True)
    }
    return dict(sorted(stand.items(), key=lambda item: item[1].odds))


def level_verdict(shift: Shift, good: str) -> str:
    """Return "better", "worse" or "change": what a shift means for a metric."""
    return meaning(shift.after > shift.before, good)


def _rows(candidate: Candidate) -> Sequence[Value]:
    """Return the values of whole periods up to the newest, oldest first."""
    newest = candidate.point.period
    told = {each.period for each in candidate.charted.newest_phase if each.counts}
    return [
        row
        for row in candidate.charted.measured.rows
        if row.period in told and row.period <= newest and row.value is not None
    ]


def _by_counting(candidate: Candidate, rows: Sequence[Value], shift: Shift) -> float:
    """Return the odds of so many, or so few, of a share's tickets, at the rate of before.

    Where something is rare, spread says little: after ten weeks with none, one is no wonder.
    """
    if candidate.charted.measured.unit != "share" or not all(map(_is_counted, rows)):
        return 0.0
    newest, before = rows[-shift.last :], rows[: -shift.last]
    # Half an event is put to those before, so that what never happened is not impossible.
    n = sum(row.n for row in before)
    rate = (sum(row.numerator or 0.0 for row in before) + 0.5) / (n + 1)
    hits, of = round(sum(row.numerator or 0.0 for row in newest)), sum(row.n for row in newest)
    at_least = 1.0 if hits == 0 else float(bdtrc(hits - 1, of, rate))
    return min(1.0, 2 * min(at_least, float(bdtr(hits, of, rate))) * shift.splits)


def _is_counted(row: Value) -> bool:
    """Say whether a share is of records, some of which are hits; not of hours."""
    hits = row.numerator
    return hits is not None and hits == round(hits) <= row.n and row.denominator in (None, row.n)
