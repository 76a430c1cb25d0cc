"""Values set beside those of other periods: the difference, and how large it is.

Floor 3. Pure arithmetic on points that `series` gave. What cannot be said is left open: a change
from nought has no size, and what adds up over time cannot be compared before a period is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from opsgauge.metrics.frames import Frame, Framed
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.series import Point

ADDS_UP = ("count", "distinct", "sum", "points")
By = tuple[str | None, ...]


@dataclass(frozen=True)
class Compared:
    """A value, and what it is set against.

    Attributes
    ----------
    key, other_key : of the frames that both were measured in
    complete : the period lies wholly in the records, and is over
    other : the shifted value; None where there is none
    other_period : its label, "" where there is none
    difference : of the value from the shifted one, in the metric's unit
    change : the difference as a share of the shifted value's size
    """

    point: Point
    key: str
    complete: bool
    other: Point | None = None
    other_key: str = ""
    other_period: str = ""
    difference: float | None = None
    change: float | None = None


def compared(points: Iterable[Point], told: Framed, metric: Metric) -> tuple[Compared, ...]:
    """Return each value beside the one it is set against, in order of time.

    Parameters
    ----------
    points : of every frame, their periods being the keys of frames
    """
    there: dict[str, dict[By, Point]] = {}
    for point in points:
        there.setdefault(point.period, {})[tuple(point.by.values())] = point
    made = []
    for frame in told.frames:
        other = told.beside.get(frame.key)
        own, others = there.get(frame.key, {}), there.get(other.key, {}) if other else {}
        for by in _in_order(own, others):
            known = own.get(by) or Point(frame.label, others[by].by, 0, None)
            made.append(_set(replace(known, period=frame.label), frame, other, others.get(by)))
    return tuple(_with_differences(each, metric, told) for each in made)


def _in_order(own: dict[By, Point], others: dict[By, Point]) -> Sequence[By]:
    """Return every combination of dimensions that either period has, those of its own first."""
    return list(dict.fromkeys([*own, *others]))


def _set(point: Point, frame: Frame, other: Frame | None, found: Point | None) -> Compared:
    if other is None:
        return Compared(point, frame.key, frame.whole)
    against = found and replace(found, period=other.label)
    return Compared(point, frame.key, frame.whole, against, other.key, other.label)


def _with_differences(each: Compared, metric: Metric, told: Framed) -> Compared:
    if each.other is None or each.point.value is None or each.other.value is None:
        return each
    fair = each.complete and told.beside[each.key].whole
    if adds_up(metric) and not fair:
        return each
    difference = each.point.value - each.other.value
    size = abs(each.other.value)
    return replace(each, difference=difference, change=difference / size if size else None)


def adds_up(metric: Metric) -> bool:
    """Say whether a metric's number grows with the length of its period."""
    if metric.kind == "total":
        return any(adds_up(part) for part in metric.parts)
    return metric.kind in ADDS_UP
