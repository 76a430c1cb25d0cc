"""The orders behind a number about orders: as many as its n.

Floor 5.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from opsgauge.analysis.requests.approvals import Approval, as_orders
from opsgauge.analysis.requests.bundles import (
    DAYS as BUNDLE_DAYS,
)
from opsgauge.analysis.requests.bundles import (
    FIRST_DAY,
    is_in_time,
    is_judged,
    piece_late_us,
)
from opsgauge.analysis.requests.fulfilment import GROUPS, timed
from opsgauge.analysis.requests.orders import ORDER, Orders, Parts, Truths
from opsgauge.analysis.requests.right_first_time import DAYS, REASONS
from opsgauge.analysis.requests.tasks import Bundle
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.operations.answers import Provenance, published
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.ordered import (
    approvals_in,
    calendar_of,
    clock_of,
    judged_orders,
    loaded,
    promises,
    teams_of_orders,
)
from opsgauge.operations.request_tasks import bundled, due_of, followed_by_incident
from opsgauge.operations.small_teams import withheld_teams
from opsgauge.warehouse.portable import EPOCH

# Of what a number tells, in words that end a sentence.
KINDS = {
    "completed": "completed",
    "kept": "completed within their promise",
    "judged": "judged for being right first time",
    "right": "right first time",
    "rework": "worked on again",
    "returned": "sent back to the requester",
    "reopened": "reopened",
    "incident": "followed by an incident of the same user",
    "followed": "followed by an incident, or tied to one",
    "asked": "asked for approval",
    "decided": "decided on",
    "refused": "refused",
    "waiting": "waiting for approval",
    "bundle": "of several pieces",
    "in_time": "complete when due",
    "decides": "ended by one task",
    "late": "late by one piece",
}
ANSWERS = ("asked", "decided", "refused", "waiting")
FIRST_PAGE = 100


@dataclass(frozen=True)
class Behind:
    """Which number's orders.

    Attributes
    ----------
    of : a key of `KINDS`
    by, name : of these the orders of one item, channel, team or location; all without `by`
    step, group, level : for asked, decided, refused and waiting, the approval's
    task : for decides and late, the task's name
    calendar, days : as the number was asked for
    practice : whose tickets: of others than orders only those behind approvals
    """

    of: str = "completed"
    by: str = ""
    name: str | None = None
    step: str = ""
    group: str | None = None
    task: str = ""
    calendar: str = ALWAYS
    days: int = DAYS
    due_days: float = BUNDLE_DAYS
    level: int = 0
    practice: str = ORDER


@dataclass(frozen=True)
class OrderList:
    """The orders behind a number.

    Attributes
    ----------
    total : how many there are; equals the n of the number
    rows : one page of them, those that took longest first
    """

    sentence: str
    total: int
    rows: tuple[dict[str, Any], ...]
    offset: int
    provenance: Provenance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "total": self.total,
            "offset": self.offset,
            "data_version": self.provenance.data_version,
            "rows": [{k: published(v) for k, v in row.items()} for row in self.rows],
        }


def orders_behind(
    ctx: Context, chosen: Selection | None, behind: Behind, offset: int = 0
) -> OrderList:
    """Return the orders behind a number, those that took longest first.

    Needs `request:read` and `metric:read`.

    Raises
    ------
    QueryWrong : no such number
    """
    ctx.require("request:read")
    ctx.require("metric:read")
    if behind.of not in KINDS:
        raise QueryWrong(
            f"No number is about orders that are {behind.of!r}.",
            hint=did_you_mean(behind.of, KINDS),
        )
    if behind.practice not in PRACTICES:
        raise QueryWrong(
            f"There is no practice {behind.practice!r}.",
            hint=did_you_mean(behind.practice, PRACTICES),
        )
    if behind.practice != ORDER and behind.of not in ANSWERS:
        raise QueryWrong(f"Only orders are {KINDS[behind.of]}.", hint=f"Ask for {ANSWERS[0]}.")
    if behind.by and behind.by not in GROUPS:
        raise QueryWrong(
            f"Orders are not grouped by {behind.by!r}.", hint=did_you_mean(behind.by, GROUPS)
        )
    _refuse_withheld(ctx, chosen, behind)
    orders = loaded(ctx, chosen, behind.practice)
    marked = _marked(ctx, chosen, behind, orders)
    if behind.by:
        named = np.array([name == behind.name for name in orders.named(behind.by)], dtype=np.bool_)
        marked = marked & named
    at = np.flatnonzero(marked)
    parts = orders.parts()
    ranked = at[np.argsort(-parts.whole[at], kind="stable")]
    return OrderList(
        sentence=_sentence(behind, len(at)),
        total=len(at),
        rows=tuple(_row(orders, parts, place) for place in ranked[offset:][:FIRST_PAGE].tolist()),
        offset=offset,
        provenance=ctx.provenance(),
    )


def _refuse_withheld(ctx: Context, chosen: Selection | None, behind: Behind) -> None:
    """Refuse the orders of one of the teams that answers tell together."""
    together = teams_of_orders(ctx, chosen)
    for team in (behind.name if behind.by == "team" else None, behind.group, behind.task):
        if team in together.teams:
            raise withheld_teams(Condition("team", (team,)), together.fewest)


def _sentence(behind: Behind, n: int) -> str:
    whose = f" by {behind.task}" if behind.task else (f" at {behind.step}" if behind.step else "")
    of = f", {behind.by} {behind.name or 'not written'}" if behind.by else ""
    whose += f" at level {behind.level}" if behind.level else ""
    noun = "order" if behind.practice == ORDER else behind.practice
    return f"{n:,} {noun if n == 1 else f'{noun}s'} {KINDS[behind.of]}{whose}{of}"


def _row(orders: Orders, parts: Parts, place: int) -> dict[str, Any]:
    row = orders.rows.slice(place, 1).to_pylist()[0]
    done = bool(orders.completed[place])
    each = {"": parts.whole, "touch_": parts.touch, "wait_": parts.wait}
    each["approval_"] = parts.approval
    hours = {
        f"{name}hours": int(us[place]) / MICROS_PER_HOUR if done else None
        for name, us in each.items()
    }
    return {
        "source": row["source"],
        "ticket_id": row["ticket_id"],
        "item": row["item"],
        "team": row["team"],
        "phase": row["phase"],
        "opened_at": _moment(row["opened_us"]),
        **hours,
    }


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _marked(ctx: Context, chosen: Selection | None, behind: Behind, orders: Orders) -> Truths:
    if behind.of in ("completed", "kept"):
        return _completed(ctx, behind, orders)
    if behind.of in ANSWERS:
        return _asked(ctx, chosen, behind, orders)
    if behind.of in ("bundle", "in_time", "decides", "late"):
        return _bundles(ctx, chosen, behind, orders)
    verdict = judged_orders(ctx, chosen, behind.days)
    if behind.of in REASONS:
        return verdict.faults[behind.of]
    if behind.of == "followed":
        return verdict.ripe & followed_by_incident(ctx, chosen, behind.days)
    return verdict.ripe if behind.of == "judged" else verdict.right


def _completed(ctx: Context, behind: Behind, orders: Orders) -> Truths:
    if behind.of == "completed":
        return orders.completed
    clock = clock_of(ctx, calendar_of(ctx, behind.calendar))
    return orders.completed & timed(orders, clock, promises(ctx)).kept


def _asked(ctx: Context, chosen: Selection | None, behind: Behind, orders: Orders) -> Truths:
    """Mark orders by the answers of one step; of all steps together where none is named."""
    found = approvals_in(ctx, chosen, behind.practice)
    if behind.level:
        mine = [each for each in found if each.level == behind.level]
    elif behind.step:
        mine = [each for each in found if (each.step, each.group) == (behind.step, behind.group)]
    else:
        mine = as_orders(found)
    fits: dict[str, Callable[[Approval], bool]] = {
        "asked": lambda each: True,
        "decided": lambda each: each.decided,
        "refused": lambda each: each.approved is False,
        "waiting": lambda each: each.waiting_us is not None,
    }
    return _at(orders, (each.place for each in mine if fits[behind.of](each)))


def _bundles(ctx: Context, chosen: Selection | None, behind: Behind, orders: Orders) -> Truths:
    calendar = calendar_of(ctx, behind.calendar)
    due, _ = due_of(ctx, chosen, calendar, behind.due_days, FIRST_DAY)

    def has(bundle: Bundle) -> bool:
        return any(task.name == behind.task for task in bundle.tasks)

    wanted: dict[str, Callable[[Bundle], bool]] = {
        "bundle": lambda bundle: True,
        "in_time": lambda bundle: is_in_time(bundle, due),
        "decides": lambda bundle: bundle.complete and bundle.ended[0][1].name == behind.task,
        "late": lambda bundle: (
            has(bundle) and is_judged(bundle, due) and piece_late_us(behind.task, bundle, due) > 0
        ),
    }
    found = [bundle for bundle in bundled(ctx, chosen) if wanted[behind.of](bundle)]
    return _at(orders, (bundle.place for bundle in found))


def _at(orders: Orders, places: Iterable[int]) -> Truths:
    marked = np.zeros(len(orders), dtype=np.bool_)
    marked[list(places)] = True
    return marked
