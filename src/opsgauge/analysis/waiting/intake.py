"""Quality of intake: what was missing, asked back or put right later, and what goes with it.

Floor 4, analysis. Four faults of a ticket's beginning:

* missing: its first update lacks a category, a service or a priority, of those in use at all;
* asked_back: it went to the one who asked (phase pending_user) before any work began;
* messages: the one who asked answered a message to them before any work began, else before its end;
* reclassified: its category or its service was changed to another one later.

Messages are known of tickets opened between the first and the last note of their source; of others
nothing is said. Without notes the other three remain.

A ticket without any of them was taken in well; the score is their share, of the tickets of which
all faults can be told. What a fault goes with is
told in hours: finished tickets with it against those without, within each practice and priority,
added up over the tickets that have it. That is no proof that the fault costs these hours: harder
tickets may be described worse. Strata in which one side is missing say nothing and are left out.

Sources: Cochran, Biometrics 24 (1968) 295-313 (comparison within strata); Welch, Biometrika 34
(1947) 28-35 (two means of unequal spread).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.waiting.notes import Span, answered, covered
from opsgauge.analysis.waiting.steps import KEY
from opsgauge.analysis.waiting.strata import Side, apart, gap, measured
from opsgauge.foundation.units import MICROS_PER_MINUTE
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import micros, ones, summed

MESSAGES = "messages"
FAULTS = ("missing", "asked_back", MESSAGES, "reclassified")
FIELDS = ("category", "service", "priority")
WORK, ASKED = "in_progress", "pending_user"
MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Fault:
    """One fault of intake.

    Attributes
    ----------
    tickets : that have it, of `of` of which that can be told
    compared : finished tickets with it, in strata that have enough without it
    hours : that these took longer than others, in all; with the 95 % interval, None without any
    """

    name: str
    tickets: int
    of: int
    compared: int
    hours: float | None
    low: float | None
    high: float | None

    @property
    def share(self) -> tuple[float | None, float | None]:
        """Where the true share lies."""
        return wilson(self.tickets, self.of)


@dataclass(frozen=True)
class Intake:
    """How well tickets are taken in.

    Attributes
    ----------
    tickets : all; of `judged` every fault can be told, and `well` of those have none
    fields : of FIELDS, those that anybody fills; `unused` the others
    """

    tickets: int
    judged: int
    well: int
    faults: tuple[Fault, ...]
    fields: tuple[str, ...]

    @property
    def score(self) -> float | None:
        """The share taken in well."""
        return self.well / self.judged if self.judged else None

    @property
    def unused(self) -> tuple[str, ...]:
        """Fields that nobody fills, and that therefore cannot be missing."""
        return tuple(name for name in FIELDS if name not in self.fields)


def field_rows(history: ir.Table) -> ir.Table:
    """Return in one row how many first updates have each of FIELDS."""
    first = history.filter(history.seq == 1)
    return first.aggregate(**{name: first[name].count() for name in FIELDS})


def fields_in_use(rows: pa.Table) -> tuple[str, ...]:
    """Return the fields that any first update has."""
    [row] = rows.to_pylist()
    return tuple(name for name in FIELDS if row[name])


def ticket_rows(
    history: ir.Table,
    tickets: ir.Table,
    fields: Iterable[str],
    written: ir.Table | None = None,
    spans: Mapping[str, Span] | None = None,
) -> ir.Table:
    """Return one row per ticket: practice, priority, FAULTS (1 or 0), minutes (null unless done).

    Parameters
    ----------
    fields : what counts as missing where the first update lacks it
    written : notes of these tickets, of `notes.written`; None: nothing is said of messages
    spans : of each source whose notes are looked at; messages are null for tickets opened outside
    """
    first = history.seq == 1
    lacks = ibis.literal(False)
    for name in fields:
        lacks = lacks | history[name].isnull()
    since = micros(history.since)
    seen = history.group_by(list(KEY)).aggregate(
        lacking=ones(first & lacks).max(),
        asked_us=since.min(where=history.phase == ASKED),
        work_us=since.min(where=history.phase == WORK),
        categories=history.category.nunique(),
        services=history.service.nunique(),
    )
    both = tickets.inner_join(seen, list(KEY))
    end = ibis.coalesce(micros(both.resolved_at), micros(both.closed_at))
    took = end - micros(both.opened_at)
    done = both.phase.isin(DONE_PHASES) & (took >= 0)
    each = both.select(
        *KEY,
        "practice",
        "priority",
        opened_us=micros(both.opened_at),
        until_us=ibis.coalesce(both.work_us, end),
        missing=both.lacking,
        asked_back=ones(
            both.asked_us.notnull() & (both.work_us.isnull() | (both.asked_us < both.work_us))
        ),
        reclassified=ones((both.categories > 1) | (both.services > 1)),
        minutes=ibis.cases((done, took // MICROS_PER_MINUTE)),
    )
    if written is None:
        return each
    known = each.mutate(known=covered(each.source, each.opened_us, spans or {}))
    asked = answered(written, known.filter(known.known).select(*KEY, "until_us"))
    beside = known.left_join(asked, list(KEY))
    told = ibis.cases((beside.maybe.isnull(), 0), else_=beside.messages)
    return beside.select(*each.columns, **{MESSAGES: ibis.cases((beside.known, told))})


def stratum_rows(each: ir.Table) -> ir.Table:
    """Return tickets by practice, priority and faults: n, finished, minutes and their squares."""
    faults = [name for name in FAULTS if name in each.columns]
    return each.group_by(["practice", "priority", *faults]).aggregate(
        n=each.count(),
        finished=each.minutes.count(),
        minutes=summed(each.minutes.sum().fill_null(0)),
        squares=(each.minutes.cast("float64") * each.minutes.cast("float64")).sum(),
    )


def intake(rows: pa.Table, fields: tuple[str, ...]) -> Intake:
    """Return what `stratum_rows` gave; messages are no fault where they are known of no ticket."""
    listed = rows.to_pylist()
    faults = [name for name in FAULTS if name in rows.column_names]
    if MESSAGES in faults and all(row[MESSAGES] is None for row in listed):
        faults.remove(MESSAGES)
    told = [row for row in listed if all(row[name] is not None for name in faults)]
    total, judged = (sum(row["n"] for row in of) for of in (listed, told))
    well = sum(row["n"] for row in told if not any(row[name] for name in faults))
    found = [_fault(name, [row for row in listed if row[name] is not None]) for name in faults]
    return Intake(total, judged, well, tuple(found), fields)


def _fault(name: str, rows: Sequence[Mapping[str, Any]]) -> Fault:
    total = sum(row["n"] for row in rows)
    tickets = sum(row["n"] for row in rows if row[name])
    sides = apart(rows, ("practice", "priority"), name)
    met = gap((_side(bad), _side(well)) for bad, well in sides)
    if met is None:
        return Fault(name, tickets, total, 0, None, None, None)
    hours = (met.difference, met.low, met.high)
    return Fault(
        name,
        tickets,
        total,
        met.compared,
        *(each * met.compared / MINUTES_PER_HOUR for each in hours),
    )


def _side(rows: Sequence[Mapping[str, Any]]) -> Side:
    """Return the finished tickets among rows."""
    n, minutes = (sum(row[name] for row in rows) for name in ("finished", "minutes"))
    return measured(n, minutes, sum(row["squares"] or 0.0 for row in rows))
