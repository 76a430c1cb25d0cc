"""Orders and where their time went: touch, wait and approval, whole microseconds that add up.

Floor 4, analysis. An order is a request. It is completed where its phase is resolved or closed; its
time runs from its opening to its last resolution. Of that time

* approval is what an approval that is asked and not decided covers, or the phase pending_approval;
* touch is what the phases assigned and in_progress cover, outside of that;
* wait is the rest: new, scheduled, other pending phases, phases unknown, and the time for which an
  order lay as done before it was reopened.

Every part is a set of moments, so the same holds in the open time of any calendar. Approvals are
asked of other tickets too, such as changes; they are parted in the same way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import CLOSED_PHASE, RESOLVED_PHASE
from opsgauge.warehouse.portable import micros, ones

Numbers: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Clock: TypeAlias = Callable[[Numbers], Numbers]  # moments to the open time up to them

KEY = ("source", "ticket_id")
ORDER = "request"  # the practice whose tickets are orders
COMPLETED = (RESOLVED_PHASE, CLOSED_PHASE)
TOUCH_PHASES = ("assigned", "in_progress")
APPROVAL_PHASE = "pending_approval"
TOUCH, APPROVAL = "touch", "approval"
BETWEEN = "\x1f"  # no number of a ticket holds it


def elapsed(moments: Numbers) -> Numbers:
    """Return the clock that always runs."""
    return moments


def order_rows(tickets: ir.Table, practice: str = ORDER) -> ir.Table:
    """Return one row per order: what it is, and when it began and was completed.

    Parameters
    ----------
    practice : whose tickets, where not orders are asked for

    Returns
    -------
    source, ticket_id, item, channel, team, location, service, category, phase, open (1 while it
    needs work), variant (hash of its phases), opened_us, done_us (null unless completed, never
    before opened_us), reversed (1 where it was), reopened (1 where it was reopened)
    """
    orders = tickets.filter(tickets.practice == practice)
    opened = micros(orders.opened_at)
    end = ibis.coalesce(
        micros(orders.resolved_at), micros(orders.closed_at), micros(orders.last_update_at)
    )
    done = orders.phase.isin(COMPLETED)
    return orders.select(
        *KEY,
        item=orders.catalogue_item,
        channel=orders.channel,
        team=orders.team,
        location=orders.location,
        service=orders.service,
        category=orders.category,
        phase=orders.phase,
        open=ones(orders.open),
        variant=orders.variant_phase,
        opened_us=opened,
        done_us=ibis.cases((done, ibis.greatest(end, opened))),
        reversed=ones(done & (end < opened)),
        reopened=ones(ibis.coalesce(orders.reopen_count, orders.history_reopen_count) > 0),
    )


def typed_rows(orders: ir.Table, changes: ir.Table) -> ir.Table:
    """Return what `order_rows` gave of changes, with the type of each as its item."""
    types = changes.select("source", ticket_id=changes.change_id, type=changes.type)
    known = orders.left_join(types, list(KEY))
    kept = [name for name in orders.columns if name != "item"]
    return known.select(*kept, item=known.type)


def stretch_rows(
    orders: ir.Table, history: ir.Table, approvals: ir.Table, practice: str = ORDER
) -> ir.Table:
    """Return what touched and what held up completed orders, as stretches to be added up.

    Parameters
    ----------
    orders : as `order_rows` gave them
    history, approvals : of these orders, or of more

    Returns
    -------
    source, ticket_id, part (touch or approval), sign (1 or -1), start_us, end_us. Stretches of one
    part and sign do not overlap within an order; one of touch that is covered by an approval comes
    again with sign -1.
    """
    done = orders.filter(orders.done_us.notnull()).select(*KEY, "opened_us", "done_us")
    rows = history.filter(history.practice == practice)
    touch = _within(done, _phases(rows, TOUCH_PHASES))
    asked = approvals.select(
        *KEY, start_us=micros(approvals.asked_at), end_us=micros(approvals.decided_at)
    )
    held = asked.union(_phases(rows, (APPROVAL_PHASE,)))
    covered = _apart(_within(done, held.filter(held.start_us.notnull())))
    return ibis.union(
        _as_part(touch, TOUCH, 1),
        _as_part(_both(touch, covered), TOUCH, -1),
        _as_part(covered, APPROVAL, 1),
    )


def _phases(rows: ir.Table, phases: Sequence[str]) -> ir.Table:
    named = rows.filter(rows.phase.isin(phases))
    return named.select(*KEY, start_us=micros(named.since), end_us=micros(named.until))


def _within(orders: ir.Table, stretches: ir.Table) -> ir.Table:
    """Cut stretches to the time from opening to completion; one without an end lasts until then."""
    both = orders.join(stretches, list(KEY))
    end = ibis.coalesce(both.end_us, both.done_us)
    cut = both.select(
        *KEY,
        start_us=ibis.greatest(both.start_us, both.opened_us),
        end_us=ibis.least(end, both.done_us),
    )
    return cut.filter(cut.start_us < cut.end_us)


def _apart(stretches: ir.Table) -> ir.Table:
    """Return what stretches of one order cover together, as stretches that do not overlap."""
    order = ibis.window(group_by=KEY, order_by=("start_us", "end_us"), preceding=(None, 1))
    rows = stretches.mutate(so_far=stretches.end_us.max().over(order))
    start = ibis.greatest(rows.start_us, ibis.coalesce(rows.so_far, rows.start_us))
    rest = rows.select(*KEY, "end_us", start_us=start)
    return rest.filter(rest.start_us < rest.end_us)


def _both(one: ir.Table, other: ir.Table) -> ir.Table:
    """Return where stretches of two sets overlap."""
    there = other.select(*KEY, other_start=other.start_us, other_end=other.end_us)
    met = one.join(there, list(KEY))
    common = met.select(
        *KEY,
        start_us=ibis.greatest(met.start_us, met.other_start),
        end_us=ibis.least(met.end_us, met.other_end),
    )
    return common.filter(common.start_us < common.end_us)


def _as_part(stretches: ir.Table, part: str, sign: int) -> ir.Table:
    return stretches.select(
        *KEY,
        "start_us",
        "end_us",
        part=ibis.literal(part, "string"),
        sign=ibis.literal(sign, "int64"),
    )


@dataclass(frozen=True, eq=False)
class Parts:
    """Where the time of orders went, by one clock; each of shape (n,), whole microseconds."""

    whole: Numbers
    touch: Numbers
    approval: Numbers

    @property
    def wait(self) -> Numbers:
        """What is neither touch nor approval."""
        return np.asarray(self.whole - self.touch - self.approval, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Orders:
    """All orders chosen, in order of their numbers, completed or not.

    Attributes
    ----------
    rows : as `order_rows` gave them
    stretches : as `stretch_rows` gave them
    """

    rows: pa.Table
    stretches: pa.Table
    keys: pa.Array
    completed: Truths

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def parts(self, clock: Clock = elapsed) -> Parts:
        """Return where the time went; of orders not completed nothing."""
        opened = clock(whole_numbers(self.rows["opened_us"]))
        done = clock(whole_numbers(self.rows["done_us"].fill_null(0)))
        lasted = clock(whole_numbers(self.stretches["end_us"])) - clock(
            whole_numbers(self.stretches["start_us"])
        )
        signed = lasted * whole_numbers(self.stretches["sign"])
        at, of = self.places(self.stretches), np.array(self.stretches["part"].to_pylist())
        return Parts(
            whole=np.where(self.completed, done - opened, 0),
            touch=self._summed(at, np.where(of == TOUCH, signed, 0)),
            approval=self._summed(at, np.where(of == APPROVAL, signed, 0)),
        )

    def _summed(self, at: Numbers, values: Numbers) -> Numbers:
        # Not by bincount, whose sums are floats.
        total = np.zeros(len(self), dtype=np.int64)
        np.add.at(total, at, values)
        return total

    def places(self, rows: pa.Table) -> Numbers:
        """Return at which place each row's order stands; -1 for one that is not among them."""
        found = pc.index_in(key_of(rows), value_set=self.keys)
        return whole_numbers(found.fill_null(-1))

    def named(self, column: str) -> list[str | None]:
        """Return a column of words."""
        words: list[str | None] = self.rows[column].to_pylist()
        return words

    def marked(self, rows: pa.Table) -> Truths:
        """Say which orders rows name."""
        marked = np.zeros(len(self), dtype=np.bool_)
        at = self.places(rows)
        marked[at[at >= 0]] = True
        return marked


def orders_of(rows: pa.Table, stretches: pa.Table) -> Orders:
    """Return orders from what `order_rows` and `stretch_rows` gave."""
    rows = rows.sort_by([(name, "ascending") for name in KEY])
    completed = np.asarray(rows["done_us"].is_valid())
    return Orders(rows, stretches, key_of(rows), completed)


def key_of(rows: pa.Table) -> pa.Array:
    """Return source and number of each row as one text."""
    joined = pc.binary_join_element_wise(rows["source"], rows["ticket_id"], BETWEEN)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def whole_numbers(column: pa.ChunkedArray) -> Numbers:
    """Return a column without nulls as whole numbers."""
    return np.asarray(column, dtype=np.int64)


def hours_at(values: Numbers, q: float) -> float:
    """Return a quantile of microseconds, between neighbours by a straight line, in hours.

    Examples
    --------
    >>> hours_at(np.array([1, 2, 3]) * MICROS_PER_HOUR, 0.5)
    2.0
    """
    return float(np.quantile(values, q)) / MICROS_PER_HOUR
