"""Key numbers before and after a change of an integration, of the same tickets.

Floor 5. The data version before the change and the one it made are asked the same questions, with
the definitions of today, as things stood when the older one ended, and of the tickets of the source
that both know: what differs then comes from how the records are read, or from records that told
late of the time before.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

import pyarrow as pa

from opsgauge.foundation.agreed import Condition, Exclusion
from opsgauge.foundation.errors import (
    ColumnsMissing,
    QueryWrong,
    UnknownColumn,
    UnknownVersion,
    WorkspaceMissing,
)
from opsgauge.foundation.units import MINUS, NARROW_NO_BREAK
from opsgauge.governance.access import decide
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import Point, points
from opsgauge.operations.context import Context
from opsgauge.operations.home import BESIDE, FIRST_CARDS
from opsgauge.operations.integration import IntegrationChange, integration_changes
from opsgauge.operations.measure import must_have_columns
from opsgauge.operations.opened import Readers
from opsgauge.operations.renewed import templates

KPIS = tuple(dict.fromkeys((*FIRST_CARDS, *BESIDE)))
SAME = 1e-9  # relative
MOST_APART = 20_000  # tickets that only one of the two knows; more are not named to a query


@dataclass(frozen=True)
class KpiBefore:
    """One number of the same tickets, before and after.

    Attributes
    ----------
    before, after : None where there is none
    change : the difference as a part of the one before; None where that is nought or missing
    """

    metric: str
    title: str
    unit: str
    good: str
    statistic: str
    before: float | None
    after: float | None
    n_before: int
    n_after: int

    @property
    def change(self) -> float | None:
        """The difference as a part of the value before."""
        if self.before is None or self.after is None or self.before == 0:
            return None
        return (self.after - self.before) / abs(self.before)

    @property
    def differs(self) -> bool:
        """Whether the number is another one."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        return not isclose(self.before, self.after, rel_tol=SAME) or self.n_before != self.n_after

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "change": self.change, "differs": self.differs}


@dataclass(frozen=True)
class Compared:
    """The comparison of one change.

    Attributes
    ----------
    tickets : of the source, that both data versions know
    only_before, only_after : tickets that are left aside, since one of the two alone knows them
    numbers : those that differ first, the largest change first
    why_not : why nothing was compared, "" where it was
    """

    change: IntegrationChange
    tickets: int = 0
    only_before: int = 0
    only_after: int = 0
    numbers: tuple[KpiBefore, ...] = ()
    why_not: str = ""

    @property
    def differing(self) -> tuple[KpiBefore, ...]:
        """The numbers that are others."""
        return tuple(each for each in self.numbers if each.differs)

    @property
    def sentence(self) -> str:
        """Say what came of it."""
        if self.why_not:
            return f"Not compared: {self.why_not}"
        many, of = len(self.differing), len(self.numbers)
        told = "none is another" if not many else f"{many} {'is' if many == 1 else 'are'} others"
        return f"Of {of} key numbers of the same {self.tickets:,} tickets {told}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = {name: value for name, value in vars(self).items() if name != "change"}
        numbers = [each.as_json() for each in self.numbers]
        return {**self.change.as_json(), **plain, "numbers": numbers, "sentence": self.sentence}


@dataclass(frozen=True)
class IntegrationLog:
    """Every change of an integration, newest first, and the comparisons of one data version."""

    changes: tuple[IntegrationChange, ...]
    compared: tuple[Compared, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "changes": [each.as_json() for each in self.changes],
            "compared": [each.as_json() for each in self.compared],
        }


def integration_log(ctx: Context, version: int | None = None) -> IntegrationLog:
    """Return every change of an integration, and what became of key numbers with one of them.

    Needs `version:read` and `metric:read`. A comparison is made once for each data version read.

    Parameters
    ----------
    version : whose changes are compared; else those of the newest data version with any

    Raises
    ------
    UnknownVersion : the integration of no source changed with that data version
    """
    ctx.require("metric:read")
    changes = integration_changes(ctx)
    if version is None and not changes:
        return IntegrationLog(())
    chosen = changes[0].version if version is None else version
    mine = [each for each in changes if each.version == chosen]
    if not mine:
        raise UnknownVersion(
            f"No integration changed with data version {chosen}.",
            hint="opsgauge integration lists those with which one did.",
        )
    return IntegrationLog(changes, tuple(compared(ctx, each) for each in mine))


