"""Where tickets wait: steps by the hours that can be won, and handoffs between teams.

Floor 5. The arithmetic is in `analysis.waiting`; teams of few people are told together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from opsgauge.analysis.waiting import handoffs as handed
from opsgauge.analysis.waiting import outcomes as became
from opsgauge.analysis.waiting.bottlenecks import (
    ACHIEVABLE,
    FEWEST_CASES,
    Step,
    achievable_rows,
    bottlenecks,
    case_rows,
    longest_rows,
    ranked,
    running_rows,
    step_rows,
    total_hours,
    with_longest,
)
from opsgauge.analysis.waiting.steps import TEAM_PHASE, Name, check_kind, columns_of
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.finding import Finding
from opsgauge.foundation.money import Money, money_words, times
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.found import published_finding
from opsgauge.operations.pricing import an_hour_waited, priced, rate_json
from opsgauge.operations.small_teams import Together
from opsgauge.operations.waiting_tables import Told, evidence, tables_of, told, words_of

SHORTEST, LONGEST = 1, 50  # percentiles that may be called achievable


@dataclass(frozen=True)
class Waits:
    """Steps by the hours that can be won in them.

    Attributes
    ----------
    steps : a word of `analysis.waiting.steps.KINDS`
    percentile : of a step's cases, what is called achievable
    rows : the step with most hours to win first; `words` says what each is called
    """

    steps: str
    percentile: int
    rows: tuple[Step, ...]
    words: Mapping[Name, str]
    findings: tuple[Finding, ...]
    told: Told
    an_hour: Money | None = None  # what an hour costs that one ticket is open; None: no rate is set

    @property
    def waits(self) -> tuple[Step, ...]:
        """The steps that are no work and in which hours can be won."""
        return tuple(each for each in self.rows if not each.touch and each.recoverable)

    @property
    def sentence(self) -> str:
        """Where most hours can be won, in words."""
        waits = self.waits
        if not waits:
            return "No step of waiting has enough tickets to say what can be won in it"
        first, (_, won) = waits[0], total_hours(self.rows)
        most = whole(first.recoverable or 0.0)
        money = money_words(won, self.an_hour)
        return (
            f"Of {whole(won)} hours that could be won{money and f' ({money})'}, {most} "
            f"lie in one step: {self.words[first.name]}"
        )

    @property
    def why(self) -> str:
        """What that means."""
        if not self.waits:
            return ""
        first = self.waits[0]
        return (
            f"{whole(first.cases)} tickets spent {duration(first.mean or 0.0)} there on average; "
            f"{percent(self.percentile / 100, 0)} of them needed "
            f"{duration(first.achievable or 0.0)} or less. Were all as quick, so many hours would "
            "be gone."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        hours, won = total_hours(self.rows)
        return {
            "sentence": self.sentence,
            "steps": self.steps,
            "percentile": self.percentile,
            "fewest_cases": FEWEST_CASES,
            "hours": hours,
            "recoverable_hours": won,
            **rate_json(self.an_hour),
            **self._money(won, "recoverable_money"),
            **self.told.as_json(),
            "rows": [self._row(each) for each in self.rows],
            "findings": [published_finding(each) for each in self.findings],
        }

    def _row(self, step: Step) -> dict[str, Any]:
        return {
            "step": self.words[step.name],
            **dict(zip(columns_of(self.steps), step.name, strict=True)),
            "touch": step.touch,
            "cases": step.cases,
            "hours": step.hours,
            "mean_hours": step.mean,
            "median_hours": step.median,
            "achievable_hours": step.achievable,
            "recoverable_hours": step.recoverable,
            "low": step.recoverable_low,
            "high": step.recoverable_high,
            **self._money(step.recoverable, "recoverable_money"),
            **self._money(step.recoverable_low, "low_money"),
            **self._money(step.recoverable_high, "high_money"),
            "running": step.running,
            "running_hours": step.running_hours,
            "examples": [
                {
                    "source": each.key[0],
                    "ticket": each.key[1],
                    "hours": each.hours,
                    "beyond_hours": each.hours - (step.achievable or 0.0),
                }
                for each in step.longest
            ],
        }

    def _money(self, hours: float | None, name: str) -> dict[str, float | None]:
        return {name: times(hours, self.an_hour)} if self.an_hour else {}


@dataclass(frozen=True)
class Handoffs:
    """What teams hand to one another, and what becomes of it.

    Attributes
    ----------
    flows : the matrix; `nodes` the same by team; `pairs` those with direct returns
    outcomes : resolved tickets by how often they were handed over
    completeness : handoffs by how many of `fields` were filled at the time
    lacking : of what would say whether a handoff was complete, what nobody fills or what is not
        looked at
    """

    flows: tuple[handed.Flow, ...]
    nodes: tuple[handed.Node, ...]
    pairs: tuple[handed.PingPong, ...]
    outcomes: tuple[became.Outcome, ...]
    completeness: tuple[became.Completeness, ...]
    fields: tuple[str, ...]
    lacking: tuple[str, ...]
    told: Told

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
            "fields": list(self.fields),
            "lacking": list(self.lacking),
            "completeness": [dict(vars(each)) for each in self.completeness],
        }


def _flow(flow: handed.Flow) -> dict[str, Any]:
    plain = {name: value for name, value in vars(flow).items() if name != "from_"}
    return {
        "from": flow.from_,
        **plain,
        "idle_mean_hours": flow.idle_mean,
        "held_mean_hours": flow.held_mean,
    }


def _outcome(outcome: became.Outcome) -> dict[str, Any]:
    low, high = outcome.kept_interval
    return {**vars(outcome), "kept_low": low, "kept_high": high}


def waits(
    ctx: Context,
    chosen: Selection | None = None,
    steps: str = TEAM_PHASE,
    percentile: int = ACHIEVABLE,
) -> Waits:
    """Return the steps of the tickets chosen, by the hours that can be won in them.

    Needs `map:read`.

    Parameters
    ----------
    percentile : of a step's own cases, what is called achievable, from 1 to 50

    Raises
    ------
    QueryWrong : another percentile
    UnknownColumn : there are no such steps
    """
    ctx.require("map:read")
    check_kind(steps)
    if not SHORTEST <= percentile <= LONGEST:
        raise QueryWrong(
            f"The percentile {percentile} is not from {SHORTEST} to {LONGEST}.",
            hint=f"Such as {ACHIEVABLE}: a quarter of the cases are as quick.",
        )
    key = ("waits", ctx.scope, chosen, steps, percentile)
    found = ctx.opened().once(key, lambda: _waits(ctx, chosen, steps, percentile))
    an_hour = an_hour_waited(ctx)
    return replace(found, an_hour=an_hour, findings=priced(found.findings, an_hour))


def _waits(ctx: Context, chosen: Selection | None, steps: str, percentile: int) -> Waits:
    (tables, together), opened = tables_of(ctx, chosen), ctx.opened()
    cases, run = case_rows(tables.history, steps), opened.engine.run
    rows = ranked(
        run(step_rows(cases, steps)),
        run(achievable_rows(cases, steps, percentile)),
        run(running_rows(tables.history, steps, opened.watermark)),
        steps,
    )
    rows = _with_examples(rows, run(longest_rows(cases, steps)), steps, together)
    words = {each.name: words_of(each.name, steps) for each in rows}
    asked = evidence(ctx, f"Hours to win by {steps}, {percentile}th percentile", chosen)
    return Waits(
        steps=steps,
        percentile=percentile,
        rows=tuple(rows),
        words=words,
        findings=tuple(bottlenecks(rows, words, percentile, asked)),
        told=told(ctx, chosen, together),
    )


def _with_examples(
    rows: Sequence[Step], longest: pa.Table, steps: str, together: Together
) -> list[Step]:
    """Return steps with their longest tickets, but for teams of few people: they name the team."""
    shown = with_longest(rows, longest, steps)
    if not together.teams:
        return shown
    return [replace(each, longest=()) if together.label in each.name else each for each in shown]


def handoffs(ctx: Context, chosen: Selection | None = None) -> Handoffs:
    """Return what teams hand to one another of the tickets chosen; needs `map:read`."""
    ctx.require("map:read")
    key = ("handoffs", ctx.scope, chosen)
    return ctx.opened().once(key, lambda: _handoffs(ctx, chosen))


def _handoffs(ctx: Context, chosen: Selection | None) -> Handoffs:
    (tables, together), run = tables_of(ctx, chosen), ctx.opened().engine.run
    known = became.KNOWN_AT_HANDOFF
    each = handed.handoff_rows(tables.history, tables.tickets, *known)
    flows = handed.flows(run(handed.flow_rows(each)))
    resolved = became.resolved_rows(tables.tickets)
    fields = became.fields_in_use(run(became.field_rows(each))) if flows else ()
    filled = run(became.completeness_rows(each, fields)) if fields else None
    return Handoffs(
        flows=tuple(flows),
        nodes=tuple(handed.nodes(flows, FEWEST_CASES)),
        pairs=tuple(handed.ping_pongs(flows)),
        outcomes=tuple(
            became.outcomes(run(became.outcome_rows(resolved)), run(became.outcome_times(resolved)))
        ),
        completeness=tuple(became.completeness(filled, len(fields))) if filled else (),
        fields=fields,
        lacking=(*(name for name in known if name not in fields), *became.NOT_COUNTED),
        told=told(ctx, chosen, together),
    )
