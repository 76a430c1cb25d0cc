"""Policy rules held against the tickets: how many keep each, break it, and why.

Floor 5. The rules are `metrics.policies`, what each means on a ticket is `analysis.conformance`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.conformance.judging import (
    BROKEN,
    EXCEPTED,
    JUDGED,
    OUTCOMES,
    PENDING,
    known_steps,
)
from opsgauge.analysis.conformance.outcomes import counted_rows, outcome_counts, outcome_rows
from opsgauge.foundation.errors import QueryWrong, UnknownName, did_you_mean
from opsgauge.foundation.units import whole
from opsgauge.log.door import LogTables
from opsgauge.log.periods import start_of_day
from opsgauge.metrics.policies.reading import load_rules, unknown_step
from opsgauge.metrics.policies.rule import Rule
from opsgauge.operations.answers import TicketList
from opsgauge.operations.compared import EVERYWHERE
from opsgauge.operations.conformance.answers import Cause, Conformance, RuleState
from opsgauge.operations.context import Context
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import KEY, Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.small_teams import refuse_small
from opsgauge.warehouse.portable import micros_at

ACTION = "conformance:read"
EVERY_NUMBER = ""  # of what is left out, that which is of no one metric
A_DAY = timedelta(days=1)
EVERY, OF_N = "applies", "judged"  # outcomes of a list beside those of tickets
LISTED = (*OUTCOMES, OF_N, EVERY)
LIST_WORDS = {
    "kept": "keep it",
    "broken": "break it",
    "excepted": "break it by an exception on record",
    "broken_open": "are open and break it already",
    "pending": "are not decided yet",
    "unknown": "cannot be judged, since no person is on record",
    OF_N: "are judged",
    EVERY: "are ones to which it applies",
}
NEWEST_FIRST = "-at"


def conformance(ctx: Context, chosen: Selection | None = None) -> Conformance:
    """Return how every policy rule of the workspace is kept by the tickets chosen.

    Needs `conformance:read`.

    Raises
    ------
    RuleWrong : a file of rules does not fit, or names a step that is not there; none is judged then
    """
    ctx.require(ACTION)
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    rules = rules_of(ctx)
    return Conformance(
        states=tuple(state_of(ctx, each, chosen) for each in rules),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, columns_of(rules)) if rules else (),
        notes=not_there_words(ctx, chosen.where) if chosen else (),
        of=chosen_words(chosen),
    )


def rules_of(ctx: Context) -> tuple[Rule, ...]:
    """Return the rules of the workspace; what they name is in the records.

    Raises
    ------
    RuleWrong : a file does not fit, or names a step that is not there
    """
    rules = load_rules(ctx.workspace.path)
    for rule in rules:
        _check_steps(ctx, rule)
    return rules


def rule_of(ctx: Context, name: str) -> Rule:
    """Return one rule.

    Raises
    ------
    UnknownName : there is none of that name
    """
    found = {each.name: each for each in rules_of(ctx)}
    if name not in found:
        raise UnknownName(
            f"There is no rule {name!r}.",
            hint=did_you_mean(name, found)
            or "Write one in rules/, see docs/guides/conformance.md.",
        )
    return found[name]


def _check_steps(ctx: Context, rule: Rule) -> None:
    """Refuse a rule that names a step which no record has, now or in the newest version."""
    if rule.steps == "phase":
        return
    asked = [word for word in rule.words() if word not in rule.not_yet_seen]
    unknown = [word for word in asked if word not in steps_there(ctx, rule.steps)]
    if unknown and ctx.version is not None:
        newest = replace(ctx, version=None, held=None)
        unknown = [word for word in unknown if word not in steps_there(newest, rule.steps)]
    if unknown:
        # Any actor may be told that a step is missing, but only of steps they see.
        seen = _steps_in(ctx, ctx.tables.history, rule.steps)
        raise unknown_step(rule, unknown[0], seen)


def steps_there(ctx: Context, steps: str) -> frozenset[str]:
    """Return the steps that any update has, whoever asks."""
    return ctx.opened().once(
        ("steps there", steps), lambda: _steps_in(ctx, EVERYWHERE.history, steps)
    )


def _steps_in(ctx: Context, history: ir.Table, steps: str) -> frozenset[str]:
    rows = ctx.opened().engine.run(known_steps(history, steps))
    return frozenset(rows["step"].to_pylist())


def columns_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the columns whose failed checks make the numbers of rules suspect."""
    return tuple(sorted({"opened_at", *(each.steps for each in rules)}))


def state_of(ctx: Context, rule: Rule, chosen: Selection | None) -> RuleState:
    """Return what became of one rule."""
    key = ("rule", ctx.scope, rule, chosen)
    return ctx.opened().once(key, lambda: _state(ctx, rule, chosen))


