"""The tables that questions about waiting start from, and what all their answers share.

Floor 5. Teams of few people are one team together, in histories and tickets alike, before anything
is counted: so what is handed about among them is no handoff, and the parts add up.
"""

from dataclasses import dataclass, replace
from typing import Any

from opsgauge.analysis.waiting.steps import Name, columns_of
from opsgauge.foundation.finding import Evidence
from opsgauge.log.door import LogTables
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.small_teams import Together, small_teams, told_together

STANDS_ON = ("phase", "team", "opened_at", "resolved_at")  # as in `find`


@dataclass(frozen=True)
class Told:
    """What every answer about waiting says beside its numbers."""

    provenance: Provenance
    suspect: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
        }


def tables_of(ctx: Context, chosen: Selection | None) -> tuple[LogTables, Together]:
    """Return the tables of the tickets chosen, with teams of few people as one.

    Raises
    ------
    QueryWrong : they are chosen by a team of which nothing is told
    """
    tables, together = chosen_tables(ctx, chosen), together_of(ctx, chosen)
    if not together.teams:
        return tables, together
    history, tickets = tables.history, tables.tickets
    return (
        replace(
            tables,
            history=history.mutate(
                team=together.word(history.team), next_team=together.word(history.next_team)
            ),
            tickets=tickets.mutate(team=together.word(tickets.team)),
        ),
        together,
    )


def together_of(ctx: Context, chosen: Selection | None) -> Together:
    """Return which teams answers about the tickets chosen tell together."""
    if small_teams(ctx).fewest <= 1:
        return Together()
    return told_together(ctx, meant_of_tickets(ctx, chosen.where) if chosen else ())


def told(
    ctx: Context,
    chosen: Selection | None,
    together: Together,
    columns: tuple[str, ...] = STANDS_ON,
    notes: tuple[str, ...] = (),
) -> Told:
    """Return from what an answer comes, and what to know of it."""
    missing = not_there_words(ctx, chosen.where if chosen else ())
    withheld = (together.note,) if together.note else ()
    return Told(ctx.provenance(), let_through(ctx, columns), (*notes, *missing, *withheld))


def evidence(ctx: Context, question: str, chosen: Selection | None) -> Evidence:
    """Return what it takes to get an answer again."""
    return Evidence(f"{question}{chosen_words(chosen)}", ctx.provenance().data_version)


def words_of(name: Name, steps: str) -> str:
    """Return a step in words.

    Examples
    --------
    >>> words_of(("Desk", "in_progress"), "team_phase"), words_of((None,), "team")
    ('Desk, in progress', 'No team')
    """
    said = [
        f"no {plain(kind)}" if part is None else plain(part) if kind == "phase" else part
        for part, kind in zip(name, columns_of(steps), strict=True)
    ]
    return capfirst(", ".join(said))
