"""What people agreed on about every control chart, read at once: it reaches charts as an argument.

Floor 4.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits, Series
from opsgauge.governance.baselines import SIGNATURES, Baseline, Numbers, Voice
from opsgauge.governance.charted_series import series_of
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import (
    BaselineRow,
    BaselineVoiceRow,
    ExcludedPointRow,
    RebaseRow,
)
from opsgauge.governance.rules import text

KEPT = 500  # baselines whose limits are read out of their numbers once
_ANY = select(or_(*(exists(select(t.id)) for t in (BaselineVoiceRow, RebaseRow, ExcludedPointRow))))


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

    with database.reading() as session:
        if not session.scalar(_ANY):  # every page asks, and where nothing is agreed that is quick
            return ()
        for series, limits in _signed(session):
            of(series).frozen.append(limits)
        for mark in session.scalars(select(RebaseRow).filter_by(ended_at=None)):
            of(series_of(mark)).rebased.append(mark.at)
        for point in session.scalars(select(ExcludedPointRow).filter_by(ended_at=None)):
            of(series_of(point)).left_out.append((point.at, point.why))
    return tuple(
        AgreedPhases(
            each.series,
            tuple(each.frozen),
            tuple(sorted(each.rebased)),
            tuple(sorted(each.left_out)),
        )
        for each in found.values()
    )


def limits_of(baseline: Baseline) -> FrozenLimits:
    """Return the limits of a baseline as charts take them."""
    return FrozenLimits(
        *(baseline.first, baseline.last, *_told(baseline.numbers)),
        number=baseline.number,
        signed_by=baseline.signatures,
    )


def _signed(session: Session) -> list[tuple[Series, FrozenLimits]]:
    """Return the limits of signed baselines, in the order in which they began to count."""
    voices = select(BaselineVoiceRow).where(BaselineVoiceRow.part.in_(SIGNATURES))
    said: dict[int, dict[str, BaselineVoiceRow]] = {}
    for voice in session.scalars(voices):
        said.setdefault(voice.baseline, {})[voice.part] = voice
    both = {number: found for number, found in said.items() if len(found) == len(SIGNATURES)}
    rows = session.scalars(select(BaselineRow).where(BaselineRow.id.in_(both))) if both else ()
    last = {number: max(each.id for each in found.values()) for number, found in both.items()}
    return [
        (series_of(row), _frozen(row, both[row.id]))
        for row in sorted(rows, key=lambda row: last[row.id])
    ]


def _frozen(row: BaselineRow, said: dict[str, BaselineVoiceRow]) -> FrozenLimits:
    who = (said[part] for part in SIGNATURES)
    return FrozenLimits(
        *(row.first, row.last, *_read(row.numbers)),
        number=row.id,
        signed_by=tuple(Voice(e.baseline, e.part, e.person, e.signed_in).sentence() for e in who),
    )


@lru_cache(KEPT)
def _read(numbers: str) -> tuple[float, float, float, float, int]:
    """Return what charts take of the numbers of a baseline, which never change."""
    return _told(json.loads(numbers))


def _told(numbers: Numbers) -> tuple[float, float, float, float, int]:
    names = ("centre", "lower", "upper", "mean_moving_range")
    centre, lower, upper, moving = (float(numbers[name]) for name in names)
    return centre, lower, upper, moving, int(numbers["periods"])
