"""Clocks found by walking through a ticket's intervals one by one: slow, plain, apart from SQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from opsgauge.log.calendars.business_time import add_business_micros, business_micros
from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.warehouse.portable import EPOCH, micros_at

Interval = Mapping[str, Any]


@dataclass
class Walk:
    """One clock on its way through a ticket."""

    level: ServiceLevel
    calendar: Calendar
    cycle: int = 1
    started: int | None = None
    used: int = 0
    waited: int = 0
    part: Fraction = field(default_factory=Fraction)
    target: int = 0
    broke: int | None = None
    end: int = 0
    state: str = "running"

    def live(self, interval: Interval, target: int, paused: bool) -> None:
        """Let an interval pass."""
        since, until = interval["since"], interval["until"]
        open_time = business_micros(self.calendar, _at(since), _at(until))
        self.started = since if self.started is None else self.started
        self.target, self.end = target, until
        self.state = "paused" if paused else "running"
        if paused:
            self.waited += open_time
            return
        prorated = self.level.on_change == "prorate"
        room = int(target * (1 - self.part)) if prorated else target - self.used
        self.used += open_time
        self.part += Fraction(open_time, target)
        over = self.part > 1 if prorated else self.used > target
        if over and self.broke is None:
            at = add_business_micros(self.calendar, _at(since), max(room, 0))
            self.broke = micros_at(at)

    def told(self) -> dict[str, Any]:
        """Return what there is to say of the clock."""
        prorated = self.level.on_change == "prorate"
        over = self.part > 1 if prorated else self.used > self.target
        state = ("late" if over else "met") if self.state == "stopped" else self.state
        return {
            "cycle": self.cycle,
            "state": state,
            "started_us": self.started,
            "stopped_us": None if state in {"running", "paused"} else self.end,
            "target_us": self.target,
            "used_us": None if prorated else self.used,
            "waited_us": self.waited,
            "breached": over,
            "ever_breached": self.broke is not None,
            "breached_us": None if prorated else self.broke,
        }


def walk(
    level: ServiceLevel, intervals: Sequence[Interval], calendar: Calendar
) -> list[dict[str, Any]]:
    """Return the clocks of one ticket; `intervals` in order, with since, until and columns."""
    return [each.told() for each in _walks(level, intervals, calendar) if each.started is not None]


def _walks(
    level: ServiceLevel, intervals: Sequence[Interval], calendar: Calendar
) -> Iterator[Walk]:
    targets = [_target(level, each) for each in intervals]
    first = next((n for n, target in enumerate(targets) if target), None)
    if first is None:
        return
    clock, begun, ended = Walk(level, calendar), False, False
    for n, (interval, target) in enumerate(zip(intervals, targets, strict=True)):
        begun = begun or (_all(level.start, interval) and _all(level.while_, interval))
        before = intervals[n - 1] if n else None
        stops, cancels = _any(level.stops(), interval), _any(level.cancel, interval)
        if _anew(level, n, intervals, targets, first):
            if clock.state in {"running", "paused"}:
                clock.state = "cancelled" if cancels else "stopped" if stops else "reset"
            yield clock
            clock = Walk(level, calendar, clock.cycle + 1)
        ended = ended or (before is not None and _done(level, before))
        early = n < first and level.retroactive.start == "yes"
        there = bool(target) or early
        if (
            there
            and begun
            and not (stops or cancels)
            and not (ended and level.on_reopen == "ignore")
        ):
            paused = _any(level.pause, interval) or not _all(level.while_, interval)
            if n < first and level.retroactive.pause == "no":
                paused = False
            clock.live(interval, target or targets[first] or 0, paused)
        elif clock.started is not None and clock.state in {"running", "paused"}:
            clock.state = "cancelled" if cancels or not stops else "stopped"
    yield clock


def _anew(
    level: ServiceLevel,
    n: int,
    intervals: Sequence[Interval],
    targets: list[int | None],
    first: int,
) -> bool:
    interval, target = intervals[n], targets[n]
    before = intervals[n - 1] if n else None
    goes = bool(target) and not _done(level, interval)
    if n > first and before is not None and _any(level.reset, interval):
        if not _any(level.reset, before):
            return True
    if level.kind == "update" and goes and n > first:
        return True
    if before is None or not goes:
        return False
    if level.on_reopen == "restart" and _done(level, before):
        return True
    changed = targets[n - 1] is not None and targets[n - 1] != target
    return level.on_change == "restart" and changed


def _done(level: ServiceLevel, interval: Interval) -> bool:
    return _any(level.stops(), interval) or _any(level.cancel, interval)


def _target(level: ServiceLevel, interval: Interval) -> int | None:
    if level.practices and interval["practice"] not in level.practices:
        return None
    if not _all(level.where, interval):
        return None
    fitting = (t.micros() for t in level.targets if _all(t.conditions(), interval))
    return next(fitting, None)


def _all(conditions: Mapping[str, tuple[str, ...]], interval: Interval) -> bool:
    return all(interval[column] in values for column, values in conditions.items())


def _any(conditions: Mapping[str, tuple[str, ...]], interval: Interval) -> bool:
    return any(interval[column] in values for column, values in conditions.items())


def _at(us: int) -> Any:
    return EPOCH + timedelta(microseconds=us)
