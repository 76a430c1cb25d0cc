"""Calendars whose figures are stand-ins: what is compiled with them serves any calendars.

Floor 2. A query by calendars holds, as literals, where their tables begin and how they are cut.
Which calendars are cut alike decides its shape; the figures themselves are put in later, see
`warehouse.steps`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from opsgauge.log.calendars.compiled import CompiledCalendars, Cut

# Figures that no calendar has: some 280,000 years in microseconds.
FIRST_US = 8_810_000_000_000_000_001
LAST_US = 8_810_000_000_000_000_002
SPACING = 8_810_000_000_000_000_003
AXIS_SPACING = 8_810_000_000_000_000_004
BUCKETS = 8_820_000_000_000_000_000  # and the next, one for each width that differs
PIECES = 8_830_000_000_000_000_000
TOTALS = 8_840_000_000_000_000_000
Alike = tuple[int, ...]  # for each calendar the place of its figure among those that differ


@dataclass(frozen=True)
class StoodIn:
    """Calendars with stand-ins for figures, the same for all that are alike, and the figures."""

    calendars: CompiledCalendars
    literals: Mapping[str, str]


def stand_ins(compiled: CompiledCalendars) -> StoodIn:
    """Return calendars of the same shape with stand-ins, and what stands behind each.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from opsgauge.log.calendars.compiled import compile_calendars
    >>> from opsgauge.log.calendars.definition import always
    >>> first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    >>> made = stand_ins(compile_calendars([always()], first, last))
    >>> made.calendars.spacing, made.literals[str(made.calendars.spacing)]
    (8810000000000000003, 'CAST(8760 AS BIGINT)')
    """
    figures = {
        FIRST_US: compiled.first_us,
        LAST_US: compiled.last_us,
        SPACING: compiled.spacing,
        AXIS_SPACING: compiled.axis_spacing,
    }
    shape = []
    for base, own in (
        (BUCKETS, [cut.bucket_us for cut in compiled.cuts]),
        (PIECES, [cut.piece_us for cut in compiled.cuts]),
        (TOTALS, [cut.total_us for cut in compiled.cuts]),
    ):
        shape.append(_alike(own))
        figures |= {base + place: figure for figure, place in zip(own, shape[-1], strict=True)}
    literals = {str(name): f"CAST({figure} AS BIGINT)" for name, figure in figures.items()}
    return StoodIn(_standing(*shape), literals)


def _alike(figures: Sequence[int]) -> Alike:
    places: dict[int, int] = {}
    return tuple(places.setdefault(figure, len(places)) for figure in figures)


@lru_cache(maxsize=64)
def _standing(buckets: Alike, pieces: Alike, totals: Alike) -> CompiledCalendars:
    """Return the calendars of a shape; always the same object, by which queries are remembered."""
    nothing = pa.table({})
    each = zip(buckets, pieces, totals, strict=True)
    cuts = tuple(Cut(BUCKETS + b, PIECES + p, TOTALS + t) for b, p, t in each)
    return CompiledCalendars({}, cuts, FIRST_US, LAST_US, SPACING, AXIS_SPACING, nothing, nothing)
