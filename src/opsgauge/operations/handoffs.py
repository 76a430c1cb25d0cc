"""What teams hand to one another, what goes with it, and what becomes of it.

Floor 5. The arithmetic is in `analysis.waiting`; teams of few people are told together.
"""

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.mining.thresholds import thresholds
from opsgauge.analysis.waiting import completeness as given
from opsgauge.analysis.waiting import handoffs as handed
from opsgauge.analysis.waiting import outcomes as became
from opsgauge.analysis.waiting.bottlenecks import FEWEST_CASES
from opsgauge.analysis.waiting.notes import written
from opsgauge.analysis.waiting.strata import Gap
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_MINUTE, amount, durations, percent, whole
from opsgauge.log.door import LogTables
from opsgauge.log.related import NOTES
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plain
from opsgauge.operations.flow import Selection
from opsgauge.operations.waiting_tables import Told, tables_of, told

PART_WORDS = {given.NOTE: "a note", given.FILES: "a file"}


def words_of_part(name: str) -> str:
    """Return what can go with a handoff, in words."""
    return PART_WORDS.get(name) or plain(name)


def compared_words(part: given.Part) -> str:
    """Return how many handoffs without a part were held against others, or why none was.

    Examples
    --------
    >>> compared_words(given.Part("note", handoffs=9, of=9, idle=None, back=None))
    'all had it'
    """
    if part.back:
        return whole(part.back.compared)
    return "all had it" if part.handoffs == part.of else "too few"


def gap_words(found: Gap, unit: str) -> list[str]:
    """Return what those without a part have, those with it, the difference, and its interval.

    Examples
    --------
    >>> found = Gap(compared=9, mean=10.6, others=10.2, low=-1.5, high=2.3)
    >>> gap_words(found, "hours")
    ['10.6 h', '10.2 h', '0.4 h', '−1.5 h to 2.3 h']
    >>> gap_words(Gap(9, mean=0.25, others=0.22, low=0.01, high=0.05), "share")[2:]
    ['3 points', '1 to 5 points']
    """
    means, more = (found.mean, found.others), (found.difference, found.low, found.high)
    if unit == "hours":
        without, with_, differs, low, high = durations((*means, *more), like=means)
        return [without, with_, differs, f"{low} to {high}"]
    differs, low, high = (amount(100 * each, "points") for each in more)
    return [*(percent(each) for each in means), f"{differs} points", f"{low} to {high} points"]


@dataclass(frozen=True)
class Handoffs:
    """What teams hand to one another, and what becomes of it.

    Attributes
    ----------
    flows : the matrix; `nodes` the same by team; `pairs` those with direct returns
    outcomes : resolved tickets by how often they were handed over
    completeness : handoffs by how many of `parts` went with them
    lacks : for each of `parts`, what goes with its lack
    lacking : of what would say whether a handoff was complete, what none had or what nobody knows
    noted : of which handoffs notes are known, in words
    """

    flows: tuple[handed.Flow, ...]
    nodes: tuple[handed.Node, ...]
    pairs: tuple[handed.PingPong, ...]
    outcomes: tuple[became.Outcome, ...]
    completeness: tuple[given.Completeness, ...]
    lacks: tuple[given.Part, ...]
    lacking: tuple[str, ...]
    noted: str
    told: Told

    @property
    def parts(self) -> tuple[str, ...]:
        """What a handoff can have that any had."""
        return tuple(each.name for each in self.lacks)

    @property
    def all_known_words(self) -> str:
        """Say of how many handoffs every part is known; empty where it is of all."""
        every = sum(each.handoffs for each in self.flows)
        told_of = sum(each.handoffs for each in self.completeness)
        if told_of == every:
            return ""
        return f"All parts are known of {whole(told_of)} of {whole(every)} handoffs."

    @property
    def sentence(self) -> str:
        """How much is handed over, in words."""
        sums = handed.totals(self.flows)
        if not sums["handoffs"]:
            return "No ticket was handed from one team to another"
        back = percent(sums["back"] / sums["handoffs"], 0)
        return (
            f"{whole(sums['handoffs'])} handoffs between {whole(len(self.nodes))} teams: "
            f"{whole(sums['idle_hours'])} hours lay until the next update, {back} went "
            "straight back"
        )

    def star(self, team: str) -> tuple[tuple[handed.Flow, ...], tuple[handed.Flow, ...]]:
        """Return what came to a team and what went from it, the most first.

        Raises
        ------
        QueryWrong : no handoff is of that team
        """
        into = tuple(flow for flow in self.flows if flow.to == team)
        out = tuple(flow for flow in self.flows if flow.from_ == team)
        if not into and not out:
            raise QueryWrong(f"Nothing was handed to or from {team!r}.")
        return into, out

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            **handed.totals(self.flows),
            **self.told.as_json(),
            "rows": [_flow(each) for each in self.flows],
            "teams": [dict(vars(each)) for each in self.nodes],
            "ping_pong": [{**vars(each), "teams": list(each.teams)} for each in self.pairs],
            "outcomes": [_outcome(each) for each in self.outcomes],
            "parts": list(self.parts),
            "lacking": list(self.lacking),
            "noted": self.noted,
            "completeness": [dict(vars(each)) for each in self.completeness],
            "lacks": [_lack(each) for each in self.lacks],
        }