def _state(ctx: Context, rule: Rule, chosen: Selection | None) -> RuleState:
    blank = RuleState(rule, notes=not_there_words(ctx, rule.conditions))
    try:
        refuse_small(ctx, meant_of_tickets(ctx, rule.conditions))
    except QueryWrong as few:
        return replace(blank, why_not=few.message)
    tables = tables_for(ctx, rule, chosen)
    engine = ctx.opened().engine
    total = engine.run(tables.tickets.aggregate(n=tables.tickets.count()))["n"][0].as_py()
    asked = counted_rows(rule, tables, micros_at(ctx.opened().watermark), _ends(ctx, rule))
    rows = engine.run(outcome_counts(asked)).to_pylist()
    counts = {
        outcome: sum(row["n"] for row in rows if row["outcome"] == outcome) for outcome in OUTCOMES
    }
    state = replace(
        blank,
        tickets=total,
        counts=counts,
        causes=tuple(Cause(row["outcome"], row["cause"], row["n"]) for row in rows if row["cause"]),
    )
    below = ctx.workspace.settings.suppress_below
    if 0 < state.n < below:
        return replace(blank, why_not=f"Withheld: fewer than {below} tickets are judged.")
    idle = (
        None if ctx.sight.hides or chosen not in (None, Selection()) else _idle(ctx, rule, tables)
    )
    return replace(state, idle=idle)


def tables_for(ctx: Context, rule: Rule, chosen: Selection | None) -> LogTables:
    """Return the tickets that a rule is for, of those chosen, whole."""
    chosen = chosen or Selection()
    return chosen_tables(
        ctx,
        replace(
            chosen,
            where=(*chosen.where, *rule.conditions),
            from_=_latest(chosen.from_, rule.opened_from),
            to=_earliest(chosen.to, rule.opened_to),
        ),
    )


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def rows_of(ctx: Context, rule: Rule, tables: LogTables) -> ir.Table:
    """Return the outcome of a rule on each ticket it applies to, as a query."""
    return outcome_rows(rule, tables, micros_at(ctx.opened().watermark), _ends(ctx, rule))


def _ends(ctx: Context, rule: Rule) -> list[int | None]:
    """Return for each exception of a rule from when it excuses nothing more; None for never."""
    zone = ctx.workspace.zone
    return [
        micros_at(start_of_day(each.until + A_DAY, zone)) if each.until else None
        for each in rule.exceptions
    ]


def _idle(ctx: Context, rule: Rule, tables: LogTables) -> int:
    """Return how many exceptions excuse nothing: their ticket does not break the rule."""
    if not rule.exceptions:
        return 0
    rows = rows_of(ctx, rule, tables)
    rows = rows.filter(rows.outcome.isin([EXCEPTED, PENDING]) & (rows.cause != ""))
    found = ctx.opened().engine.run(rows.select(*KEY)).to_pylist()
    excused = {(row["source"], row["ticket_id"]) for row in found}
    numbers = {number for _, number in excused}
    return sum(
        (each.source, each.ticket) not in excused if each.source else each.ticket not in numbers
        for each in rule.exceptions
    )


@dataclass(frozen=True)
class RuleBehind:
    """Which number's tickets: of a rule, an outcome (one of `LISTED`), and a cause if asked for."""

    rule: str
    outcome: str = BROKEN
    cause: str = ""


def rule_tickets(
    ctx: Context,
    behind: RuleBehind,
    chosen: Selection | None = None,
    page: Page = FIRST_PAGE,
) -> TicketList:
    """Return the tickets behind a number of a rule, as many as it; the newest break first.

    Needs `conformance:read` and `metric:read`.

    Raises
    ------
    UnknownName : there is no such rule
    QueryWrong : there is no such outcome, or the number is withheld
    """
    ctx.require(ACTION)
    ctx.require("metric:read")
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    rule = rule_of(ctx, behind.rule)
    if behind.outcome not in LISTED:
        raise QueryWrong(
            f"Tickets have no outcome {behind.outcome!r} of a rule.",
            hint=did_you_mean(behind.outcome, LISTED),
        )
    state = state_of(ctx, rule, chosen)
    if state.why_not:
        raise QueryWrong(f"{rule.title}: {state.why_not}")
    about = About(_sentence(rule, behind, state), columns_of([rule]), state.notes)
    listed = list_rows(
        ctx,
        ("rule tickets", rule, behind, chosen),
        partial(_listed, ctx, rule, behind, chosen),
        replace(page, sort=page.sort or NEWEST_FIRST),
        about,
    )
    return replace(listed, rows=tuple(_excused(rule, row) for row in listed.rows))


def _listed(ctx: Context, rule: Rule, behind: RuleBehind, chosen: Selection | None) -> ir.Table:
    rows = rows_of(ctx, rule, tables_for(ctx, rule, chosen))
    if behind.outcome != EVERY:
        asked = JUDGED if behind.outcome == OF_N else (behind.outcome,)
        rows = rows.filter(rows.outcome.isin(asked))
    return rows.filter(rows.cause == behind.cause) if behind.cause else rows


def _sentence(rule: Rule, behind: RuleBehind, state: RuleState) -> str:
    counts = {OF_N: state.n, EVERY: sum(state.counts.values())}
    n = counts.get(behind.outcome, state.of(behind.outcome))
    if behind.cause:
        n = sum(
            each.n
            for each in state.causes
            if each.words == behind.cause and each.outcome == behind.outcome
        )
    tickets = "1 ticket" if n == 1 else f"{whole(n)} tickets"
    because = f" because {behind.cause}" if behind.cause else ""
    return f"{rule.title}: {tickets} that {LIST_WORDS[behind.outcome]}{because}"


def _excused(rule: Rule, row: Any) -> dict[str, Any]:
    """Add why breaking the rule is excused, where it is."""
    told = {**row, "exception": None, "exception_by": None}
    if row["outcome"] == EXCEPTED:
        for each in rule.exceptions:
            if each.ticket == row["ticket_id"] and each.source in ("", row["source"]):
                told |= {"exception": each.why, "exception_by": each.by or None}
    return told
