"""Tickets with the trouble of each, and who or what held them: what `recurring` tells of.

Floor 5.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.analysis.causes.delay_place import (
    DOWNSTREAM,
    KEY,
    OWN,
    UPSTREAM,
    Delay,
    Spent,
    spent_rows,
)
from opsgauge.analysis.causes.recurrence import Troubles, clustered, codes_of, troubles
from opsgauge.analysis.causes.words import Vocabulary
from opsgauge.foundation.units import MICROS_PER_HOUR, duration
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plain
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.small_teams import Together, told_together
from opsgauge.operations.told_words import kept_texts, told_words

LOOK_BACK = 364  # days before lately
PLACE_WORDS = {
    UPSTREAM: "upstream, before the team that solved it had it",
    OWN: "with the team that solved it",
    DOWNSTREAM: "downstream, after the team that solved it first had it",
}


@dataclass(frozen=True)
class Holder:
    """A team that held tickets, or what they waited for; neither: no team yet."""

    team: str | None
    phase: str | None

    def words(self) -> str:
        """Return it as one says it.

        Examples
        --------
        >>> Holder("Desk", None).words(), Holder(None, "pending_user").words()
        ('with Desk', 'pending user')
        """
        return plain(self.phase) if self.phase else f"with {self.team or 'no team'}"


def delay_json(delay: Delay, holder: Holder | None) -> dict[str, Any]:
    """Return the published form of where time is lost."""
    return {
        "position": dict(vars(delay.position)),
        "alike": dict(vars(delay.alike)),
        "place": delay.place,
        "excess": delay.excess,
        "low": delay.low,
        "high": delay.high,
        "most": {**vars(holder), "excess": delay.holder_excess} if holder else None,
    }


def delay_words(delay: Delay | None, holder: Holder | None) -> str:
    """Say where the mean ticket loses time against tickets alike, and who or what holds most.

    "" where it surely loses none, or too few ended to say.
    """
    if delay is None or not delay.place:
        return ""
    most = f"; {holder.words()} alone {duration(delay.holder_excess)}" if holder else ""
    return (
        f"{PLACE_WORDS[delay.place]}: {duration(delay.excess)} longer than tickets alike "
        f"({duration(delay.low)} to {duration(delay.high)}){most}"
    )


@dataclass(frozen=True)
class Read:
    """Tickets as fetched, without their texts, the oldest first; and which trouble each is of."""

    rows: pa.Table
    found: Troubles
    vocabulary: Vocabulary | None
    chosen: Selection
    since: date


def read_troubles(ctx: Context, chosen: Selection, days: int) -> Read:
    """Return the tickets chosen, of the last year and lately, with the trouble of each."""
    key = ("recurring", "troubles", ctx.scope, chosen, days)
    return ctx.opened().once(key, lambda: _read(ctx, chosen, days))


def _read(ctx: Context, chosen: Selection, days: int) -> Read:
    opened = ctx.opened()
    last = min(chosen.to or date.max, opened.periods.date_of(opened.watermark))
    since = last - timedelta(days=days - 1)
    began = opened.periods.date_of(opened.version.earliest or opened.watermark)
    first = max(chosen.from_ or began, began, since - timedelta(days=LOOK_BACK))
    chosen = replace(chosen, from_=first, to=last)
    order = [(name, "ascending") for name in ("opened_us", *KEY)]
    # Read, and not run: texts are not to be remembered.
    rows = opened.engine.read(clustered(chosen_tables(ctx, chosen).tickets)).sort_by(order)
    texts = kept_texts(ctx, rows["description"])
    told = told_words(ctx, texts, rows["requester"].to_pylist()) if any(texts) else None
    rows = rows.drop_columns(["description", "requester"])
    return Read(rows, troubles(rows, told), told, chosen, since)


def spent_of(ctx: Context, read: Read) -> tuple[tuple[Holder, ...], Together, Spent]:
    """Return who or what held ended tickets, by code, and for how long."""
    tables = chosen_tables(ctx, read.chosen)
    rows = ctx.opened().engine.read(spent_rows(tables.tickets, tables.history))
    together = told_together(ctx, meant_of_tickets(ctx, read.chosen.where))
    rows = together.in_rows(rows, "team")
    rows = rows.group_by([*KEY, "part", "team", "phase"]).aggregate([("us", "sum")])
    ticket = pc.index_in(_keys(rows), value_set=_keys(read.rows))
    rows = rows.append_column("ticket", ticket).filter(ticket.is_valid())
    rows = rows.sort_by([(name, "ascending") for name in ("ticket", "part", "team", "phase")])
    code = codes_of(rows, ("team", "phase"))
    _, first = np.unique(code, return_index=True)
    holders = rows.select(["team", "phase"]).take(first).to_pylist()
    spent = Spent(
        np.asarray(rows["ticket"]).astype(np.int64),
        np.asarray(rows["part"]).astype(np.int64),
        code,
        np.asarray(rows["us_sum"]) / MICROS_PER_HOUR,
    )
    return tuple(Holder(each["team"], each["phase"]) for each in holders), together, spent


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in KEY), "\x1f")