def _flow(flow: handed.Flow) -> dict[str, Any]:
    others = {name: value for name, value in vars(flow).items() if name != "from_"}
    return {
        "from": flow.from_,
        **others,
        "idle_mean_hours": flow.idle_mean,
        "held_mean_hours": flow.held_mean,
    }


def _outcome(outcome: became.Outcome) -> dict[str, Any]:
    low, high = outcome.kept_interval
    return {**vars(outcome), "kept_low": low, "kept_high": high}


def _lack(part: given.Part) -> dict[str, Any]:
    return {
        "part": part.name,
        "handoffs": part.handoffs,
        "of": part.of,
        "idle_hours": _gap(part.idle),
        "straight_back": _gap(part.back),
    }


def _gap(found: Gap | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "compared": found.compared,
        "without": found.mean,
        "with": found.others,
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
    }


def handoffs(ctx: Context, chosen: Selection | None = None) -> Handoffs:
    """Return what teams hand to one another of the tickets chosen; needs `map:read`.

    Raises
    ------
    SettingsWrong : the workspace sets a threshold that there is not
    """
    ctx.require("map:read")
    minutes = note_minutes(ctx)
    key = ("handoffs", ctx.scope, chosen, minutes)
    return ctx.opened().once(key, lambda: _handoffs(ctx, chosen, minutes))


def _handoffs(ctx: Context, chosen: Selection | None, minutes: float) -> Handoffs:
    (tables, together), run = tables_of(ctx, chosen), ctx.opened().engine.run
    each = handed.handoff_rows(tables.history, tables.tickets, *given.FIELDS)
    flows = handed.flows(run(handed.flow_rows(each)))
    resolved = became.resolved_rows(tables.tickets)
    noted = noted_handoffs(ctx, tables, each, minutes)
    rows = run(given.stratum_rows(given.without_notes(each) if noted is None else noted))
    parts = given.parts_in_use(rows)
    lacks = tuple(given.lacks(rows, parts))
    return Handoffs(
        flows=tuple(flows),
        nodes=tuple(handed.nodes(flows, FEWEST_CASES)),
        pairs=tuple(handed.ping_pongs(flows)),
        outcomes=tuple(
            became.outcomes(run(became.outcome_rows(resolved)), run(became.outcome_times(resolved)))
        ),
        completeness=tuple(given.completeness(rows, parts)) if parts else (),
        lacks=lacks,
        lacking=tuple(name for name in given.PARTS if name not in parts),
        noted=_noted_words(noted is not None, given.known(rows), minutes),
        told=told(ctx, chosen, together),
    )


def note_minutes(ctx: Context) -> float:
    """Return for how long after a handoff a note still belongs to it."""
    return thresholds(ctx.workspace.settings.thresholds).note_minutes


def noted_handoffs(
    ctx: Context, tables: LogTables, each: ir.Table, minutes: float
) -> ir.Table | None:
    """Return handoffs with whether a note went with them; None where no notes are imported.

    Parameters
    ----------
    tables : of the tickets chosen
    each : their handoffs, of `analysis.waiting.handoffs.handoff_rows`
    """
    related, run = tables.related[NOTES.name], ctx.opened().engine.run
    if not run(related.limit(1)).num_rows:
        return None
    every = ctx.tables
    known = given.told_rows(written(every.related[NOTES.name], every.tickets))
    grace_us = int(minutes * MICROS_PER_MINUTE)
    return given.with_notes(each, written(related, tables.tickets), known, grace_us)


def _noted_words(imported: bool, known: tuple[int, int], minutes: float) -> str:
    """Say of which handoffs notes are known."""
    told_of, every = known
    if not imported:
        return "No notes are imported, so nothing is said of notes and files."
    if not every:
        return ""
    within = f"{minutes:,.10g} minute{'' if minutes == 1 else 's'}"
    if not told_of:
        return (
            "No notes are known from before these tickets to "
            f"{within} after their handoffs, so nothing is said of notes."
        )
    return (
        f"Notes are known of {whole(told_of)} of {whole(every)} handoffs: of tickets opened after "
        f"the first note of their source and practice, handed over {within} or more before the "
        "last. A note went with a handoff where one was written while the giving team had the "
        f"ticket or within {within}, not by the one who asked."
    )