def shown_integration(ctx: Context, version: int | None = None) -> IntegrationLog | None:
    """Return the log as the page of data versions shows it; None where there is none to show.

    Raises
    ------
    UnknownVersion : the integration of no source changed with that data version
    """
    if not decide(ctx.actor, "metric:read").allowed:
        return None
    with suppress(WorkspaceMissing):
        return integration_log(ctx, version)
    return None


def compared(ctx: Context, change: IntegrationChange) -> Compared:
    """Compare key numbers of the same tickets before and after a change; needs `metric:read`."""
    ctx.require("metric:read")
    ctx = ctx.holding()
    key = ("integration compared", ctx.scope, change.version, change.source)
    memo = ctx.opened().memo
    if key not in memo:
        memo[key] = _compared(ctx, change)
    found: Compared = memo[key]
    return found


def _compared(ctx: Context, change: IntegrationChange) -> Compared:
    try:
        before, after = (_at(ctx, version) for version in (change.before, change.version))
        there, here = _tickets(before, change), _tickets(after, change)
    except UnknownVersion:
        return Compared(change, why_not="the data version before is kept no longer.")
    gone, fresh = there - here, here - there
    both = there & here
    told = Compared(change, len(both), len(gone), len(fresh))
    if not both:
        return replace(told, why_not="no ticket is known to both data versions.")
    if max(len(gone), len(fresh)) > MOST_APART:
        return replace(told, why_not="too many tickets are known to one of the two alone.")
    source = _source(change)
    sides = (_without(before, gone, source), _without(after, fresh, source))
    known = ctx.catalogue.metrics
    kpis = [known[name] for name in KPIS if name in known and known[name].subject.is_tickets]
    numbers = [each for metric in kpis if (each := _kpi(sides, metric, change)) is not None]
    numbers.sort(key=lambda each: (not each.differs, -abs(each.change or 0.0), each.title))
    return replace(told, numbers=tuple(numbers))


def _at(ctx: Context, version: int) -> Context:
    """Return a data version, opened aside: those that pages read stay open."""
    if version == ctx.opened().version.version:
        return ctx
    return replace(ctx.at_version(version), readers=Readers()).holding()


def _tickets(ctx: Context, change: IntegrationChange) -> set[str]:
    """Return the numbers of the tickets of a source that a data version knows."""
    tickets = ctx.tables.tickets
    rows = tickets.filter(tickets.source == _source(change)).select("ticket_id")
    answer: pa.Table = ctx.opened().engine.run(rows)
    return set(answer["ticket_id"].to_pylist())


def _source(change: IntegrationChange) -> str:
    return change.source.split("/")[0]


def _without(ctx: Context, apart: set[str], source: str) -> Context:
    """Return a context that counts no ticket of these, beside what people left out of numbers."""
    named = tuple((source, number) for number in sorted(apart))
    aside = Exclusion(0, "known to one data version alone", tickets=named)
    everywhere = tuple(each for each in ctx.exclusions if not each.metric)
    return replace(ctx, left_out=(*everywhere, aside) if apart else everywhere)


def _kpi(sides: Sequence[Context], metric: Metric, change: IntegrationChange) -> KpiBefore | None:
    """Return one number of both sides; None where neither has it."""
    plain = metric.definition
    as_of = sides[0].opened().watermark
    question = Question(metric.name, where=(Condition("source", (_source(change),)),), as_of=as_of)
    try:
        asked = check_question(metric, question)
        old, new = (_value(each, metric, asked) for each in sides)
    except (QueryWrong, UnknownColumn):
        return None
    if old is None and new is None:
        return None
    return KpiBefore(
        metric.name,
        plain.title,
        plain.unit,
        plain.good,
        asked.statistic or "",
        old.value if old else None,
        new.value if new else None,
        old.n if old else 0,
        new.n if new else 0,
    )


def _value(ctx: Context, metric: Metric, question: Question) -> Point | None:
    """Return what a data version says; None where it lacks the columns, or too few stand behind."""
    opened = ctx.opened()
    try:
        must_have_columns(ctx, metric)
        answer = opened.engine.run_sql(templates(ctx).query(metric, question))
    except ColumnsMissing:
        return None
    made = points(answer, metric, question, opened.periods, opened.watermark)
    few = ctx.workspace.settings.suppress_below
    return next((each for each in made if each.n >= max(few, 1)), None)


def change_words(number: KpiBefore) -> str:
    """Say how far a number moved; "none" where it did not."""
    if not number.differs:
        return "none"
    if number.change is None:
        return "another"
    return f"{number.change:+.1%}".replace("-", MINUS).replace("%", f"{NARROW_NO_BREAK}%")
