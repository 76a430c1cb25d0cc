"""The vital few: the groups that hold four fifths of the tickets, hours, users or costs.

Floor 5.
"""

from dataclasses import dataclass, replace
from typing import Any

from opsgauge.analysis.causes.pareto import (
    COST,
    COUNT,
    HOURS,
    LINE,
    MEASURES,
    Few,
    Pareto,
    pareto,
    pareto_rows,
)
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.money import Money, money_words, times
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.tables import TICKETS
from opsgauge.operations.answers import Provenance
from opsgauge.operations.booked import BOOKED_BY, booked, currency_of
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, named, plain
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.pricing import an_hour_waited, beside, rate_json, rate_notes
from opsgauge.operations.small_teams import told_together

USUAL = "category"
SEED = 1
OF_WORDS = {
    COUNT: "tickets",
    HOURS: "hours that tickets lay open",
    "users": "users",
    COST: "costs booked",
}
GROUPS = tuple(c.name for c in TICKETS.columns if c.dimension and c.type == "text")
TEAMS = ("team", "first_team")


@dataclass(frozen=True)
class VitalFew:
    """Groups by what they hold, the largest first.

    Attributes
    ----------
    together : names that stand for several groups, whose tickets no list shows
    currency : of costs; "" where something else is told, or none is written
    an_hour : what an hour costs that one ticket is open; None where no rate is set
    """

    by: str
    of: str
    chosen: Selection
    found: Pareto
    together: frozenset[str]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    currency: str = ""
    an_hour: Money | None = None

    def sentence(self) -> str:
        """Say how few hold how much."""
        if not self.found.total:
            return f"There are no {OF_WORDS[self.of]} to part"
        few, every = self.found.vital, len(self.found.rows)
        verb = "holds" if few == 1 else "hold"
        return (
            f"{whole(few)} of {whole(every)} groups by {plain(self.by)} {verb} "
            f"{percent(LINE, 0)} of the {OF_WORDS[self.of]}"
        )

    def stability(self) -> str:
        """Say how surely it is these."""
        firm = sum(each.vital and each.stays >= LINE for each in self.found.rows)
        return (
            f"{whole(firm)} of them are among the few in four of five draws of other weeks; two "
            f"such sets have {percent(self.found.overlap, 0)} in common"
        )

    def value_words(self, row: Few) -> str:
        """Return what a group holds, in words."""
        if self.of == COST:
            return Money(row.value, self.currency).words.strip()
        if self.of == HOURS:
            return beside(duration(row.value), money_words(row.value, self.an_hour))
        return whole(row.value)

    def price_notes(self) -> tuple[str, ...]:
        """Return how hours became money; nothing where they are not told, or no rate is set."""
        return rate_notes(self.an_hour, order=False) if self.of == HOURS else ()

    def group_words(self, row: Few) -> str:
        """Return the name of a group."""
        return capfirst(named(row.group, self.by))

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "by": self.by,
            "of": self.of,
            "sentence": self.sentence(),
            "stability": self.stability(),
            "line": LINE,
            "total": self.found.total,
            "vital": self.found.vital,
            "overlap": self.found.overlap,
            "weeks": self.found.weeks,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            **self._priced(),
            "rows": [{**vars(each), **self._money(each)} for each in self.found.rows],
        }

    def _priced(self) -> dict[str, Any]:
        if self.of == COST:
            return {"currency": self.currency}
        return rate_json(self.an_hour if self.of == HOURS else None)

    def _money(self, row: Few) -> dict[str, float | None]:
        priced = self.of == HOURS and self.an_hour is not None
        return {"money": times(row.value, self.an_hour)} if priced else {}


def vital_few(ctx: Context, chosen: Selection, by: str = USUAL, of: str = COUNT) -> VitalFew:
    """Return the groups of a dimension by what they hold.

    Needs `finding:read`.

    Parameters
    ----------
    by : a dimension of tickets; of costs service, team, vendor or kind
    of : count, hours, users or cost

    Raises
    ------
    QueryWrong : tickets or costs have no such groups, or that is not measured
    """
    ctx.require("finding:read")
    if of not in MEASURES:
        raise QueryWrong(f"The few are not told by {of!r}.", hint=did_you_mean(of, MEASURES))
    if of != COST and by not in GROUPS:
        raise QueryWrong(f"Tickets are not grouped by {by!r}.", hint=did_you_mean(by, GROUPS))
    ctx = ctx.holding()
    key = ("vital few", ctx.scope, chosen, by, of)
    if of == COST:
        return ctx.opened().once(key, lambda: _booked_few(ctx, chosen, by))
    found = ctx.opened().once(key, lambda: _vital_few(ctx, chosen, by, of))
    return replace(found, an_hour=an_hour_waited(ctx))


def _booked_few(ctx: Context, chosen: Selection, by: str) -> VitalFew:
    told = by in TEAMS and by in BOOKED_BY
    teams = told_together(ctx, chosen.where) if told else None
    apart = teams if teams is not None and teams.teams else None
    rows = booked(ctx, chosen, by, apart)
    found = pareto(rows, COST, SEED)
    shown, notes = _enough(ctx, found, "bookings")
    return VitalFew(
        by=by,
        of=COST,
        chosen=chosen,
        found=shown,
        together=frozenset([apart.label]) if apart else frozenset(),
        notes=(*([apart.note] if apart else []), *notes),
        provenance=ctx.provenance(),
        currency=currency_of(rows),
    )


def _vital_few(ctx: Context, chosen: Selection, by: str, of: str) -> VitalFew:
    tickets = chosen_tables(ctx, chosen).tickets
    teams = told_together(ctx, meant_of_tickets(ctx, chosen.where))
    apart = by in TEAMS and bool(teams.teams)
    if apart:
        tickets = tickets.mutate(**{by: teams.word(tickets[by])})
    # Read, and not run: of users there are many rows.
    found = pareto(ctx.opened().engine.read(pareto_rows(tickets, by, of)), of, SEED)
    shown, few = _enough(ctx, found, "tickets")
    notes = [*not_there_words(ctx, chosen.where), *([teams.note] if apart else []), *few]
    return VitalFew(
        by=by,
        of=of,
        chosen=chosen,
        found=shown,
        together=frozenset([teams.label]) if apart else frozenset(),
        notes=tuple(notes),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, (by, "opened_at")),
    )


def _enough(ctx: Context, found: Pareto, records: str) -> tuple[Pareto, tuple[str, ...]]:
    """Return the groups of enough records, and a note on those that are left away."""
    below = ctx.workspace.settings.suppress_below
    rows = tuple(each for each in found.rows if each.n >= below)
    gone = len(found.rows) - len(rows)
    note = f"{whole(gone)} groups of fewer than {below} {records} are withheld."
    return replace(found, rows=rows), (note,) if gone else ()
