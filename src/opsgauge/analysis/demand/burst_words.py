"""What bursts are as findings, with the change or release that may have brought them.

Floor 4, analysis. A change is named where the burst's own tickets name it as their cause; without
such ties, those are counted that were done for the same services in the days before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir

from opsgauge.analysis.demand.bursts import Burst
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import whole
from opsgauge.warehouse.portable import micros

AFTER_CHANGE, BURST, METHOD = "incidents_after_change", "burst", "scan_statistic"
LEAST_TIED = 3  # tickets that name one change, for it to be named
DAYS_BEFORE = timedelta(days=3)


@dataclass(frozen=True)
class Cause:
    """A change that tickets of a burst name as their cause, and how many do."""

    record: str
    tickets: int


def cause_rows(
    tickets: ir.Table, links: ir.Table, burst: Burst, between_us: tuple[int, int]
) -> ir.Table:
    """Count what the tickets of a burst name as their cause: to_id, n, the most often first."""
    low, high = between_us
    opened = micros(tickets.opened_at)
    own = tickets.filter(
        (tickets.practice == burst.practice)
        & (tickets.category == burst.category)
        & (opened >= low)
        & (opened < high)
    )
    tied = links.filter(links.kind == "caused_by").semi_join(own, ["source", "ticket_id"])
    counted = tied.group_by("to_id").aggregate(n=tied.count())
    return counted.order_by([counted.n.desc(), counted.to_id]).limit(1)


def burst_finding(
    burst: Burst, causes: Sequence[Mapping[str, object]], evidence: Evidence
) -> Finding:
    """Return a burst as a finding.

    Parameters
    ----------
    causes : what `cause_rows` gave
    """
    cause = next((_cause(row) for row in causes), None)
    named = cause is not None and cause.tickets >= LEAST_TIED
    what = f"{burst.practice}s of ‘{burst.category}’"
    days = (burst.last - burst.first).days + 1
    when = (
        f"on {_day(burst.first)}"
        if days == 1
        else (f"from {_day(burst.first)} to {_day(burst.last)}")
    )
    because = (
        f"; {whole(cause.tickets)} of them name {cause.record} as their cause"
        if (cause is not None and named)
        else ""
    )
    return Finding(
        id=f"{BURST}-{burst.practice}-{burst.category}-{burst.first}",
        kind=AFTER_CHANGE if named else BURST,
        lane=Lane.DEMAND,
        claim=(
            f"{whole(burst.tickets)} {what} came {when}, where {whole(burst.usual)} are usual"
            f"{because}."
        ),
        size=burst.tickets - burst.usual,
        unit="tickets",
        interval=None,
        n=burst.tickets,
        method=METHOD,
        evidence=evidence,
        caveats=(
            f"{whole(burst.looked)} categories were looked at, on all days, in stretches of up to "
            "fourteen; that is taken into account.",
            "Usual is the category's part of the months around, of what the other categories "
            "brought in those days.",
        ),
        about=(f"practice={burst.practice}", f"category={burst.category}"),
        odds=burst.odds,
        look_next=_look_next(cause.record if cause is not None and named else "", burst),
        within=(burst.first, burst.last),
    )


def _cause(row: Mapping[str, object]) -> Cause:
    return Cause(str(row["to_id"]), int(str(row["n"])))


def _look_next(record: str, burst: Burst) -> str:
    if record:
        return (
            f"Look at {record}: what was tested before it went live, and whether the next one of "
            "its kind can be tried with few people first."
        )
    since = _day(burst.first - DAYS_BEFORE)
    return (
        f"Look at the changes and releases done from {since} on, and read five of the tickets: "
        "what do they have in common?"
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
