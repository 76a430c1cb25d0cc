"""Isolated or repeated: which trouble comes again, how often, and where it is held up.

Floor 5.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opsgauge.analysis.causes.delay_place import KEY, delays
from opsgauge.analysis.causes.recurrence import (
    ALIKE,
    MORE,
    NAMED,
    REPEATED,
    Cluster,
    Recurrence,
    codes_of,
    recurrence,
)
from opsgauge.analysis.causes.symptoms import telling
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import whole
from opsgauge.log.periods import start_of_day
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import not_there_words
from opsgauge.operations.troubles import Holder, Read, delay_json, read_troubles, spent_of
from opsgauge.warehouse.portable import micros_at

DAYS, MOST_DAYS = 28, 182
MOST_SHOWN = 30
PRACTICE, INCIDENT = "practice", "incident"
COUNTS = ("n", "recent", "expected", "rate", "verdict", "hours")
BY_CATEGORY = (
    "No description is kept, so the same trouble is the same category and subcategory; "
    "keep_text = true in the settings keeps descriptions from the next import on."
)


@dataclass(frozen=True)
class Recurring:
    """Clusters of tickets, those that come more often than expected first.

    Attributes
    ----------
    chosen : of which tickets, the practice among it
    since : the first day of lately
    by_words : whether descriptions are kept, and tell what is the same trouble
    holders : of each row who or what holds most of its delay, where that can be told
    firsts : of each row the source and number of its first ticket
    """

    chosen: Selection
    days: int
    since: date
    found: Recurrence
    by_words: bool
    holders: tuple[Holder | None, ...]
    firsts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say how much of it comes again."""
        if not self.found.n:
            return "No ticket names an item or a service, so nothing can come again"
        more = sum(each.verdict == MORE for each in self.found.rows)
        again = self.found.n - self.found.alone_tickets
        kinds = "no kind" if not more else "1 kind" if more == 1 else f"{whole(more)} kinds"
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
            "by": "words" if self.by_words else "category",
            "n": found.n,
            "isolated_clusters": found.alone,
            "isolated_tickets": found.alone_tickets,
            "dispersion": found.dispersion,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rows": [
                {
                    **dict(zip(NAMED, row.named, strict=True)),
                    "words": list(row.words),
                    "first_source": first[0],
                    "first_ticket": first[1],
                    **{name: getattr(row, name) for name in COUNTS},
                    "delay": delay_json(row.delay, holder) if row.delay else None,
                }
                for row, holder, first in zip(found.rows, self.holders, self.firsts, strict=True)
            ],
        }


def cluster_conditions(row: Cluster) -> tuple[Condition, ...]:
    """Return the conditions that the tickets of a cluster meet, and no others of those chosen.

    Where trouble is told by category; that of descriptions meets more than conditions can say.

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
    said = ", ".join(each for each in (row.words or kinds) if each)
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
    ctx = ctx.holding()
    meant = asked_of(chosen, days)
    found = ctx.opened().once(
        ("recurring", ctx.scope, meant, days), lambda: _recurring(ctx, meant, days)
    )
    note = "Of incidents alone, since no kind of record is chosen."
    return found if meant == chosen else replace(found, notes=(note, *found.notes))


def asked_of(chosen: Selection, days: int) -> Selection:
    """Return which tickets are meant: incidents, where no practice is chosen.

    Raises
    ------
    QueryWrong : no such length
    """
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint=f"Such as {DAYS}.")
    if any(each.column == PRACTICE for each in chosen.where):
        return chosen
    return replace(chosen, where=(*chosen.where, Condition(PRACTICE, (INCIDENT,))))


def _recurring(ctx: Context, chosen: Selection, days: int) -> Recurring:
    read = read_troubles(ctx, chosen, days)
    recent_us = micros_at(start_of_day(read.since, ctx.workspace.zone))
    began = read.chosen.from_ or read.since
    counted = recurrence(read.found, read.rows, recent_us, (read.since - began).days, days)
    below = ctx.workspace.settings.suppress_below
    every = tuple(each for each in counted.rows if each.n >= below)
    notes = list(not_there_words(ctx, chosen.where))
    if read.vocabulary is None:
        notes.append(BY_CATEGORY)
    if len(every) > MOST_SHOWN:
        notes.append(f"{whole(len(every) - MOST_SHOWN)} more come again and are not shown.")
    holders, together, spent = spent_of(ctx, read)
    if together.note:
        notes.append(together.note)
    lost = delays(read.found.of, codes_of(read.rows, ALIKE), spent)
    rows = []
    for each in every[:MOST_SHOWN]:
        delay = lost.get(each.trouble)
        if delay and delay.position.n < below:
            delay = None
        words: tuple[str, ...] = ()
        if read.vocabulary and read.found.worded[each.trouble]:
            words = telling(read.vocabulary, read.found.of == each.trouble)
        rows.append(replace(each, words=words, delay=delay))
    return Recurring(
        chosen=read.chosen,
        days=days,
        since=read.since,
        found=replace(counted, rows=tuple(rows)),
        by_words=read.vocabulary is not None,
        holders=tuple(
            None
            if delay is None or delay.holder < 0 or delay.holder_n < below
            else holders[delay.holder]
            for delay in (each.delay for each in rows)
        ),
        firsts=tuple(_first(read, each.trouble) for each in rows),
        notes=tuple(notes),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, ("configuration_item", "service", "category", "opened_at")),
    )


def _first(read: Read, trouble: int) -> tuple[str, str]:
    [row] = read.rows.select(KEY).slice(read.found.first[trouble], 1).to_pylist()
    return row["source"], row["ticket_id"]
