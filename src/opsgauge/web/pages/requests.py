"""Where an order waits: touch, wait and approval by item, and what could be done about it.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.analysis.requests.fulfilment import GROUPS, Fulfilled, Times
from opsgauge.analysis.requests.orders import ORDER
from opsgauge.foundation.finding import Finding
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent, whole
from opsgauge.operations.approving import Approvals, approvals
from opsgauge.operations.drawing.stacked import stacked
from opsgauge.operations.orders_behind import FIRST_PAGE, orders_behind
from opsgauge.operations.pricing import an_hour_waited, money_of
from opsgauge.operations.request_tasks import (
    BundlesOfOrders,
    Health,
    TasksOfOrders,
    catalogue_health,
    order_bundles,
    order_tasks,
)
from opsgauge.operations.requests import Fulfilment, fulfilment
from opsgauge.web.asked import SelectionOf
from opsgauge.web.ordered import BehindOf, CalendarName, Days
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
MOST_FINDINGS = 6
REASON_WORDS = {
    "rework": "A step or team visited again after being left",
    "returned": "Sent back to the requester",
    "reopened": "Reopened after being done",
    "incident": "Incident of the same user about the same service or item",
}
PLACE = "/requests"
LIST = f"{PLACE}/orders"
COUNTED = {
    "approval_free_candidate": "decided",
    "automation_candidate": "completed",
    "item_ends_as_incident": "judged",
}
KEPT = ("where", "from", "to", "calendar", "data_version", "known_at")


@dataclass(frozen=True)
class Answers:
    """All that the page tells."""

    items: Fulfilment
    approvals: Approvals
    tasks: TasksOfOrders
    bundles: BundlesOfOrders
    health: Health

    @property
    def findings(self) -> list[Finding]:
        """What was found, the most hours of waiting first."""
        found = (
            *self.approvals.findings,
            *self.tasks.findings,
            *self.bundles.findings,
            *self.health.findings,
        )
        return sorted(found, key=lambda each: -(each.worth_hours or 0.0))


@router.get(PLACE)
def requests_page(
    seen: ViewOf,
    chosen: SelectionOf,
    group: Annotated[str, Query()] = "item",
    calendar: CalendarName = "always",
    days: Days = 14,
) -> HTMLResponse:
    """Draw where orders wait."""
    ctx = seen.ctx
    told = Answers(
        fulfilment(ctx, chosen, group, calendar, days),
        approvals(ctx, chosen),
        order_tasks(ctx, chosen),
        order_bundles(ctx, chosen, calendar),
        catalogue_health(ctx, chosen, days),
    )
    state = [
        "Orders of ",
        choosers.team(seen),
        " with ",
        choosers.other_filters(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        _group(seen, group),
        ", in ",
        choosers.calendar(seen, calendar),
    ]
    return html(
        "requests.html",
        {
            "page": frame(
                seen, "", "Where an order waits", state, provenance=told.items.provenance
            ),
            "headline": told.items.sentence,
            "why": _why(told.items),
            "crumbs": [link("Home", seen.address.to("/"))],
            "suspect": suspect_links(seen, told.items.suspect),
            "group": group,
            "rows": _rows(seen, told.items),
            "findings": [
                {
                    "finding": each,
                    "href": _of_finding(seen, each, days),
                    "money": money_of(each).worth,
                }
                for each in told.findings[:MOST_FINDINGS]
            ],
            "priced": an_hour_waited(ctx) is not None,
            "more_findings": max(len(told.findings) - MOST_FINDINGS, 0),
            "steps": [_step(seen, each) for each in told.approvals.steps],
            "never": [each for of, each in told.approvals.never_no if of == "chain"],
            "approvals_href": str(
                Address(f"{PLACE}/approvals", seen.address.pairs("group", "calendar", "days"))
            ),
            "first": told.items.first_time,
            "first_href": orders_at(seen, "right", days=str(days)),
            "judged_href": orders_at(seen, "judged", days=str(days)),
            "reasons": [
                {
                    "words": words,
                    "n": told.items.first_time.failed[why],
                    "href": orders_at(seen, why, days=str(days)),
                }
                for why, words in REASON_WORDS.items()
            ],
            "days": days,
            "bundles": _bundles(seen, told, calendar),
            "health": told.health,
            "item_hrefs": {
                each.item: orders_at(seen, "completed", group="item", name=each.item)
                for each in told.health.automation
            },
        },
    )


@router.get(LIST)
def orders_page(
    seen: ViewOf,
    chosen: SelectionOf,
    behind: BehindOf,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """Draw the list of orders behind a number."""
    listed = orders_behind(seen.ctx, chosen, behind, offset)
    shown = len(listed.rows)
    noun = "order" if behind.practice == ORDER else behind.practice
    of_level = behind.level or behind.practice != ORDER
    gone = ("of", "name", "approval", "task", "offset", "level")
    kept = seen.address.pairs(*gone, *(() if of_level else ("practice",)))
    back = Address(f"{PLACE}/approvals" if of_level else PLACE, kept)
    return html(
        "orders.html",
        {
            "page": frame(seen, "", listed.sentence, provenance=listed.provenance),
            "headline": listed.sentence,
            "why": "Those that took longest come first. Hours are elapsed; touch, wait and "
            "approval add up to the whole.",
            "crumbs": [
                link("Approvals" if of_level else "Where an order waits", back),
                link(f"{noun}s".capitalize(), ""),
            ],
            "listed": listed,
            "noun": noun,
            "hrefs": [
                str(seen.address.to(f"/tickets/{row['source']}/{row['ticket_id']}"))
                for row in listed.rows
            ],
            "first": offset + 1 if shown else 0,
            "last": offset + shown,
            "previous_href": _from(seen, offset - FIRST_PAGE) if offset else "",
            "next_href": _from(seen, offset + shown) if offset + shown < listed.total else "",
        },
    )


def _from(seen: View, offset: int) -> str:
    return str(seen.address.having(offset=offset if offset > 0 else None))


def orders_at(seen: View, of: str, **params: str) -> str:
    """Return the list of orders behind a number, of the same choice of orders."""
    kept = tuple(pair for pair in seen.address.params if pair[0] in KEPT)
    named = tuple((key, value) for key, value in params.items() if value)
    return str(Address(LIST, (*kept, ("of", of), *named)))


def _of_finding(seen: View, finding: Finding, days: int) -> str:
    """Return the orders that a finding about an item counts; "" for one about something else."""
    of = COUNTED.get(finding.kind, "")
    item = finding.id.removeprefix(f"{finding.kind}-")
    return orders_at(seen, of, group="item", name=item, days=str(days)) if of else ""


def _group(seen: View, now: str) -> Values:
    options = [choosers.choice(each, each) for each in GROUPS]
    one = choosers.field("select", "group", "Orders by", now, options)
    return choosers.chooser(seen, "group", now, "Choose what orders are grouped by", [one])


def _why(items: Fulfilment) -> str:
    n = items.whole.elapsed.n if items.whole else 0
    parts = [
        f"{whole(n)} of {whole(items.orders)} orders are completed, {whole(items.open_)} are open, "
        f"{whole(items.refused)} were cancelled or refused."
    ]
    if items.reversed_:
        parts.append(
            f"{whole(items.reversed_)} are said to be done before they were opened: no time."
        )
    return " ".join(parts)


def _rows(seen: View, items: Fulfilment) -> list[Values]:
    longest = max((_mean(line.chosen.whole_us, line.chosen) for line in items.lines), default=1.0)
    return [_row(seen, items, line, longest) for line in items.lines]


def _mean(us: int, times: Times) -> float:
    return us / times.n / MICROS_PER_HOUR


def _row(seen: View, items: Fulfilment, line: Fulfilled, longest: float) -> Values:
    times = line.chosen
    parts = [
        ("work", "touch", times.touch_us),
        ("wait", "wait", times.wait_us),
        ("hold", "approval", times.approval_us),
    ]
    hours = {name: _mean(us, times) for _, name, us in parts}
    bar = [
        (kind, hours[name] / (longest or 1.0), f"{name} {duration(hours[name])}")
        for kind, name, _ in parts
    ]
    first = next((each for each in items.first_time_by if each.name == line.name), None)
    where = {"group": items.by, "name": line.name or ""}
    promise = line.promise
    return {
        "name": line.name or "Not written",
        "n": times.n,
        "href": orders_at(seen, "completed", **where),
        "bar": stacked(bar),
        "median": duration(times.median),
        "p90": duration(times.p90),
        "interval": _between(times.low, times.high),
        "parts": [duration(hours[name]) for _, name, _ in parts],
        "promise": f"{whole(promise.kept)} of {whole(promise.n)}" if promise else "",
        "promise_hours": f"{promise.hours:g} h" if promise else "",
        "promise_href": orders_at(seen, "kept", **where),
        "right": f"{whole(first.right)} of {whole(first.n)}" if first and first.n else "",
        "right_href": orders_at(seen, "right", days=str(items.days), **where),
    }


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{duration(low)} to {duration(high)}"


def _step(seen: View, each: Any) -> Values:
    step = each.name + (f"/{each.group}" if each.group else "")
    return {
        "each": each,
        "asked_href": orders_at(seen, "asked", approval=step),
        "refused_href": orders_at(seen, "refused", approval=step),
    }


def _bundles(seen: View, told: Answers, calendar: str) -> list[Values]:
    """Return the items whose orders have tasks: how they run, and their pieces."""
    tasks = {each.item: each for each in told.tasks.items}
    return [
        {
            "bundle": each,
            "tasks": tasks[each.item],
            "href": orders_at(seen, "bundle", group="item", name=each.item or ""),
            "in_time_href": orders_at(seen, "in_time", group="item", name=each.item or ""),
            "pieces": _pieces(seen, each.item, tasks[each.item].lines, each.pieces),
            "sentence": _bundle_sentence(each, calendar),
        }
        for each in told.bundles.items
    ]


def _pieces(
    seen: View, item: str | None, lines: Sequence[Any], pieces: Sequence[Any]
) -> list[Values]:
    where = {"group": "item", "name": item or ""}
    late = {piece.name: piece for piece in pieces}
    return [
        {
            "line": line,
            "piece": late.get(line.name),
            "decides_href": orders_at(seen, "decides", task=line.name, **where),
            "late_href": orders_at(seen, "late", task=line.name, **where),
        }
        for line in lines
    ]


def _bundle_sentence(each: Any, calendar: str) -> str:
    if each.median is None or not each.judged:
        return "None of them is complete yet."
    basis = ", ".join(f"{n} by {name}" for name, n in each.basis.items())
    clock = "elapsed time" if calendar == "always" else f"the calendar {calendar}"
    return (
        f"Half are complete within {duration(each.median)}, one in ten later than "
        f"{duration(each.p90 or 0.0)}. {percent(each.in_time / each.judged, 0)} of "
        f"{whole(each.judged)} were complete when due ({basis}; promises in {clock})."
    )
