"""Which way tickets go: every path with what becomes of it, and how standardised processes are.

Floor 5. The paths are those of `operations.flow.variants`; what becomes of their tickets is
`analysis.mining.path_facts`, how standardised they are `analysis.mining.standard`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from opsgauge.analysis.mining import path_facts
from opsgauge.analysis.mining import standard as std
from opsgauge.analysis.mining.path_costs import Handled, handled, handled_rows
from opsgauge.analysis.mining.path_facts import Extra, Facts
from opsgauge.analysis.mining.steps import NO_STEP
from opsgauge.analysis.mining.variants import path_rows, paths, variant_rows
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.money import Money, Rates
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import GRAINS
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS, SURVEYS
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, stepped_tables, variants
from opsgauge.operations.flow_answers import Variant, Variants
from opsgauge.operations.pricing import rate_notes, rates_json
from opsgauge.operations.waiting_tables import Told, together_of, told

PROCESS = "practice"
MOST_PATHS = 200
SHOWN = 20
OF_TEAMS = ("team", "first_team", "team_then")


@dataclass(frozen=True)
class Paths:
    """Every path shown, with what becomes of its tickets.

    Attributes
    ----------
    variants : the paths, most frequent first
    facts : of each row of them
    covered : the share of tickets on it and on all before it
    extras : for each row which earlier one it is with steps added
    happy : place of the happy path among the rows; None where it is not among them
    handled : for each row the contacts of its tickets; none where work has no rate
    rates : what an hour costs; None where the settings do not say it
    """

    variants: Variants
    facts: tuple[Facts, ...]
    covered: tuple[float, ...]
    extras: tuple[Extra | None, ...]
    happy: int | None
    handled: tuple[Handled, ...] = ()
    rates: Rates | None = None

    def waited_money(self, place: int) -> Money | None:
        """Return what the time cost that the finished tickets of a row were open."""
        an_hour = self.rates.an_hour_waited if self.rates else None
        return an_hour and an_hour.times(self.facts[place].hours)

    def worked_money(self, place: int) -> Money | None:
        """Return what the contacts of a row's tickets cost, each team at its own rate."""
        if self.rates is None or not self.handled:
            return None
        parts = [
            an_hour.times(hours).amount
            for team, hours in self.handled[place].by_team.items()
            if (an_hour := self.rates.an_hour_worked(team))
        ]
        return Money(sum(parts), self.rates.currency)

    @property
    def notes(self) -> tuple[str, ...]:
        """How hours became money; nothing where no rate is set."""
        waited = rate_notes(self.rates.an_hour_waited, order=False) if self.rates else ()
        if not self.handled:
            return waited
        return (
            *waited,
            "Work is what contacts took, talking and after, at the rate of the team that answered; "
            "no record says how long anybody worked on a ticket otherwise.",
        )

    @property
    def sentence(self) -> str:
        """How tickets spread over paths, in words."""
        rows = self.variants.rows
        if not rows:
            return "No ticket has a path"
        if self.variants.variants == 1:
            return "All tickets take one path"
        many = whole(self.variants.variants)
        return (
            f"{percent(rows[0].share, 0)} of tickets take one path; all of them take {many} paths"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = self.variants.as_json()
        rows = zip(plain["rows"], self.facts, self.covered, self.extras, strict=True)
        told = [
            {
                **row,
                "covered": covered,
                "happy_path": place == self.happy,
                **_facts(facts),
                **self._money(place, facts),
                **_extra(extra, self.variants.rows),
            }
            for place, (row, facts, covered, extra) in enumerate(rows)
        ]
        rates = rates_json(self.rates)
        return {"sentence": self.sentence, **plain, **rates, "rows": told}

    def _money(self, place: int, facts: Facts) -> dict[str, float | int | None]:
        found: dict[str, float | int | None] = {}
        if waited := self.waited_money(place):
            each = waited.amount / facts.finished if facts.finished else None
            found |= {"waited_money": waited.amount, "waited_money_a_ticket": each}
        if worked := self.worked_money(place):
            of = self.handled[place]
            found |= {"contacts": of.contacts, "contact_hours": of.hours}
            found |= {"worked_money": worked.amount}
        return found


@dataclass(frozen=True)
class Standards:
    """How standardised each process is.

    Attributes
    ----------
    by : the dimension that says what is one process
    paths : the standard path of each, by its hash
    """

    by: str
    steps: str
    grain: str
    rows: tuple[std.Standard, ...]
    paths: Mapping[str, tuple[str, ...]]
    told: Told

    @property
    def sentence(self) -> str:
        """How standardised the largest process is, in words."""
        if not self.rows:
            return "No finished ticket has a path"
        first = self.rows[0]
        on = percent(first.on_standard / first.tickets, 0)
        return (
            f"{on} of finished tickets of {first.process or 'no ' + self.by} take the standard "
            f"path; of two at random, {percent(first.index, 0)} take the same"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "by": self.by,
            "steps": self.steps,
            "period": self.grain,
            **self.told.as_json(),
            "rows": [self._row(each) for each in self.rows],
        }

    def _row(self, each: std.Standard) -> dict[str, Any]:
        return {
            **{k: v for k, v in vars(each).items() if k not in ("periods", "teams", "standard")},
            "standard_path": list(self.paths.get(each.standard, ())),
            "standard_path_id": each.standard,
            "share_on_standard": each.on_standard / each.tickets,
            "periods": [dict(vars(period)) for period in each.periods],
            "teams": [dict(vars(team)) for team in each.teams],
        }


def _facts(facts: Facts) -> dict[str, Any]:
    renamed = {"median": "median_hours", "low": "median_low", "high": "median_high"}
    return {renamed.get(name, name): value for name, value in vars(facts).items()}


def _extra(extra: Extra | None, rows: tuple[Variant, ...]) -> dict[str, Any]:
    return {
        "extra_to": None if extra is None else rows[extra.of].id,
        "extra_steps": [] if extra is None else _named(extra.steps),
        "extra_hours": None if extra is None else extra.hours,
    }


def _named(steps: tuple[str | None, ...]) -> list[str]:
    return [NO_STEP if step is None else step for step in steps]


def walked_paths(
    ctx: Context, steps: str = "phase", chosen: Selection | None = None, limit: int = SHOWN
) -> Paths:
    """Return the most frequent paths of the tickets chosen, and what becomes of each.

    Needs `map:read`.

    Raises
    ------
    QueryWrong : fewer than one path, or more than MOST_PATHS
    UnknownColumn : there are no such steps
    """
    ctx.require("map:read")
    if limit > MOST_PATHS:
        raise QueryWrong(f"{limit} paths are more than {MOST_PATHS}.", hint="Ask for fewer.")
    key = ("paths", ctx.scope, steps, chosen, limit)
    found = ctx.opened().once(key, lambda: _walked(ctx, steps, chosen, limit))
    rates = ctx.workspace.settings.rates
    if rates is None or rates.worked is None:
        return replace(found, rates=rates)
    of = ctx.opened().once(("handled", *key[1:4]), lambda: _handled(ctx, steps, chosen))
    answered = tuple(of.get(row.id, Handled()) for row in found.variants.rows) if of else ()
    return replace(found, rates=rates, handled=answered)


def _handled(ctx: Context, steps: str, chosen: Selection | None) -> dict[str, Handled]:
    tables, _ = stepped_tables(ctx, steps, chosen)
    beside = ctx.tables.related
    rows = handled_rows(
        path_facts.outcome_rows(tables.tickets, steps),
        beside[CONTACTS.name],
        beside[CONTACT_TICKETS.name],
    )
    return handled(ctx.opened().engine.run(rows))


def _walked(ctx: Context, steps: str, chosen: Selection | None, limit: int) -> Paths:
    found = variants(ctx, steps, chosen, limit)
    (tables, _), run = stepped_tables(ctx, steps, chosen), ctx.opened().engine.run
    outcomes = path_facts.outcome_rows(tables.tickets, steps)
    ids = [row.id for row in found.rows]
    known = path_facts.facts(
        run(path_facts.fact_rows(outcomes)),
        run(path_facts.time_rows(outcomes, ids)),
        run(path_facts.answer_rows(outcomes, ctx.tables.related[SURVEYS.name])),
    )
    facts = tuple(known.get(each, Facts()) for each in ids)
    happy = path_facts.happiest(known)
    return Paths(
        variants=found,
        facts=facts,
        covered=tuple(accumulate(row.share for row in found.rows)),
        extras=tuple(
            path_facts.extras([row.path for row in found.rows], [one.median for one in facts])
        ),
        happy=ids.index(happy) if happy in ids else None,
    )


def standardisation(
    ctx: Context,
    by: str = PROCESS,
    steps: str = "phase",
    grain: str = "month",
    chosen: Selection | None = None,
) -> Standards:
    """Return how standardised each process of the tickets chosen is.

    Needs `map:read`.

    Parameters
    ----------
    by : a dimension of tickets that says what is one process, other than a team

    Raises
    ------
    QueryWrong : there is no such period, or teams are asked for as processes
    UnknownColumn : there is no such dimension, or there are no such steps
    """
    ctx.require("map:read")
    if grain not in GRAINS:
        raise QueryWrong(f"There is no period {grain!r}.", hint=did_you_mean(grain, GRAINS))
    if by in OF_TEAMS:
        raise QueryWrong(f"{by} is no process.", hint="Such as practice, category or service.")
    key = ("standardisation", ctx.scope, by, steps, grain, chosen)
    return ctx.opened().once(key, lambda: _standardisation(ctx, by, steps, grain, chosen))


def _standardisation(
    ctx: Context, by: str, steps: str, grain: str, chosen: Selection | None
) -> Standards:
    (tables, _), opened = stepped_tables(ctx, steps, chosen), ctx.opened()
    together = together_of(ctx, chosen)
    tickets = tables.tickets.mutate(team=together.word(tables.tickets.team))
    rows = std.rows_of(tickets, by, steps, grain, opened.periods.bucket_us)
    run = opened.engine.run
    processes = std.standards(
        run(std.variant_counts(rows, "label")),
        run(std.variant_counts(rows, "team")),
        run(std.spread_rows(rows)),
    )
    ids = sorted({each.standard for each in processes})
    every = variant_rows(tables.tickets, steps)
    examples = every.filter(every.variant.isin(ids))
    keys = {row["variant"]: (row["source"], row["ticket_id"]) for row in run(examples).to_pylist()}
    walked = paths(run(path_rows(tables.history, examples, steps)))
    return Standards(
        by=by,
        steps=steps,
        grain=grain,
        rows=tuple(processes),
        paths={each: tuple(_named(walked.get(keys[each], ()))) for each in ids},
        told=told(ctx, chosen, together, (steps,)),
    )
