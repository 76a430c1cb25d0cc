"""The temporal profile as an answer: usual times between steps, and the tickets far outside.

Floor 5.
"""

from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.conformance.times import (
    EARLY,
    LATE,
    K,
    PairTime,
    by_chance,
    pair_counts,
    pairs_of,
    placed_rows,
    time_rows,
    unusual_times,
)
from opsgauge.foundation.errors import QueryWrong, UnknownColumn, UnknownName, did_you_mean
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.policies.reading import STEPS
from opsgauge.operations.answers import Provenance, TicketList
from opsgauge.operations.conformance.rules import ACTION, EVERY_NUMBER
from opsgauge.operations.context import Context
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import KEY, Selection, chosen_tables
from opsgauge.operations.found import published_finding
from opsgauge.operations.gate import let_through
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.meant import not_there_words
from opsgauge.warehouse.portable import hours_of

LARGEST_K = 10.0
LONGEST_FIRST = "-took_hours"
PLACES = {LATE: "took longer than usual", EARLY: "took less than usual", "": "went that way"}


@dataclass(frozen=True)
class Profiled:
    """How times between steps are looked at: by which steps, how far out is far."""

    steps: str = "phase"
    k: float = K

    def check(self) -> None:
        """Refuse what cannot be.

        Raises
        ------
        UnknownColumn, QueryWrong : there are no such steps, or no such distance
        """
        if self.steps not in STEPS:
            raise UnknownColumn(
                f"Times are not looked at by {self.steps!r}.", hint=did_you_mean(self.steps, STEPS)
            )
        if not isfinite(self.k) or not 1 <= self.k <= LARGEST_K:
            raise QueryWrong(
                f"{self.k:g} deviations are no distance to look at.",
                hint=f"Choose from 1 to {LARGEST_K:g}; {K:g} is usual.",
            )


@dataclass(frozen=True)
class Times:
    """Usual times between steps, the pairs with most hours beyond them first."""

    asked: Profiled
    pairs: tuple[PairTime, ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say it in one sentence."""
        if not self.pairs:
            return "No two steps have enough tickets between them to say what is usual"
        if not self.findings:
            return "No time between steps is unusual more often than by chance"
        worst = self.findings[0]
        pair = next(each for each in self.pairs if worst.id.endswith(f"{each.from_}-{each.to}"))
        return (
            f"From {pair.from_} to {pair.to}, {whole(pair.late)} of {whole(pair.n)} tickets take "
            f"unusually long: {whole(pair.over_hours)} hours beyond the usual"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "steps": self.asked.steps,
            "k": self.asked.k,
            "late_by_chance": by_chance(self.asked.k),
            "sentence": f"{self.sentence()}.",
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "pairs": [each.as_json() for each in self.pairs],
            "findings": [published_finding(each) for each in self.findings],
        }


def times(ctx: Context, asked: Profiled, chosen: Selection | None = None) -> Times:
    """Return how long it takes from step to step, and how often it is unusual.

    Needs `conformance:read`.

    Raises
    ------
    UnknownColumn, QueryWrong : it cannot be asked so
    """
    ctx.require(ACTION)
    asked.check()
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    key = ("times between steps", ctx.scope, asked, chosen)
    return ctx.opened().once(key, lambda: _times(ctx, asked, chosen))


def _times(ctx: Context, asked: Profiled, chosen: Selection | None) -> Times:
    rows = ctx.opened().engine.run(pair_counts(_placed(ctx, asked, chosen))).to_pylist()
    below = ctx.workspace.settings.suppress_below
    pairs = [each for each in pairs_of(rows) if each.n >= below]
    provenance = ctx.provenance()
    evidence = Evidence(
        f"Times between steps by {asked.steps}{chosen_words(chosen)}", provenance.data_version
    )
    return Times(
        asked=asked,
        pairs=tuple(pairs),
        findings=tuple(unusual_times(pairs, asked.k, evidence)),
        provenance=provenance,
        suspect=let_through(ctx, (asked.steps, "opened_at")),
        notes=not_there_words(ctx, chosen.where) if chosen else (),
    )


def _placed(ctx: Context, asked: Profiled, chosen: Selection | None) -> ir.Table:
    return placed_rows(time_rows(chosen_tables(ctx, chosen).history, asked.steps), asked.k)


@dataclass(frozen=True)
class TimesBehind:
    """Which number's tickets: from which step to which; late, early, or "" for all of the pair."""

    from_: str
    to: str
    place: str = LATE


def time_tickets(
    ctx: Context,
    asked: Profiled,
    behind: TimesBehind,
    chosen: Selection | None = None,
    page: Page = FIRST_PAGE,
) -> TicketList:
    """Return the tickets behind a number of a pair of steps, the longest first.

    Needs `conformance:read` and `metric:read`.

    Raises
    ------
    UnknownName : of no such pair is anything told
    QueryWrong : there is no such place
    """
    ctx.require("metric:read")
    told = times(ctx, asked, chosen)
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    if behind.place not in PLACES:
        raise QueryWrong(
            f"Times are not {behind.place!r}.", hint=did_you_mean(behind.place, (LATE, EARLY))
        )
    pair = next((p for p in told.pairs if (p.from_, p.to) == (behind.from_, behind.to)), None)
    if pair is None:
        raise UnknownName(
            f"Of the time from {behind.from_!r} to {behind.to!r} nothing is told.",
            hint="See opsgauge conformance times.",
        )
    n = {LATE: pair.late, EARLY: pair.early}.get(behind.place, pair.n)
    tickets = "1 ticket" if n == 1 else f"{whole(n)} tickets"
    about = About(
        f"From {pair.from_} to {pair.to}: {tickets} that {PLACES[behind.place]}",
        (asked.steps, "opened_at"),
    )
    return list_rows(
        ctx,
        ("times between steps", asked, behind, chosen),
        partial(_listed, ctx, asked, behind, chosen),
        replace(page, sort=page.sort or LONGEST_FIRST),
        about,
    )


def _listed(
    ctx: Context, asked: Profiled, behind: TimesBehind, chosen: Selection | None
) -> ir.Table:
    rows = _placed(ctx, asked, chosen)
    rows = rows.filter((rows.from_ == behind.from_) & (rows.to == behind.to))
    rows = rows.filter(rows.place == behind.place) if behind.place else rows
    tickets = chosen_tables(ctx, chosen).tickets.select(*KEY, "practice", "priority", "team")
    told = rows.select(*KEY, "since", "place", took_hours=hours_of(rows.took_us))
    return told.join(tickets, KEY).select(
        *KEY, "practice", "priority", "team", "since", "place", "took_hours"
    )


def chance_words(k: float) -> str:
    """Say how many are late by chance."""
    return f"{percent(by_chance(k), 2)} would be by chance where logarithms are normal"
