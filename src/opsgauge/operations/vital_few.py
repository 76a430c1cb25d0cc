"""The vital few: the groups that hold four fifths of the tickets, hours or users.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.causes.pareto import COUNT, LINE, MEASURES, Few, Pareto, pareto, pareto_rows
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.tables import TICKETS
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, named, plain
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.small_teams import told_together

USUAL = "category"
SEED = 1
OF_WORDS = {COUNT: "tickets", "hours": "hours that tickets lay open", "users": "users"}
GROUPS = tuple(c.name for c in TICKETS.columns if c.dimension and c.type == "text")
TEAMS = ("team", "first_team")


@dataclass(frozen=True)
class VitalFew:
    """Groups by what they hold, the largest first.

    Attributes
    ----------
    together : names that stand for several groups, whose tickets no list shows
    """

    by: str
    of: str
    chosen: Selection
    found: Pareto
    together: frozenset[str]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

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
        return duration(row.value) if self.of == "hours" else whole(row.value)

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
            "rows": [dict(vars(each)) for each in self.found.rows],
        }


def vital_few(ctx: Context, chosen: Selection, by: str = USUAL, of: str = COUNT) -> VitalFew:
    """Return the groups of a dimension by what they hold.

    Needs `finding:read`.

    Parameters
    ----------
    by : a dimension of tickets
    of : count, hours or users

    Raises
    ------
    QueryWrong : tickets have no such groups, or that is not measured
    """
    ctx.require("finding:read")
    if by not in GROUPS:
        raise QueryWrong(f"Tickets are not grouped by {by!r}.", hint=did_you_mean(by, GROUPS))
    if of not in MEASURES:
        raise QueryWrong(f"The few are not told by {of!r}.", hint=did_you_mean(of, MEASURES))
    ctx = ctx.holding()
    key = ("vital few", ctx.scope, chosen, by, of)
    return ctx.opened().once(key, lambda: _vital_few(ctx, chosen, by, of))


def _vital_few(ctx: Context, chosen: Selection, by: str, of: str) -> VitalFew:
    tickets = chosen_tables(ctx, chosen).tickets
    teams = told_together(ctx, meant_of_tickets(ctx, chosen.where))
    apart = by in TEAMS and bool(teams.teams)
    if apart:
        tickets = tickets.mutate(**{by: teams.word(tickets[by])})
    # Read, and not run: of users there are many rows.
    found = pareto(ctx.opened().engine.read(pareto_rows(tickets, by, of)), of, SEED)
    rows, gone = _enough(found, ctx.workspace.settings.suppress_below)
    notes = [*not_there_words(ctx, chosen.where), *([teams.note] if apart else [])]
    if gone:
        below = ctx.workspace.settings.suppress_below
        notes.append(f"{whole(gone)} groups of fewer than {below} tickets are withheld.")
    return VitalFew(
        by=by,
        of=of,
        chosen=chosen,
        found=Pareto(rows, found.total, found.overlap, found.weeks),
        together=frozenset([teams.label]) if apart else frozenset(),
        notes=tuple(notes),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, (by, "opened_at")),
    )


def _enough(found: Pareto, below: int) -> tuple[tuple[Few, ...], int]:
    """Return the groups of enough tickets, and how many are left away."""
    rows = tuple(each for each in found.rows if each.n >= below)
    return rows, len(found.rows) - len(rows)
