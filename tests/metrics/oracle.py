"""The built-in metrics told again in plain Python, to check what engines answer.

Slow and simple on purpose: every ticket is asked by itself, by its updates, without a query.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

from opsgauge.log.periods import Periods, dates_of, instants_between, label_of, labels_between
from opsgauge.log.vocabulary import DONE_PHASES
from tests.metrics.desks import Life, ticket_of

HOUR = timedelta(hours=1)
Ticket = dict[str, Any]
Groups = dict[tuple[str | None, ...], list[float]]


def quantile(values: Sequence[float], q: float) -> float:
    """Linear interpolation between neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * q
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def statistic(name: str, values: Sequence[float]) -> float:
    """Return the statistic of that name."""
    if name == "mean":
        return mean(values)
    return quantile(values, 0.5 if name == "median" else int(name[1:]) / 100)


@dataclass(frozen=True)
class Told:
    """How one metric counts: what dates a ticket, and what it adds (None: not counted)."""

    dated: str
    adds: Callable[[Ticket], float | None]


def _hours(start: str, end: str) -> Callable[[Ticket], float | None]:
    def hours(ticket: Ticket) -> float | None:
        begin, done = ticket.get(start), ticket.get(end)
        return None if begin is None or done is None else (done - begin) / HOUR

    return hours


TOLD = {
    "tickets_opened": Told("opened_at", lambda t: 1),
    "tickets_resolved": Told("resolved_at", lambda t: 1),
    "tickets_closed": Told("closed_at", lambda t: 1),
    "time_to_resolve": Told("resolved_at", _hours("opened_at", "resolved_at")),
    "time_to_close": Told("closed_at", _hours("opened_at", "closed_at")),
    "time_to_assign": Told("assigned_at", _hours("opened_at", "assigned_at")),
    "time_to_first_response": Told("first_response_at", _hours("opened_at", "first_response_at")),
    "reopened_share": Told("opened_at", lambda t: t["reopen_count"] >= 1),
    "reassigned_share": Told("opened_at", lambda t: t["handoff_count"] >= 1),
    "handoffs_per_ticket": Told("opened_at", lambda t: t["handoff_count"]),
    "first_assignment_resolution_share": Told("resolved_at", lambda t: t["handoff_count"] == 0),
    "sla_met_share": Told("opened_at", lambda t: t["sla_met"]),
    "pending_user_time": Told(
        "resolved_at", lambda t: t["pending_user_us"] / 3.6e9 if t["pending_user_us"] else None
    ),
    "updates_per_ticket": Told("opened_at", lambda t: t["update_count"]),
    "cancelled_share": Told("opened_at", lambda t: t["phase"] in ("cancelled", "rejected")),
    "major_share": Told("opened_at", lambda t: t["major"] is True),
    "knowledge_used_share": Told("opened_at", lambda t: t["knowledge_used"] is True),
}


def tickets_of(lives: Sequence[Life]) -> list[Ticket]:
    """Return the tickets of lives, with the number of updates."""
    return [{**ticket_of(life), "update_count": len(life.steps)} for life in lives]


def dated(
    name: str, lives: Sequence[Life], periods: Periods, grain: str, by: Sequence[str]
) -> Groups:
    """Return what tickets add to a metric, by period and dimensions."""
    told, groups = TOLD[name], Groups()
    for ticket in tickets_of(lives):
        moment, adds = ticket.get(told.dated), told.adds(ticket)
        if moment is None or adds is None:
            continue
        label = label_of(periods.date_of(moment), grain)
        groups.setdefault((label, *(_word(ticket[d]) for d in by)), []).append(float(adds))
    return groups


def _word(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def stock(
    lives: Sequence[Life], periods: Periods, watermark: datetime, grain: str, by: Sequence[str]
) -> Groups:
    """Return the ages of open tickets when each period ends, by period and dimensions then."""
    groups = Groups()
    begin, last = (periods.date_of(moment) for moment in (periods.first, watermark))
    for label in labels_between(begin, last, grain):
        end = instants_between(*dates_of(label), periods.zone)[1]
        # A period counts what happened before its end; the newest, all that is known.
        seen = end - timedelta(microseconds=1) if end <= watermark else watermark
        for life in lives:
            past = life.until(seen)
            if life.opened > seen or (past.steps and past.steps[-1].phase in DONE_PHASES):
                continue
            ticket = ticket_of(replace(life, steps=past.steps or life.steps[:1]))
            then = {d: _word(ticket[d]) if past.steps else ticket.get(d) for d in by}
            if not past.steps:
                then |= {d: None for d in by if d == "team"}
            age = (min(end, watermark) - life.opened) / HOUR
            groups.setdefault((label, *then.values()), []).append(age)
    return groups
