"""The tickets of one trouble that comes again, also where words of descriptions tell it.

Floor 5.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow.compute as pc

from opsgauge.analysis.causes.delay_place import KEY
from opsgauge.foundation.errors import UnknownName
from opsgauge.foundation.units import whole
from opsgauge.log.periods import start_of_day
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.gate import let_through
from opsgauge.operations.recurring import DAYS, asked_of
from opsgauge.operations.troubles import read_troubles
from opsgauge.operations.valued import refuse_few
from opsgauge.operations.word_themes import FIRST_PAGE, WordTickets
from opsgauge.warehouse.portable import EPOCH, micros_at


@dataclass(frozen=True)
class TroubleAsked:
    """Which trouble, by the source and number of its first ticket; of lately alone, or all."""

    source: str
    ticket_id: str
    lately: bool = False
    days: int = DAYS


def recurring_tickets(
    ctx: Context, chosen: Selection, asked: TroubleAsked, offset: int = 0
) -> WordTickets:
    """Return the tickets of a trouble, the newest first: as many as its n, or its recent.

    Needs `finding:read` and `ticket:read`.

    Raises
    ------
    QueryWrong : no such length of days
    UnknownName : no trouble begins with that ticket
    """
    ctx.require("finding:read")
    ctx.require("ticket:read")
    ctx = ctx.holding()
    read = read_troubles(ctx, asked_of(chosen, asked.days), asked.days)
    first = pc.and_(
        pc.equal(read.rows["source"], asked.source),
        pc.equal(read.rows["ticket_id"], asked.ticket_id),
    )
    at = [place for place in np.flatnonzero(np.asarray(first)) if place in read.found.first]
    if not at:
        raise UnknownName(
            f"No trouble of these tickets begins with {asked.ticket_id!r}.",
            hint="Choose one of the page Again and again.",
        )
    mine = read.found.of == read.found.of[at[0]]
    if asked.lately:
        since = micros_at(start_of_day(read.since, ctx.workspace.zone))
        mine &= np.asarray(read.rows["opened_us"]) >= since
    places = np.flatnonzero(mine)[::-1]
    refuse_few(ctx, len(places))
    page = read.rows.select([*KEY, "opened_us"]).take(places[offset:][:FIRST_PAGE])
    lately = f" in the last {asked.days} days" if asked.lately else ""
    return WordTickets(
        f"{whole(len(places))} tickets of the trouble first met in {asked.ticket_id}{lately}",
        len(places),
        tuple(
            {
                "source": row["source"],
                "ticket_id": row["ticket_id"],
                "opened_at": EPOCH + timedelta(microseconds=row["opened_us"]),
            }
            for row in page.to_pylist()
        ),
        offset,
        ctx.provenance(),
        let_through(ctx, ("configuration_item", "service", "opened_at")),
    )
