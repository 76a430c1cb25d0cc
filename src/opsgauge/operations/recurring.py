"""Isolated or repeated: which trouble comes again, how often, and where it is held up.

Floor 5.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from opsgauge.analysis.causes.recurrence import (
    MORE,
    NAMED,
    REPEATED,
    Cluster,
    Recurrence,
    clustered,
    position_rows,
    recurrence,
    week_rows,
)
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import whole
from opsgauge.log.periods import start_of_day
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import not_there_words
from opsgauge.warehouse.portable import micros_at

DAYS, MOST_DAYS, LOOK_BACK = 28, 182, 364
MOST_SHOWN = 30
PRACTICE, INCIDENT = "practice", "incident"
PLACE_WORDS = {
    "upstream": "before the team that solved it had it",
    "own": "with the team that solved it",
    "downstream": "waiting for others",
    "": "nowhere longer than others",
}


@dataclass(frozen=True)
class Recurring:
    """Clusters of tickets, those that come more often than expected first.

    Attributes
    ----------
    chosen : of which tickets, the practice among it
    since : the first day of lately
    """

    chosen: Selection
    days: int
    since: date
    found: Recurrence
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say how much of it comes again."""
        if not self.found.n:
            return "No ticket names an item or a service, so nothing can come again"
        more = sum(each.verdict == MORE for each in self.found.rows)
        again = self.found.n - self.found.alone_tickets
        kinds = "1 kind" if more == 1 else f"{whole(more) if more else 'no'} kinds"
        return (
            f"{whole(again)} of {whole(self.found.n)} tickets are of trouble met {REPEATED} times "
            f"or more; in the last {self.days} days {kinds} of it came more often than expected"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        found = self.found
        return {
            "sentence": self.sentence(),
            "days": self.days,
            "since": self.since.isoformat(),
            "n": found.n,
            "isolated_clusters": found.alone,
            "isolated_tickets": found.alone_tickets,
            "dispersion": found.dispersion,
            "all_hours": dict(vars(found.others)) if found.others else None,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rows": [
                {
                    **{name: value for name, value in vars(each).items() if name != "named"},
                    **dict(zip(NAMED, each.named, strict=True)),
                    "position": dict(vars(each.position)) if each.position else None,
                }
                for each in found.rows
            ],
        }


def cluster_conditions(row: Cluster) -> tuple[Condition, ...]:
    """Return the conditions that the tickets of a cluster meet, and no others of those chosen.

    Examples
    --------
    >>> row = Cluster(("web", None, "Mail", None), 3, 1, 1.0, 1.0, "as usual", 2.0)
    >>> [each.sentence() for each in cluster_conditions(row)]
    ['configuration_item is web', 'category is Mail', 'subcategory is missing']
    """
    item = row.named[0]
    told = zip(NAMED, row.named, strict=True)
    return tuple(Condition(n, (v,)) for n, v in told if not (n == "service" and item is not None))


def cluster_words(row: Cluster) -> str:
    """Return a cluster as one says it.

    Examples
    --------
    >>> cluster_words(Cluster(("web", None, "Mail", "Slow"), 3, 1, 1.0, 1.0, "as usual", 2.0))
    'web: Mail, Slow'
    """
    item, service, *kinds = row.named
    said = ", ".join(each for each in kinds if each)
    return f"{item or service}: {said or 'no category'}"


def recurring(ctx: Context, chosen: Selection, days: int = DAYS) -> Recurring:
    """Return which trouble comes again.

    Needs `finding:read`. Of incidents, where no practice is chosen.

    Parameters
    ----------
    days : how long lately is, to the end of the records or of what is chosen

    Raises
    ------
    QueryWrong : no such length
    """
    ctx.require("finding:read")
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint=f"Such as {DAYS}.")
    ctx = ctx.holding()
    usual = not any(each.column == PRACTICE for each in chosen.where)
    if usual:
        chosen = replace(chosen, where=(*chosen.where, Condition(PRACTICE, (INCIDENT,))))
    key = ("recurring", ctx.scope, chosen, days)
    found = ctx.opened().once(key, lambda: _recurring(ctx, chosen, days))
    note = "Of incidents alone, since no kind of record is chosen."
    return replace(found, notes=(note, *found.notes)) if usual else found


def _recurring(ctx: Context, chosen: Selection, days: int) -> Recurring:
    opened = ctx.opened()
    last = min(chosen.to or date.max, opened.periods.date_of(opened.watermark))
    since = last - timedelta(days=days - 1)
    began = opened.periods.date_of(opened.version.earliest or opened.watermark)
    first = max(chosen.from_ or began, began, since - timedelta(days=LOOK_BACK))
    chosen = replace(chosen, from_=first, to=last)
    tables = chosen_tables(ctx, chosen)
    rows = clustered(tables.tickets)
    recent_us = micros_at(start_of_day(since, ctx.workspace.zone))
    found = recurrence(
        opened.engine.read(week_rows(rows, recent_us)),
        opened.engine.read(position_rows(rows, tables.history)),
        (since - first).days,
        days,
    )
    below = ctx.workspace.settings.suppress_below
    shown = tuple(each for each in found.rows if each.n >= below)
    notes = list(not_there_words(ctx, chosen.where))
    if len(shown) > MOST_SHOWN:
        notes.append(f"{whole(len(shown) - MOST_SHOWN)} more come again and are not shown.")
    return Recurring(
        chosen,
        days,
        since,
        replace(found, rows=shown[:MOST_SHOWN]),
        tuple(notes),
        ctx.provenance(),
        let_through(ctx, ("configuration_item", "service", "category", "opened_at")),
    )
