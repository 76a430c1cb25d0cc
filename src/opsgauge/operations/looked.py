"""Every metric of the catalogue looked at by week: its chart, or why there is none.

Floor 5. Home and the catalogue's page read the same look; it follows from the data version and is
kept with it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import ColumnsMissing, QueryWrong, TooFewPoints, UnknownColumn
from opsgauge.log.periods import dates_of, label_of
from opsgauge.metrics.explain import sentence
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.answers import Measured, Value, enough
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.charted import charted
from opsgauge.operations.check import titles
from opsgauge.operations.choices import practices
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure, measure_ahead

GRAIN = "week"
WEEKS = 26  # half a year: enough for limits, and what was normal is not long ago
PRACTICE, FIRST = "practice", "incident"
STOCKS = ("flow", "age")
GROWING = ("share", "repeat", "amount", "time_share")
UNSETTLED = " Its newest tickets are still on their way."
PATIENCE = 0.25  # seconds that a page waits for what is being looked at
SETTLING = timedelta(days=28)  # by then most tickets have had their reopenings and handovers
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Weeks:
    """The weeks looked at; `newest` is the last one that is over."""

    newest: str
    from_: date
    to: date

    @classmethod
    def until(cls, last_over: date) -> "Weeks":
        """Return the weeks up to the one that holds `last_over`."""
        newest = label_of(last_over, GRAIN)
        monday, sunday = dates_of(newest)
        return cls(newest, monday - (WEEKS - 1) * _WEEK, sunday)


@dataclass(frozen=True)
class Looked:
    """One metric over those weeks.

    `why` names why there is no chart: "" where there is one, "missing", "withheld", "too_few" or
    "unfit" (by the week, or with this filter, it says nothing);
    `words` say it. It is not `settled` where tickets of the newest week may still change it.
    """

    metric: str
    title: str
    unit: str
    good: str
    bucket: str
    counter_metric: str | None
    newest: str
    settled: bool = True
    stock: bool = False  # it is of what lies open at the week's end
    measured: Measured | None = None
    charted: Charted | None = None
    why: str = ""
    words: str = ""
    suspect: tuple[str, ...] = ()  # failed checks that withhold it
    where: tuple[Condition, ...] = ()  # the tickets it was looked at of, where nobody said which

    @property
    def value(self) -> Value | None:
        """Its value in the newest week."""
        rows = self.measured.rows if self.measured else ()
        return next((row for row in rows if row.period == self.newest), None)

    @property
    def point(self) -> ChartPoint | None:
        """The newest week on its chart, where enough tickets are behind it to judge."""
        points = self.charted.points if self.charted else ()
        point = next((each for each in points if each.period == self.newest), None)
        judged = point is not None and point.judged and point.value is not None
        return point if point and judged and self.enough(point.n) else None

    def enough(self, n: int) -> bool:
        """Say whether so many tickets are enough to judge."""
        return enough(self.unit, n)


Look = Mapping[str, Looked]


def of_one_practice(
    where: tuple[Condition, ...], practices: Sequence[str]
) -> tuple[Condition, ...]:
    """Return the conditions with a practice among them: as asked, or incidents, or the most.

    Examples
    --------
    >>> of_one_practice((), ("request", "incident"))
    (Condition(column='practice', values=('incident',)),)
    >>> of_one_practice((), ("incident",))
    ()
    """
    if len(practices) < 2 or any(each.column == PRACTICE for each in where):
        return where
    return (*where, Condition(PRACTICE, (FIRST if FIRST in practices else practices[0],)))


def usual_tickets(metric: Metric, practices: Sequence[str]) -> tuple[Condition, ...]:
    """Return of which tickets a metric is shown where nobody says it: as on Home, one practice.

    Of those that it is made for, where it says so. A metric that names its practices, or counts
    other records, is shown whole; so is one that is made for none of those that there are.
    """
    own = any(each.column == PRACTICE for each in metric.definition.conditions)
    if metric.parts or not metric.subject.is_tickets or own:
        return ()
    made_for = metric.definition.meant_for
    if made_for and len(practices) > 1:
        fitting = [each for each in practices if each in made_for]
        usual = FIRST if FIRST in fitting else next(iter(fitting), None)
        return (Condition(PRACTICE, (usual,)),) if usual else ()
    return of_one_practice((), practices)


def weeks(ctx: Context, to: date | None = None) -> Weeks:
    """Return the weeks to look at: the last is over, and ends at `to` or before."""
    opened = ctx.opened()
    day = opened.periods.date_of(opened.watermark)
    last_over = dates_of(label_of(day, GRAIN))[0] - timedelta(days=1)
    if to is not None:
        whole = dates_of(label_of(to + timedelta(days=1), GRAIN))[0] - timedelta(days=1)
        last_over = min(last_over, whole)
    return Weeks.until(last_over)


def look(
    ctx: Context,
    over: Weeks,
    where: tuple[Condition, ...] = (),
    chosen: Callable[[Metric], bool] = lambda _: True,
) -> Look:
    """Look at every metric over the weeks, or at those chosen.

    Needs `metric:read` and `chart:read`.
    """
    ctx.require("metric:read")
    ctx.require("chart:read")
    metrics = tuple(metric for metric in ctx.catalogue if chosen(metric))
    measure_ahead(ctx, (_series(question(metric.name, over, where)) for metric in metrics))
    return ctx.opened().once(
        (
            "look",
            ctx.scope,
            ctx.phases,
            over,
            where,
            tuple(metric.definition_hash for metric in metrics),
        ),
        lambda: {metric.name: _looked(ctx, metric, over, where) for metric in metrics},
    )


@dataclass
class Looking:
    """A look at every metric that goes on while others read what it has found."""

    found: dict[str, Looked]
    over: threading.Event


def look_meanwhile(ctx: Context, over: Weeks, patience: float = PATIENCE) -> tuple[Look, bool]:
    """Look at every metric in the background; return what is found so far, and whether it is all.

    Needs `metric:read` and `chart:read`. Looking at a hundred metrics for the first time takes
    seconds, and nobody should wait for them to read what a metric means.

    Parameters
    ----------
    patience : seconds to wait for the rest
    """
    ctx.require("metric:read")
    ctx.require("chart:read")
    ctx = ctx.holding()
    names = tuple(metric.definition_hash for metric in ctx.catalogue)
    looking = Looking({}, threading.Event())
    kept = ctx.opened().memo.setdefault(("looking", ctx.scope, ctx.phases, over, names), looking)
    if kept is looking:
        threading.Thread(target=_look_on, args=(ctx, over, looking), daemon=True).start()
    kept.over.wait(patience)
    return dict(kept.found), kept.over.is_set()


def _look_on(ctx: Context, over: Weeks, looking: Looking) -> None:
    try:
        kinds = practices(ctx)
        for metric in ctx.catalogue:
            where = usual_tickets(metric, kinds)
            looking.found[metric.name] = replace(_looked(ctx, metric, over, where), where=where)
    finally:
        looking.over.set()


def question(metric: str, over: Weeks, where: tuple[Condition, ...] = ()) -> Question:
    """Return what is asked of each metric."""
    return Question(metric, where=where, period=GRAIN, from_=over.from_, to=over.to)


def weekly(ctx: Context, asked: Question) -> Measured:
    """Answer a question of whole weeks that are over.

    Where no filter but a practice is asked for, the series of all weeks is made and kept, and the
    weeks asked for are cut out of it: a week that is over has the same value whichever weeks stand
    beside it, and going back in time then asks the engine nothing.
    """
    series = _series(asked)
    if series == asked:
        return measure(ctx, asked)
    whole = measure(ctx, series)
    first, last = (label_of(day, GRAIN) for day in (asked.from_, asked.to) if day)
    metric = ctx.catalogue.get(asked.metric)
    return replace(
        whole,
        rows=tuple(row for row in whole.rows if first <= row.period <= last),
        sentence=sentence(metric, check_question(metric, asked)),
    )


def _series(asked: Question) -> Question:
    """Return the question whose answer holds that of a question of whole weeks."""
    if any(each.column != PRACTICE for each in asked.where):
        return asked
    return replace(asked, from_=None, to=None)


def _looked(ctx: Context, metric: Metric, over: Weeks, where: tuple[Condition, ...]) -> Looked:
    plain = metric.definition
    looked = Looked(
        metric.name,
        plain.title,
        plain.unit,
        plain.good,
        plain.bucket,
        plain.counter_metric,
        over.newest,
        settled(ctx, metric, over.to),
        metric.kind in STOCKS,
    )
    try:
        measured = weekly(ctx, question(metric.name, over, where))
    except ColumnsMissing as missing:
        return replace(looked, why="missing", words=missing.message)
    except (QueryWrong, UnknownColumn) as unfit:
        return replace(looked, why="unfit", words=unfit.message)
    if measured.suspect:
        failed = [f"‘{title}’" for title in titles(ctx, measured.suspect)]
        checks = f"{'a check' if len(failed) == 1 else 'checks'}: {', '.join(failed)}"
        return replace(
            looked,
            why="withheld",
            words=f"It stands on data that fails {checks}.",
            suspect=measured.suspect,
        )
    looked = replace(looked, measured=measured)
    try:
        return replace(looked, charted=charted(ctx, measured))
    except TooFewPoints as few:
        return replace(looked, why="too_few", words=few.message)


def settled(ctx: Context, metric: Metric, to: date) -> bool:
    """Say whether a period that ended on a day has its last value.

    What is counted of tickets from their opening on (reopenings, handovers, a promise kept) goes
    on happening to them for weeks; until then the newest weeks look better than they will be.
    """
    if metric.kind not in GROWING or getattr(metric.definition, "period_by", "") != "opened_at":
        return True
    opened = ctx.opened()
    return opened.periods.date_of(opened.watermark) - to >= SETTLING
