"""How orders are fulfilled: where they wait, and whether they were right at once.

Floor 5. An order is a request; see `analysis/requests/orders.py` for what its parts mean. What was
fetched of a data version is kept, so that each further question of the same orders is arithmetic.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from opsgauge.analysis.requests.fulfilment import GROUPS, Fulfilled, fulfilled, fulfilled_at, timed
from opsgauge.analysis.requests.right_first_time import (
    DAYS,
    FirstTime,
    right_by,
    right_first_time,
)
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent
from opsgauge.log.calendars.definition import ALWAYS, Calendar
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.gate import let_through
from opsgauge.operations.ordered import (
    STANDS_ON,
    calendar_of,
    clock_of,
    judged_orders,
    loaded,
    promises,
)

MOST_DAYS = 365


@dataclass(frozen=True)
class Fulfilment:
    """Where the time of completed orders went.

    Attributes
    ----------
    by : item, channel, team or location
    calendar : whose open time counts as business time; `always` for elapsed time alone
    orders, open, refused : all orders chosen; of these not done yet, and cancelled or refused
    whole : all completed orders together; None where there are none
    reversed_ : completed orders that are said to be done before they were opened: taken as no time
    first_time : how many were right first time
    """

    by: str
    calendar: str
    orders: int
    open_: int
    refused: int
    whole: Fulfilled | None
    lines: tuple[Fulfilled, ...]
    first_time: FirstTime
    first_time_by: tuple[FirstTime, ...]
    days: int
    reversed_: int
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Where an order waits, in words."""
        if self.whole is None or not self.whole.chosen.whole_us:
            return "No order is completed, so there is no time to part"
        times = self.whole.chosen
        clock = "working" if self.whole.business else "elapsed"
        touch, wait, approval = times.percents
        return (
            f"An order takes {duration(times.whole_us / times.n / MICROS_PER_HOUR)} of {clock} "
            f"time on average: it waits {_percent(wait)}, lies for approval {_percent(approval)} "
            f"and is worked on {_percent(touch)}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "by": self.by,
            "calendar": self.calendar,
            "orders": self.orders,
            "completed": self.whole.elapsed.n if self.whole else 0,
            "open": self.open_,
            "refused": self.refused,
            "done_before_opened": self.reversed_,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "all": self.whole.as_json() if self.whole else None,
            "rows": [line.as_json() for line in self.lines],
            "right_first_time": {
                "days": self.days,
                "all": self.first_time.as_json(),
                "rows": [line.as_json() for line in self.first_time_by],
            },
        }


def _percent(whole: int) -> str:
    return percent(whole / 100, 0)


def fulfilment(
    ctx: Context,
    chosen: Selection | None = None,
    by: str = "item",
    calendar: str = ALWAYS,
    days: int = DAYS,
) -> Fulfilment:
    """Return where completed orders waited, by item, channel, team or location.

    Needs `request:read`.

    Parameters
    ----------
    days : how long after its completion an incident counts against an order

    Raises
    ------
    QueryWrong : orders are not grouped by that, or days that are none
    UnknownCalendar : there is none of that name
    """
    ctx.require("request:read")
    if by not in GROUPS:
        raise QueryWrong(f"Orders are not grouped by {by!r}.", hint=did_you_mean(by, GROUPS))
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint=f"Such as {DAYS}.")
    named = calendar_of(ctx, calendar)
    key = ("fulfilment", ctx.scope, chosen, by, named, days)
    return ctx.opened().once(key, lambda: _fulfilment(ctx, chosen, by, named, days))


def _fulfilment(
    ctx: Context, chosen: Selection | None, by: str, calendar: Calendar, days: int
) -> Fulfilment:
    orders = loaded(ctx, chosen)
    phases = orders.named("phase")
    refused = sum(phase in ("cancelled", "rejected") for phase in phases)
    verdict = judged_orders(ctx, chosen, days)
    each = timed(orders, clock_of(ctx, calendar), promises(ctx))
    everyone = np.flatnonzero(orders.completed)
    return Fulfilment(
        by=by,
        calendar=calendar.name,
        orders=len(orders),
        open_=len(orders) - int(orders.completed.sum()) - refused,
        refused=refused,
        whole=fulfilled_at(each, None, everyone) if len(everyone) else None,
        lines=tuple(fulfilled(orders, each, by)),
        first_time=right_first_time(orders, verdict),
        first_time_by=tuple(right_by(orders, verdict, by)),
        days=days,
        reversed_=int(sum(orders.rows["reversed"].to_pylist())),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, STANDS_ON),
    )
