"""Where tickets wait: steps by the hours that can be won in them.

Floor 5. The arithmetic is in `analysis.waiting`; teams of few people are told together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

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
