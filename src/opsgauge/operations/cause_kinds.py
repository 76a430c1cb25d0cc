"""Kinds of cause: ownership, manual steps, gaps of tools, approvals, policy; each with its test.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.causes.kinds import (
    APPROVAL,
    KINDS,
    MANUAL,
    MANY_HANDOFFS,
    MEASURED,
    OWNERSHIP,
    POINTS,
    POLICY,
    SILENT,
    TOOL,
    Cause,
    cause_of,
    marks,
    stratum_rows,
)
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.metrics.behind import LISTED
from opsgauge.operations.answers import Provenance, TicketList
from opsgauge.operations.context import Context
from opsgauge.operations.flow import KEY, Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.meant import not_there_words

STANDS_ON = ("phase", "team", "opened_at", "resolved_at")
# What bears the mark of each, and what must be on record for the test.
MARK_WORDS: Mapping[str, str] = {
    OWNERSHIP: f"changed team {MANY_HANDOFFS} times or more",
    MANUAL: "are the same work as most of their kind, with no update by a program",
    TOOL: "were reported by a person, though programs watch the service",
    APPROVAL: "spent a quarter of their open time or more waiting for approval",
    POLICY: "had their priority or category put right on the way",
}
DOING_WORDS = {MANUAL: "in work", APPROVAL: "waiting for it"}
NEEDS_WORDS: Mapping[str, str] = {
    OWNERSHIP: "the history of teams",
    MANUAL: "who made each update, a person or a program",
    TOOL: "who opened incidents, a person or a program, of services that programs watch",
    APPROVAL: "a state of waiting for approval",
    POLICY: "the history of priority or category",
}


@dataclass(frozen=True)
class CauseKinds:
    """What the data say of each kind of cause."""

    rows: tuple[Cause, ...]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say which kinds the data point to."""
        told = [each.kind for each in self.rows if each.verdict == POINTS]
        if not told:
            return "The data point to none of the five usual kinds of cause"
        last = f" and {told[-1]}" if told[1:] else told[-1]
        return f"The data point to {', '.join(told[:-1])}{last}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence(),
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rows": [{**vars(each), "evidence": evidence_words(each)} for each in self.rows],
        }


def evidence_words(row: Cause) -> str:
    """Say what was counted and what came of it."""
    if row.verdict == SILENT and not row.said:
        return f"There is nothing on record of {NEEDS_WORDS[row.kind]}"
    counted = (
        f"{whole(row.marked)} of {whole(row.said)} tickets ({percent(row.marked / row.said)}) "
        f"{MARK_WORDS[row.kind]}"
    )
    if not row.marked:
        return counted
    if row.kind in MEASURED and row.excess is not None:
        return f"{counted}, {duration(row.excess)} each on average {DOING_WORDS[row.kind]}"
    if row.excess is None or row.low is None or row.high is None:
        return f"{counted}; too few of them have like ones without the mark"
    way = "longer" if row.excess >= 0 else "shorter"
    return (
        f"{counted}; they take {duration(abs(row.excess))} {way} than like ones "
        f"({_signed(row.low)} to {_signed(row.high)})"
    )


def _signed(hours: float) -> str:
    return duration(hours) if hours >= 0 else f"−{duration(-hours)}"


def cause_kinds(ctx: Context, chosen: Selection) -> CauseKinds:
    """Return what the data say of each kind of cause, those they point to first.

    Needs `finding:read`.
    """
    ctx.require("finding:read")
    ctx = ctx.holding()
    return ctx.opened().once(("kinds", ctx.scope, chosen), lambda: _kinds(ctx, chosen))


def _kinds(ctx: Context, chosen: Selection) -> CauseKinds:
    tables, engine = chosen_tables(ctx, chosen), ctx.opened().engine
    below = ctx.workspace.settings.suppress_below
    found = []
    for kind in KINDS:
        cause = cause_of(kind, engine.run(stratum_rows(tables, marks(tables, kind))))
        few = 0 < cause.marked < below
        found.append(replace(cause, marked=0, verdict=SILENT, said=0) if few else cause)
    order = {POINTS: 0, SILENT: 2}
    return CauseKinds(
        tuple(sorted(found, key=lambda each: (order.get(each.verdict, 1), -(each.lost or 0.0)))),
        tuple(not_there_words(ctx, chosen.where)),
        ctx.provenance(),
        let_through(ctx, STANDS_ON),
    )


def kind_tickets(ctx: Context, chosen: Selection, kind: str, page: Page = FIRST_PAGE) -> TicketList:
    """Return the tickets that bear the mark of a kind: as many as its `marked`.

    Needs `finding:read` and `ticket:read`.

    Raises
    ------
    QueryWrong : there is no such kind
    """
    ctx.require("finding:read")
    ctx.require("ticket:read")
    if kind not in KINDS:
        raise QueryWrong(f"There is no kind {kind!r}.", hint=did_you_mean(kind, KINDS))
    tables = chosen_tables(ctx, chosen)

    def rows() -> ir.Table:
        told = marks(tables, kind)
        return tables.tickets.select(*LISTED).semi_join(told.filter(told.mark), KEY)

    about = About(f"Tickets that {MARK_WORDS[kind]}", STANDS_ON)
    ordered = replace(page, sort=page.sort or "-opened_at")
    return list_rows(ctx, ("kind", chosen, kind), rows, ordered, about)
