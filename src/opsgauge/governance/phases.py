"""What people agreed on about every control chart, read at once: it reaches charts as an argument.

Floor 4.
"""

from dataclasses import dataclass, field

from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits, Series
from opsgauge.governance.baselines import SIGNATURES, Baseline, baselines
from opsgauge.governance.database import Database
from opsgauge.governance.rebases import excluded_points, rebases
from opsgauge.governance.rules import text


@dataclass
class _Found:
    series: Series
    frozen: list[FrozenLimits] = field(default_factory=list)
    rebased: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def agreed_phases(database: Database) -> tuple[AgreedPhases, ...]:
    """Return what is agreed on about each chart of which anything is.

    A baseline counts from when both have signed it. One that was signed and superseded still counts
    for its own phase of the chart, where that is over.
    """
    found: dict[tuple[str, str, str, str], _Found] = {}

    def of(series: Series) -> _Found:
        key = (series.metric, series.statistic, text(series.segment), series.period)
        return found.setdefault(key, _Found(series))

    for baseline in sorted(filter(_signed, baselines(database, ended=True)), key=_signed_at):
        of(baseline.series).frozen.append(limits_of(baseline))
    for mark in rebases(database):
        of(mark.series).rebased.append(mark.at)
    for point in excluded_points(database):
        of(point.series).left_out.append((point.at, point.why))
    return tuple(
        AgreedPhases(
            each.series,
            tuple(each.frozen),
            tuple(sorted(each.rebased)),
            tuple(sorted(each.left_out)),
        )
        for each in found.values()
    )


def _signed(baseline: Baseline) -> bool:
    return baseline.signed


def _signed_at(baseline: Baseline) -> int:
    """Return when it began to count: its later signature's number."""
    return max(each.number for each in baseline.voices if each.part in SIGNATURES)


def limits_of(baseline: Baseline) -> FrozenLimits:
    """Return the limits of a baseline as charts take them."""
    numbers = baseline.numbers
    return FrozenLimits(
        first=baseline.first,
        last=baseline.last,
        centre=numbers["centre"],
        lower=numbers["lower"],
        upper=numbers["upper"],
        mean_moving_range=numbers["mean_moving_range"],
        periods=numbers["periods"],
        number=baseline.number,
        signed_by=baseline.signatures,
    )
