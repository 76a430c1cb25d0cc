"""Bundles, such as a new starter: when the last piece is there, and which piece is late.

Floor 4, analysis. A bundle is an order with two tasks or more. It is due at the beginning of the
first day that it names; else after the hours promised for its item, by the clock of the calendar
chosen; else after so many days. A piece is late where it was completed later than that; one that is
still open counts as late once that has passed.

Source: Wilson, JASA 22 (1927) 209-212.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np

from opsgauge.analysis.requests.orders import KEY, Clock, elapsed, hours_at
from opsgauge.analysis.requests.tasks import Bundle
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent, whole
from opsgauge.metrics.intervals import wilson

KIND, METHOD = "late_piece", "share_of_bundles"
DAYS = 5
FIRST_DAY = "first_day"  # the attribute of an order that names it
FEWEST_BUNDLES = 20
FEWEST_LATE = 5
MICROS_PER_DAY = 24 * MICROS_PER_HOUR
BY_FIRST_DAY, BY_PROMISE, BY_DAYS = "first day", "promise", "days"


def first_day_rows(tickets: ir.Table, attribute: str = FIRST_DAY) -> ir.Table:
    """Return for which day orders are needed, as they say: source, ticket_id, day (text)."""
    orders = tickets.filter(tickets.practice == "request")
    told = orders.select(*KEY, day=orders.attributes.get(attribute))
    return told.filter(told.day.notnull())


@dataclass(frozen=True)
class Due:
    """When bundles are due.

    Attributes
    ----------
    first_days : the moment at which an order is needed, by its place, microseconds since 1970
    promised : hours by item, by `clock`
    days : for orders that have neither
    now_us : until when the records tell
    """

    first_days: Mapping[int, int]
    promised: Mapping[str, float]
    now_us: int
    days: float = DAYS
    clock: Clock | None = None

    def basis(self, bundle: Bundle) -> str:
        """Say by what a bundle is due."""
        if bundle.place in self.first_days:
            return BY_FIRST_DAY
        return BY_PROMISE if bundle.item in self.promised else BY_DAYS

    def late_us(self, bundle: Bundle, moment_us: int) -> int:
        """Return by how much a moment is later than due; zero or less where it is not."""
        basis = self.basis(bundle)
        if basis == BY_FIRST_DAY:
            return moment_us - self.first_days[bundle.place]
        if basis == BY_DAYS or bundle.item is None:
            return moment_us - bundle.opened_us - round(self.days * MICROS_PER_DAY)
        clock = self.clock or elapsed
        start, end = clock(np.array([bundle.opened_us, moment_us], dtype=np.int64)).tolist()
        return int(end - start) - round(self.promised[bundle.item] * MICROS_PER_HOUR)


@dataclass(frozen=True)
class Piece:
    """One piece of the bundles of an item.

    Attributes
    ----------
    n, late : bundles judged that have it; in which it was late
    late_median : by how many hours, the median of those late
    last : bundles in which it came last
    """

    name: str
    n: int
    late: int
    low: float | None
    high: float | None
    late_median: float | None
    late_hours: float
    last: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Bundles:
    """The bundles of one item.

    Attributes
    ----------
    n, complete : bundles; of these with every piece completed
    median, p90 : hours from the order to its last piece, of the complete ones
    judged, in_time : bundles of which it is known whether they were complete when due, and were
    low, high : where the true share in time lies, 95 %
    basis : how many are due by first day, promise or days
    """

    item: str | None
    n: int
    complete: int
    median: float | None
    p90: float | None
    judged: int
    in_time: int
    low: float | None
    high: float | None
    basis: Mapping[str, int]
    pieces: tuple[Piece, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **vars(self),
            "basis": dict(self.basis),
            "pieces": [piece.as_json() for piece in self.pieces],
        }


def bundles_by_item(bundles: Iterable[Bundle], due: Due) -> list[Bundles]:
    """Return the bundles of each item, those with the most first."""
    items: dict[str | None, list[Bundle]] = {}
    for bundle in bundles:
        items.setdefault(bundle.item, []).append(bundle)
    found = [_bundles(item, each, due) for item, each in items.items()]
    return sorted(found, key=lambda each: (-each.n, each.item or ""))


def _bundles(item: str | None, found: Sequence[Bundle], due: Due) -> Bundles:
    complete = [bundle for bundle in found if bundle.complete]
    lasted = np.array([b.ended[0][0] - b.opened_us for b in complete], dtype=np.int64)
    judged = [bundle for bundle in found if is_judged(bundle, due)]
    in_time = sum(is_in_time(bundle, due) for bundle in judged)
    low, high = wilson(in_time, len(judged))
    bases = [due.basis(bundle) for bundle in found]
    names = sorted({task.name for bundle in judged for task in bundle.tasks})
    pieces = [_piece(name, judged, due) for name in names]
    return Bundles(
        item=item,
        n=len(found),
        complete=len(complete),
        median=hours_at(lasted, 0.5) if complete else None,
        p90=hours_at(lasted, 0.9) if complete else None,
        judged=len(judged),
        in_time=in_time,
        low=low,
        high=high,
        basis={name: bases.count(name) for name in sorted(set(bases))},
        pieces=tuple(sorted(pieces, key=lambda p: (-p.late, -p.late_hours, p.name))),
    )


def is_judged(bundle: Bundle, due: Due) -> bool:
    """Say whether it is known if a bundle was complete when due."""
    return bundle.complete or due.late_us(bundle, due.now_us) > 0


def is_in_time(bundle: Bundle, due: Due) -> bool:
    """Say whether a bundle was complete when due."""
    return bundle.complete and due.late_us(bundle, bundle.ended[0][0]) <= 0


def _piece(name: str, judged: Sequence[Bundle], due: Due) -> Piece:
    having = [bundle for bundle in judged if any(task.name == name for task in bundle.tasks)]
    late = np.array(
        [us for bundle in having if (us := piece_late_us(name, bundle, due)) > 0], dtype=np.int64
    )
    low, high = wilson(len(late), len(having))
    return Piece(
        name=name,
        n=len(having),
        late=len(late),
        low=low,
        high=high,
        late_median=hours_at(late, 0.5) if len(late) else None,
        late_hours=float(late.sum()) / MICROS_PER_HOUR,
        last=sum(b.complete and b.ended[0][1].name == name for b in having),
    )


def piece_late_us(name: str, bundle: Bundle, due: Due) -> int:
    """Return by how much a piece of a bundle came too late, up to now where it is still open."""
    ends = [
        due.now_us if task.done_us is None else task.done_us
        for task in bundle.tasks
        if task.name == name
    ]
    return due.late_us(bundle, max(ends))


def late_pieces(found: Iterable[Bundles], evidence: Evidence) -> list[Finding]:
    """Return of each item the piece that is late most often, the most hours first."""
    findings = []
    for each in found:
        worst = each.pieces[0] if each.pieces else None
        if worst is not None and each.judged >= FEWEST_BUNDLES and worst.late >= FEWEST_LATE:
            findings.append(_finding(each, worst, evidence))
    return sorted(findings, key=lambda finding: (-(finding.worth_hours or 0), finding.id))


def _finding(found: Bundles, worst: Piece, evidence: Evidence) -> Finding:
    late_by = duration(worst.late_median or 0.0)
    return Finding(
        id=f"{KIND}-{found.item}-{worst.name}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{percent(found.in_time / found.judged, 0)} of {whole(found.judged)} orders of "
            f"{found.item or 'no item'} were complete when due; {worst.name} is late most often, "
            f"in {whole(worst.late)} of {whole(worst.n)}, half of them by {late_by} or more."
        ),
        size=worst.late / worst.n,
        unit="share",
        interval=(worst.low or 0.0, worst.high or 1.0),
        n=worst.n,
        method=METHOD,
        evidence=evidence,
        worth_hours=worst.late_hours,
        caveats=(
            "Due by " + ", ".join(f"{name} in {n}" for name, n in found.basis.items()) + ".",
            f"{whole(len(found.pieces))} pieces were looked at; the one late most often is named.",
        ),
    )
