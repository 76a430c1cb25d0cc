"""The detectors: each with what it asks of the records, and the findings it answers with.

Floor 5. A detector counts with few queries over all places at once, says itself how many places it
looked at, and takes that into account.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import ibis.expr.types as ir

from opsgauge.analysis.demand.burst_words import burst_finding, cause_rows
from opsgauge.analysis.demand.bursts import Burst, bursts, by_category, category_days
from opsgauge.analysis.demand.weekday_peak import arrivals, by_practice, weekday_peaks
from opsgauge.analysis.mining.detector_limits import DetectorLimits
from opsgauge.analysis.mining.first_queue import (
    category_rows,
    queues,
    wrong_first_queues,
)
from opsgauge.analysis.mining.habits import HABITS, Habit, habit_findings, habit_places
from opsgauge.analysis.mining.lasting_change_words import change_findings
from opsgauge.analysis.mining.lasting_changes import lasting_changes, work, work_rows
from opsgauge.analysis.mining.ping_pong import pair_rows, pairs, ping_pong
from opsgauge.analysis.mining.stays import early_stays
from opsgauge.analysis.promises.month_end import (
    by_team,
    day_examples,
    month_end_closings,
    month_ends,
    resolution_days,
)
from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.log.door import LogTables
from opsgauge.log.periods import instants_between
from opsgauge.operations.clocked import workspace_levels
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.missing_days import missing_days
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_levels import Clocks
from opsgauge.operations.stays_kept import stays_of
from opsgauge.warehouse.portable import micros_at


@dataclass(frozen=True)
class Asked:
    """What a detector may look at: tables without all that was not chosen."""

    ctx: Context
    opened: OpenVersion
    tables: LogTables
    chosen: Selection | None
    evidence: Callable[[str], Evidence]
    limits: DetectorLimits

    def stays(self) -> ir.Table:
        """Return the stays of its tickets with teams."""
        return stays_of(self.opened, self.tables, self.chosen)


@dataclass(frozen=True)
class Detector:
    """One detector: what it asks, in words, and how it looks."""

    name: str
    question: str
    look: Callable[[Asked, Evidence], list[Finding]]


def _ping_pong(asked: Asked, evidence: Evidence) -> list[Finding]:
    rows = asked.opened.engine.run(pair_rows(asked.stays()))
    return ping_pong(pairs(rows), evidence, asked.limits)


def _weekday_peaks(asked: Asked, evidence: Evidence) -> list[Finding]:
    rows = asked.opened.engine.run(arrivals(asked.tables.tickets, asked.opened.periods.bucket_us))
    return weekday_peaks(by_practice(rows), evidence)


def _bursts(asked: Asked, evidence: Evidence) -> list[Finding]:
    days = category_days(asked.tables.tickets, asked.opened.periods.bucket_us)
    found = bursts(by_category(asked.opened.engine.run(days)))
    return [burst_finding(each, _causes(asked, each), evidence) for each in found]


def _causes(asked: Asked, burst: Burst) -> list[dict[str, object]]:
    start, end = instants_between(burst.first, burst.last, asked.ctx.workspace.zone)
    between = (micros_at(start), micros_at(end))
    rows = cause_rows(asked.tables.tickets, asked.tables.links, burst, between)
    found: list[dict[str, object]] = asked.opened.engine.run(rows).to_pylist()
    return found


def _first_queues(asked: Asked, evidence: Evidence) -> list[Finding]:
    engine, tables = asked.opened.engine, asked.tables
    rows = engine.run(early_stays(asked.stays()))
    known = queues(rows, engine.run(category_rows(tables.tickets)))
    return wrong_first_queues(known, evidence, asked.limits)


def _lasting_changes(asked: Asked, evidence: Evidence) -> list[Finding]:
    watermark = micros_at(asked.opened.watermark)
    rows = work_rows(asked.tables.tickets, asked.tables.history, watermark)
    changes, looked = lasting_changes(work(asked.opened.engine.read(rows)))
    return change_findings(changes, looked, evidence)


def _month_ends(asked: Asked, evidence: Evidence) -> list[Finding]:
    days = resolution_days(asked.tables.history, asked.opened.periods.bucket_us)
    rows = asked.opened.engine.run(days)
    known = month_ends(by_team(rows), day_examples(rows))
    return month_end_closings(known, evidence, asked.limits)


def _habit(habit: Habit, asked: Asked, evidence: Evidence) -> list[Finding]:
    of = asked.stays() if habit.of_stays else asked.tables.history
    rows = asked.opened.engine.run(habit.rows(of, asked.limits))
    return habit_findings(habit, habit_places(habit, rows), evidence, asked.limits)


def _pauses(asked: Asked, evidence: Evidence) -> list[Finding]:
    return [finding for level in _levels(asked) for finding in paused(asked.ctx, *level).findings]


def _levels(asked: Asked) -> Iterator[tuple[str, Clocks]]:
    """Yield the service levels whose clocks can be paused, with the clocks chosen.

    None where tickets are chosen by their opening or their way: clocks are not chosen so.
    """
    chosen = asked.chosen or Selection()
    if chosen != Selection(where=chosen.where):
        return
    where = chosen.where
    try:
        levels = workspace_levels(asked.ctx)
    except OpsgaugeError:
        return  # their own page says what is wrong with them
    for name, level in levels.by_name.items():
        if level.pause:
            yield name, Clocks(where=where)


def _gaps(asked: Asked, evidence: Evidence) -> list[Finding]:
    return missing_days(asked.ctx, asked.chosen, evidence)


# What takes longest begins, where several look at a time.
DETECTORS: tuple[Detector, ...] = (
    Detector("odd_pauses", "Pauses of clocks by team", _pauses),
    Detector("ping_pong", "Direct returns between each two teams", _ping_pong),
    Detector(
        "lasting_changes",
        "Time to resolve, and what was waited for, by kind of work and week",
        _lasting_changes,
    ),
    Detector("wrong_first_queue", "First teams of each category, and where it went", _first_queues),
    *(
        Detector(
            habit.name, f"Habits of teams: {habit.name.replace('_', ' ')}", partial(_habit, habit)
        )
        for habit in HABITS
    ),
    Detector("month_end_closing", "Resolutions by team and day of the month", _month_ends),
    Detector("missing_days", "Days without any update, by source", _gaps),
    Detector(
        "weekday_peak", "Tickets opened by weekday and practice, in whole weeks", _weekday_peaks
    ),
    Detector("bursts", "Tickets opened by category and day", _bursts),
)
