"""Work that a program could do: short to do, long to begin, the same every time, and stable.

Floor 4, analysis. Finished tickets of one kind, which is a practice and what was ordered, else the
subcategory, else the category. A kind is a candidate where

* the work is short: half of its tickets are worked on (phase in_progress) for an hour or less;
* it waits long: they wait at least four times as long as they are worked on;
* its steps are the same: at least half took its most frequent path of phases;
* its text is the same: at least half of the descriptions are word for word another one's. Where the
  workspace keeps no text that cannot be told, and is not asked.

Then there is a gate: what is not stable is not automated. Month by month, tickets and median work
must stay within their natural process limits (XmR) over at least eight whole months; else the kind
is to be stabilised first, or is too new to say. Hours are what was worked on all its tickets: that
much a program could take over at most.

Sources: ServiceNow's use case "long to start, short to fix"; Wheeler and Chambers, Understanding
Statistical Process Control, 2nd ed., 1992 (limits).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.control_charts.chart import Point
from opsgauge.analysis.control_charts.xmr import chart
from opsgauge.analysis.waiting.steps import KEY, open_rows
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.periods import periods_table
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.warehouse.portable import micros, quantile, summed

WORK = "in_progress"
FEWEST = 30  # tickets of a kind
SHORT_HOURS, TIMES_LONGER = 1.0, 4.0
SAME = 0.5
FEWEST_MONTHS = 8
OUTSIDE = "outside_limits"
Kind = tuple[str | None, str | None]


class Gate(StrEnum):
    """Whether a kind of work may be automated."""

    OPEN = "stable"
    SHUT = "stabilise first"
    NEW = "too new to say"


@dataclass(frozen=True)
class Candidate:
    """One kind of work.

    Attributes
    ----------
    tickets : finished; `hours` worked on all of them, `wait_hours` waited by all of them
    work, wait : hours of half of them, or less
    usual_path : share on the most frequent path; `same_text` of descriptions that another has, too,
        None where no text is kept
    gate : with `why` in words where it is not open
    """

    practice: str | None
    item: str | None
    tickets: int
    hours: float
    wait_hours: float
    work: float
    wait: float
    usual_path: float
    same_text: float | None
    gate: Gate
    why: str

    @property
    def is_candidate(self) -> bool:
        """Whether it is short, waits long and is the same every time."""
        text = self.same_text is None or self.same_text >= SAME
        longer = self.wait >= TIMES_LONGER * self.work
        return self.work <= SHORT_HOURS and longer and self.usual_path >= SAME and text


def ticket_rows(tickets: ir.Table, history: ir.Table, bucket_us: int) -> ir.Table:
    """Return one row per finished ticket: practice, item, label, variant, text, work_us, wait_us.

    Parameters
    ----------
    bucket_us : width of a bucket of the table `periods`
    """
    rows = open_rows(history)
    worked = rows.filter((rows.phase == WORK) & rows.elapsed_us.notnull())
    work = worked.group_by(list(KEY)).aggregate(work_us=summed(worked.elapsed_us.sum()))
    done = tickets.filter(tickets.phase.isin(DONE_PHASES) & tickets.life_us.notnull())
    told = done.select(
        *KEY,
        "practice",
        "life_us",
        item=ibis.coalesce(done.catalogue_item, done.subcategory, done.category),
        variant=done.variant_phase,
        text=done.description,
        bucket=micros(done.opened_at) // bucket_us,
    )
    periods = periods_table()
    placed = told.inner_join(periods.select("bucket", label=periods.month), "bucket")
    both = placed.left_join(work, list(KEY))
    spent = both.work_us.fill_null(0)
    return both.select(
        "practice", "item", "label", "variant", "text", work_us=spent, wait_us=both.life_us - spent
    )


def kind_rows(each: ir.Table) -> ir.Table:
    """Return each kind of FEWEST tickets or more."""
    found = each.group_by(["practice", "item"]).aggregate(
        tickets=each.count(),
        work_us=summed(each.work_us.sum()),
        wait_us=summed(each.wait_us.sum()),
        median_work=quantile(each.work_us, 0.5),
        median_wait=quantile(each.wait_us, 0.5),
        texts=each.text.count(),
        different=each.text.nunique(),
    )
    return found.filter(found.tickets >= FEWEST)


def path_counts(each: ir.Table) -> ir.Table:
    """Return how many tickets of each kind took each path."""
    return each.group_by(["practice", "item", "variant"]).aggregate(n=each.count())


def month_rows(each: ir.Table) -> ir.Table:
    """Return by kind and month: n and the median work, in microseconds."""
    return each.group_by(["practice", "item", "label"]).aggregate(
        n=each.count(), median_work=quantile(each.work_us, 0.5)
    )


def kinds(
    counted: pa.Table, paths: pa.Table, months: pa.Table, whole_months: Sequence[str]
) -> list[Candidate]:
    """Return every kind of work, candidates with an open gate first, then the most hours.

    Parameters
    ----------
    counted, paths, months : what the three queries above gave
    whole_months : labels of the months that lie wholly in the records, in order
    """
    usual: Counter[Kind] = Counter()
    for row in paths.to_pylist():
        kind = (row["practice"], row["item"])
        usual[kind] = max(usual[kind], int(row["n"]))
    series: dict[Kind, dict[str, Mapping[str, Any]]] = {}
    for row in months.to_pylist():
        series.setdefault((row["practice"], row["item"]), {})[row["label"]] = row
    found = []
    for row in counted.to_pylist():
        kind = (row["practice"], row["item"])
        found.append(_candidate(row, usual[kind], series.get(kind, {}), whole_months))
    return sorted(found, key=_place)


def _place(each: Candidate) -> tuple[bool, bool, float, str, str]:
    shut = each.gate is not Gate.OPEN
    return not each.is_candidate, shut, -each.hours, each.practice or "", each.item or ""


def _candidate(
    row: Mapping[str, Any],
    usual: int,
    months: Mapping[str, Mapping[str, Any]],
    whole_months: Sequence[str],
) -> Candidate:
    gate, why = _gate(months, whole_months)
    texts = int(row["texts"])
    return Candidate(
        practice=row["practice"],
        item=row["item"],
        tickets=int(row["tickets"]),
        hours=int(row["work_us"]) / MICROS_PER_HOUR,
        wait_hours=int(row["wait_us"]) / MICROS_PER_HOUR,
        work=row["median_work"] / MICROS_PER_HOUR,
        wait=row["median_wait"] / MICROS_PER_HOUR,
        usual_path=usual / int(row["tickets"]),
        same_text=1 - int(row["different"]) / texts if texts else None,
        gate=gate,
        why=why,
    )


def _gate(months: Mapping[str, Mapping[str, Any]], whole_months: Sequence[str]) -> tuple[Gate, str]:
    known = [label for label in whole_months if label >= min(months, default="")]
    worked = [label for label in known if label in months]
    if len(known) < FEWEST_MONTHS or len(worked) < FEWEST_MONTHS:
        return Gate.NEW, f"{len(worked)} whole months, {FEWEST_MONTHS} are needed"
    counts = [Point(label, float(months.get(label, {}).get("n", 0)), n=1) for label in known]
    work = [
        Point(label, months[label]["median_work"] / MICROS_PER_HOUR, n=int(months[label]["n"]))
        for label in worked
    ]
    loose = [
        f"{name} of {point.period}"
        for name, points in (("tickets", counts), ("work", work))
        for point in chart(points, good="neutral").points
        if OUTSIDE in point.signals
    ]
    if loose:
        return Gate.SHUT, f"outside its limits: {', '.join(loose[:3])}"
    return Gate.OPEN, ""
