"""Groups compared fairly: as they are, and as if all had the same mix of work.

Floor 5. What is compared is measured as every other number is; the arithmetic is
`analysis.comparison`. Persons are never compared: a question that splits by them is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, fsum, log, sqrt
from typing import Any

from opsgauge.analysis.comparison.fair import (
    FEWEST_IN_COMMON,
    Adjusted,
    Compared,
    Counted,
    Stratum,
    Valued,
    Z,
    compare,
    compare_means,
    reversed_by,
)
from opsgauge.analysis.comparison.funnel import Funnel, Placed, funnel, placed_by_z
from opsgauge.analysis.control_charts.rules import meaning
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import amount, percent, whole
from opsgauge.metrics.behind import SPLIT
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import GEOMETRIC
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import FEWEST_TICKETS, Measured, Provenance, Value, iso
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.phrases import said

SHARE, MEAN = "share", "mean"
USUALLY_ALIKE = {"tickets": ("priority", "category"), "changes": ("type", "risk")}
FEWEST_IN_STRATUM = 5  # records that both groups have in a stratum, for a reversal
BEYOND = 2  # the outer limits: 99.8 %
MUCH_MORE = 4.0  # than chance: groups differ by what they do
MOST_REVERSALS = 3  # that are named


@dataclass(frozen=True)
class FairRow:
    """One group; values are in the metric's unit.

    Attributes
    ----------
    raw : its value as it is
    adjusted : its value were its work as mixed as that of all (indirect standardisation)
    direct, low, high : the same by direct standardisation, with its 95 % interval
    in_common : of all records, the share in strata of which it has any: how much of all work is
        of the kinds that it does. All of these are None where it is not judged, `in_common` aside
    verdict : "better", "worse", "steady", or "change" where neither is better; "" where not judged
    why_not : why it is not judged
    """

    group: str | None
    n: int
    raw: float
    adjusted: float | None
    direct: float | None
    low: float | None
    high: float | None
    in_common: float
    z: float
    verdict: str
    why_not: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Fair:
    """A comparison of groups by one metric.

    Attributes
    ----------
    alike : the dimensions whose mix is made equal
    target : the value of all groups together that are comparable
    funnel : limits by the number of records; None of what is no share
    reversals : pairs of which the first is ahead in every stratum and behind in all
    """

    measured: Measured
    by: str
    alike: tuple[str, ...]
    rows: tuple[FairRow, ...]
    target: float
    overdispersion: float
    funnel: Funnel | None
    reversals: tuple[tuple[str | None, str | None], ...]
    caveats: tuple[str, ...]
    provenance: Provenance

    def sentence(self) -> str:
        """Say what stands out, and what does not."""
        judged = [each for each in self.rows if not each.why_not]
        out = [each for each in judged if each.verdict != "steady"]
        dims = " and ".join(self.alike)
        if not judged:
            return (
                f"No {self.by} does enough of the kinds of work there are by {dims} to be "
                "compared: choose fewer of these, or groups that do the same"
            )
        told = f"Of {whole(len(judged))} compared, as if all had the same mix of {dims}, "
        if not out and self.overdispersion > MUCH_MORE:
            return told + "none stands out: all of them differ, far more than by chance"
        if not out:
            return told + "none lies beyond chance"
        worse = sum(each.verdict == "worse" for each in out)
        better = sum(each.verdict == "better" for each in out)
        parts = [f"{worse} worse"] if worse else []
        parts += [f"{better} better"] if better else []
        parts += [f"{len(out)} apart"] if not worse and not better else []
        return told + f"{' and '.join(parts)} than chance explains"

    def target_sentence(self) -> str:
        """Say what all come to together, and as which statistic."""
        plain = self.measured
        judged = sum(each.in_common >= FEWEST_IN_COMMON for each in self.rows)
        who = "All" if judged in (0, len(self.rows)) else "Those that are comparable, all"
        return f"{who} together: {said(self.target, plain.unit, plain.statistic)}"

    def reversal_sentence(self) -> str:
        """Say which groups look worse than others that they are ahead of, like for like."""
        told = [
            f"{one or 'missing'} looks behind {other or 'missing'} as a whole and is ahead of it "
            f"in every {' and '.join(self.alike)}"
            for one, other in self.reversals[:MOST_REVERSALS]
        ]
        more = len(self.reversals) - len(told)
        return "; ".join(told) + (f"; and {more} more such pairs" if more else "")

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = self.measured
        return {
            "metric": plain.metric,
            "unit": plain.unit,
            "statistic": plain.statistic,
            "data_version": self.provenance.data_version,
            "definition": plain.provenance.definition,
            "data_as_of": iso(self.provenance.data_as_of),
            "by": self.by,
            "alike": list(self.alike),
            "target": self.target,
            "overdispersion": self.overdispersion,
            "sentence": self.sentence(),
            "rows": [each.as_json() for each in self.rows],
            "reversals": [list(each) for each in self.reversals],
            "caveats": list(self.caveats),
            "suspect": list(plain.suspect),
        }


def fair(ctx: Context, question: Question, alike: Sequence[str] = ()) -> Fair:
    """Compare the groups of a dimension by a metric; needs `metric:read`.

    Parameters
    ----------
    question : with exactly one dimension to split by, over all time or between dates
    alike : the dimensions whose mix is made equal; empty: priority and category of tickets

    Raises
    ------
    QueryWrong : it splits by none or several, or the metric has neither a share nor a mean
    PersonSplit : it compares persons
    """
    if len(question.by) != 1:
        raise QueryWrong(
            "A comparison is of the groups of one dimension.", hint="Name it: --by team"
        )
    metric = ctx.catalogue.get(question.metric)
    dims = tuple(alike) or tuple(
        name for name in USUALLY_ALIKE.get(metric.subject.name, ()) if metric.subject.has(name)
    )
    dims = tuple(dict.fromkeys(name for name in dims if name != question.by[0]))
    if not dims:
        raise QueryWrong(
            "What makes work alike is not said.", hint="Name dimensions: --alike priority"
        )
    statistic = _statistic(metric)
    asked = Question(
        metric.name,
        None if statistic == SHARE else statistic,
        by=(*question.by, *dims),
        where=question.where,
        from_=question.from_,
        to=question.to,
        as_of=question.as_of,
    )
    ctx = ctx.holding()
    return ctx.opened().once(
        ("fair", ctx.scope, metric.definition_hash, asked),
        lambda: _fair(ctx, metric, measure(ctx, asked), dims),
    )


def _statistic(metric: Metric) -> str:
    if metric.definition.unit == SHARE and metric.kind in SPLIT:
        return SHARE
    for name in (GEOMETRIC, MEAN):
        if name in metric.statistics:
            return name
    raise QueryWrong(
        f"{metric.definition.title} is neither a share of records nor a time or amount with a "
        "mean, so groups cannot be compared by it.",
        hint="Choose a metric in percent or in hours: opsgauge metrics list",
    )


def _fair(ctx: Context, metric: Metric, measured: Measured, dims: tuple[str, ...]) -> Fair:
    by = measured.by[0]
    held = sum(row.suppressed for row in measured.rows)
    rows = [row for row in measured.rows if row.n and row.value is not None and not row.suppressed]
    if not rows:
        raise QueryWrong("No record answers this question, so nothing can be compared.")
    cells: dict[str | None, dict[Stratum, Value]] = {}
    for row in rows:
        cells.setdefault(row.by[by], {})[tuple(row.by[name] for name in dims)] = row
    caveats = [*measured.caveats]
    if held:
        caveats.append(f"{whole(held)} groups of few records are withheld, and not compared.")
    is_share = _statistic(metric) == SHARE
    made = _shares(cells) if is_share else _means(cells, measured.statistic == GEOMETRIC)
    more = made.spread.overdispersion
    if more > 1:
        caveats.append(
            f"Groups vary {more:.1f} times more than chance alone would have it; limits are "
            "widened by that."
        )
    good = metric.definition.good
    places = dict(zip((each.group for each in made.judged), made.spread.placed, strict=True))
    found = [_row(each, places.get(each.group), good) for each in made.groups]
    return Fair(
        measured=measured,
        by=by,
        alike=dims,
        rows=tuple(sorted(found, key=_order)),
        target=made.target,
        overdispersion=more,
        funnel=made.spread if is_share else None,
        reversals=tuple(_reversals(cells, good)) if is_share else (),
        caveats=tuple(caveats),
        provenance=ctx.provenance(),
    )


@dataclass(frozen=True)
class _Made:
    """All groups, of them those that are comparable, how these spread, and what they come to."""

    groups: Sequence[FairRow]
    judged: Sequence[Compared] | Sequence[Adjusted]
    spread: Funnel
    target: float


Cells = Mapping[str | None, Mapping[Stratum, Value]]


def _shares(cells: Cells) -> _Made:
    counted = {
        group: {key: Counted(row.n, row.numerator or 0.0) for key, row in strata.items()}
        for group, strata in cells.items()
    }
    found = compare(counted)
    judged = [each for each in found if each.comparable] or found
    target = fsum(each.hits for each in judged) / sum(each.n for each in judged)
    spread = funnel([(each.n, each.adjusted or 0.0) for each in judged], target)
    return _Made([_of_share(each) for each in found], judged, spread, target)


def _of_share(each: Compared) -> FairRow:
    return FairRow(
        *(each.group, each.n, each.raw, each.adjusted),
        *(each.direct, each.direct_low, each.direct_high),
        *(each.in_common, 0.0, ""),
    )


def _means(cells: Cells, logs: bool) -> _Made:
    """Compare means; geometric ones by their logarithms, so that a few long ones do not rule."""
    into, back = (log, exp) if logs else (float, float)
    valued: dict[str | None, dict[Stratum, Valued]] = {}
    for group, strata in cells.items():
        for key, row in strata.items():
            if row.value is None or (logs and not row.value > 0):
                continue
            low, high = (into(end) if end and end > 0 else None for end in (row.low, row.high))
            error = (high - low) / (2 * Z) if low is not None and high is not None else None
            valued.setdefault(group, {})[key] = Valued(row.n, into(row.value), error or 0.0)
    found = compare_means(_with_errors(valued))
    if not found:
        raise QueryWrong("No record answers this question, so nothing can be compared.")
    judged = [each for each in found if each.comparable] or found
    total = sum(each.n for each in judged)
    target = fsum(each.n * each.raw for each in judged) / total
    spread = placed_by_z([(each.n, each.difference, _error(each)) for each in judged], target)
    return _Made([_of_mean(each, target, back) for each in found], judged, spread, back(target))


def _with_errors(
    valued: Mapping[str | None, Mapping[Stratum, Valued]],
) -> dict[str | None, dict[Stratum, Valued]]:
    """Give a stratum of too few records for an interval the spread that the others have."""
    known = [cell for strata in valued.values() for cell in strata.values() if cell.error > 0]
    n = sum(cell.n for cell in known)
    spread = sqrt(fsum((cell.n * cell.error) ** 2 for cell in known) / n) if n else 0.0
    return {
        group: {
            key: cell if cell.error > 0 else Valued(cell.n, cell.value, spread / sqrt(cell.n))
            for key, cell in strata.items()
        }
        for group, strata in valued.items()
    }


def _error(each: Adjusted) -> float:
    return (each.high - each.low) / (2 * Z)


def _of_mean(each: Adjusted, target: float, back: Any) -> FairRow:
    direct, low, high = (
        None if end is None else back(end)
        for end in (each.direct, each.direct_low, each.direct_high)
    )
    adjusted = back(target + each.difference)
    return FairRow(
        *(each.group, each.n, back(each.raw), adjusted, direct, low, high),
        *(each.in_common, 0.0, ""),
    )


def _row(row: FairRow, place: Placed | None, good: str) -> FairRow:
    why_not = ""
    if row.in_common < FEWEST_IN_COMMON:
        some, needed = percent(row.in_common, 0), percent(FEWEST_IN_COMMON, 0)
        why_not = (
            f"The kinds of work it does are {some} of all work; {needed} are needed: not comparable"
        )
    elif row.n < FEWEST_TICKETS:
        why_not = f"{row.n} records; {FEWEST_TICKETS} are needed"
    if why_not:
        row = replace(row, adjusted=None, direct=None, low=None, high=None)
    if why_not or place is None:
        return replace(row, z=place.z if place else 0.0, why_not=why_not)
    return replace(row, z=place.z, verdict=_verdict(place.beyond, good))


def _verdict(beyond: int, good: str) -> str:
    if abs(beyond) < BEYOND:
        return "steady"
    return meaning(beyond > 0, good)


def _order(row: FairRow) -> tuple[int, str]:
    """Return the place of a group: what stands out first, then by name; no table of ranks."""
    order = ("worse", "better", "change", "steady", "")
    return order.index(row.verdict), row.group or ""


def _reversals(cells: Cells, good: str) -> list[tuple[str | None, str | None]]:
    """Return pairs of which the first is ahead like for like, and looks behind."""
    enough = {
        group: {key: _hits(row, good) for key, row in strata.items()}
        for group, strata in cells.items()
        if sum(row.n for row in strata.values()) >= FEWEST_TICKETS
    }
    return [
        (one, other)
        for one in enough
        for other in enough
        if one != other and reversed_by(enough[one], enough[other], FEWEST_IN_STRATUM)
    ]


def _hits(row: Value, good: str) -> Counted:
    hits = row.numerator or 0.0
    return Counted(row.n, row.n - hits if good == "lower" else hits)


def value_words(value: float | None, unit: str) -> str:
    """Return a value of a comparison in words; "" for none."""
    return "" if value is None else amount(value, unit)
