"""What an address asks: its parameters, read the same way for a page and for its JSON twin.

Floor 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.foundation.errors import QueryWrong, WorkspaceMissing
from opsgauge.log.periods import ALL, grain_of
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import TicketList
from opsgauge.operations.asking import Asked, as_known, conditions, day
from opsgauge.operations.charting import Charting, charting
from opsgauge.operations.clock_lists import ClocksBehind, clocks_behind
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Passed, Selection
from opsgauge.operations.lists import FIRST_PAGE, MOST_ROWS, Page
from opsgauge.operations.measure import tickets_behind, tickets_where
from opsgauge.operations.persons import Looks
from opsgauge.operations.service_levels import Clocks


def served(request: Request) -> Context:
    """Return the newest data as whoever asks may see it.

    The one place where a request's context gets its actor; without one it fails.
    """
    whole: Context = request.app.state.context
    looks: Looks = request.app.state.looks
    return replace(whole, actor=request.state.actor, looked=looks.note)


def context(
    request: Request,
    data_version: int | None = None,
    known_at: Annotated[
        str | None, Query(description="As it was known then: 2026-01-31T06:00Z.")
    ] = None,
) -> Context:
    """Return the context of this request, which reads one data version from start to end."""
    newest = served(request)
    chosen = newest if data_version is None else newest.at_version(data_version)
    chosen = as_known(chosen, known_at)
    try:
        return chosen.holding()
    except WorkspaceMissing:
        return chosen  # nothing is imported yet: whoever needs data will say so


def asked(
    by: Annotated[list[str] | None, Query(description="Split by this dimension.")] = None,
    where: Annotated[
        list[str] | None, Query(description="Only such tickets: team=A, or team=A|B.")
    ] = None,
    period: Annotated[str, Query(description="day, week, month, quarter, year or all.")] = "",
    from_: Annotated[
        str | None, Query(alias="from", description="First date, included: 2026-01-31.")
    ] = None,
    to: Annotated[str | None, Query(description="Last date, included.")] = None,
    as_of: Annotated[
        str | None, Query(description="As things stood then: 2026-01-31T06:00Z.")
    ] = None,
    statistic: Annotated[str | None, Query(description="Such as median, mean or p90.")] = None,
    shift: Annotated[
        str | None, Query(description="Beside each value: previous, year, or N periods before.")
    ] = None,
    rolling: Annotated[
        str | None, Query(description="Of the window up to its end: 7d, 28d, 30d, 3m or 12m.")
    ] = None,
    to_date: Annotated[bool, Query(description="Up to the point the newest has come to.")] = False,
    aggregate: Annotated[
        str | None, Query(description="Of a stock in each period: first, last or average.")
    ] = None,
) -> Asked:
    """Return the question an address holds; an empty period is left to whoever asks."""
    return Asked(
        statistic=statistic or None,
        by=tuple(by or ()),
        where=tuple(where or ()),
        period=period,
        from_=from_ or None,
        to=to or None,
        as_of=as_of or None,
        shift=shift or None,
        rolling=rolling or None,
        to_date=to_date,
        aggregate=aggregate or None,
    )


YES = ("true", "True", "1", "yes", "on")
Ctx = Annotated[Context, Depends(context)]
Served = Annotated[Context, Depends(served)]


def newest(request: Request) -> Context:
    """Return the context of this request over the newest data: nothing is written by older data."""
    return context(request)


Newest = Annotated[Context, Depends(newest)]
# Of a record that people made; a larger one no database would take.
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
AskedOf = Annotated[Asked, Depends(asked)]


def charted_how(
    chart: Annotated[
        str, Query(description=f"auto for the one that suits, or {', '.join(KINDS)}.")
    ] = "xmr",
    rules: Annotated[
        str, Query(description=f"{', '.join(RULE_SETS)}; empty: those of the chart.")
    ] = "",
    freeze: Annotated[
        int | None, Query(description="Limits from the first so many periods only.", ge=1)
    ] = None,
    rebase: Annotated[
        list[str] | None, Query(description="Day of a lasting change: 2026-01-31.")
    ] = None,
    event: Annotated[
        list[str] | None, Query(description="Known ahead: Rollout=2026-03-02..2026-03-06.")
    ] = None,
) -> Charting:
    """Return the kind of chart that the address asks for, with its rules and phases."""
    return charting(chart, rules, freeze, rebase or (), event or ())


ChartingOf = Annotated[Charting, Depends(charted_how)]


def selection(
    asked: AskedOf,
    steps: Annotated[
        str, Query(description="With step or path: what a step is, as the process map has it.")
    ] = "phase",
    step: Annotated[str | None, Query(description="Only tickets that passed this step.")] = None,
    then: Annotated[str | None, Query(description="And went straight on to this one.")] = None,
    path: Annotated[str, Query(description="Only tickets with this path, by its id.")] = "",
) -> Selection:
    """Return which tickets an address chooses, whatever number they stand behind."""
    passed = Passed(steps, step, then, path) if step is not None or path else None
    return Selection(conditions(asked.where), day("from", asked.from_), day("to", asked.to), passed)


SelectionOf = Annotated[Selection, Depends(selection)]


def of_clocks(
    clock: Annotated[
        str | None, Query(description="List clocks of this service level, by its name.")
    ] = None,
    outcome: Annotated[
        str, Query(description="With clock: decided, kept, broken, lasting, overdue and so on.")
    ] = "decided",
    link: Annotated[
        str, Query(description="With clock: the service level inside, for outcomes of a link.")
    ] = "",
    spent: Annotated[
        str, Query(description="With clock: only those that spent time there: team=A.")
    ] = "",
) -> ClocksBehind | None:
    """Return which clocks of a service level an address asks for; None for none."""
    if not clock:
        return None
    parts = conditions([spent] if spent else ())
    if any(len(each.values) > 1 for each in parts):
        raise QueryWrong("A clock's time is asked of one part alone.", hint="Such as spent=team=A.")
    return ClocksBehind(clock, outcome, link, parts[0] if parts else None)


OfClocks = Annotated[ClocksBehind | None, Depends(of_clocks)]


@dataclass(frozen=True)
class Listing:
    """Which list of tickets an address asks for: those behind a number, or those chosen freely.

    Attributes
    ----------
    clocks : of which service level's number; None for any other list
    metric : whose number it is; None for tickets chosen freely
    row : period and dimensions of that number
    part : "numerator" for only those of a share's tickets that it counts, "rest" for the others
    """

    asked: Asked
    chosen: Selection
    metric: str | None
    row: Mapping[str, str | None]
    part: str
    page: Page
    clocks: ClocksBehind | None = None

    @property
    def clocks_chosen(self) -> Clocks:
        """Which clocks are asked for."""
        return Clocks(self.chosen.where, self.chosen.from_, self.chosen.to)

    def question(self, ctx: Context) -> Question:
        """Return the question whose answer holds the number."""
        return self.asked.question(self.metric or "", ctx.workspace.zone)

    def answer(self, ctx: Context) -> TicketList:
        """Return the list."""
        if self.clocks is not None:
            return clocks_behind(ctx, self.clocks, self.clocks_chosen, self.page)
        if self.metric is None:
            return tickets_where(ctx, self.chosen, self.page)
        return tickets_behind(ctx, self.question(ctx), self.row, self.page, self.part)


def paged(
    sort: Annotated[str, Query(description="A column; a minus in front: largest first.")] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = FIRST_PAGE.limit,
) -> Page:
    """Return which rows of a list an address asks for."""
    return Page(offset, limit, sort)


def listing(
    asked: AskedOf,
    chosen: SelectionOf,
    page: Annotated[Page, Depends(paged)],
    clocks: OfClocks = None,
    metric: Annotated[str | None, Query(description="Whose number; empty: any tickets.")] = None,
    at: Annotated[str, Query(description="The period of the number, such as 2026-W04.")] = ALL,
    value: Annotated[
        list[str] | None, Query(description="The number's dimensions: team=A; empty: missing.")
    ] = None,
    part: Annotated[
        str,
        Query(
            description="Of a share: numerator, rest (those it does not count); shifted: beside it."
        ),
    ] = "",
) -> Listing:
    """Return which list of tickets an address asks for."""
    if clocks is not None and (metric or chosen.passed):
        raise QueryWrong(
            "A list is of one number: of a service level, a metric or a process map.",
            hint="Leave clock away, or metric, step and path.",
        )
    row = {"period": at, **{each.column: each.values[0] for each in conditions(value or ())}}
    grain = asked.period or (ALL if at == ALL else grain_of(at))
    return Listing(replace(asked, period=grain), chosen, metric or None, row, part, page, clocks)


ListingOf = Annotated[Listing, Depends(listing)]


def listing_of(params: Sequence[tuple[str, str]], page: Page) -> Listing:
    """Return the list that an address kept as text asks for, with other rows of it.

    Parameters
    ----------
    params : the parameters of a list's address
    page : the rows wanted; the order is the address's own
    """
    one = dict(params)
    many = {
        name: [value for key, value in params if key == name] for name in ("by", "where", "value")
    }
    question = asked(
        by=many["by"],
        where=many["where"],
        period=one.get("period", ""),
        from_=one.get("from"),
        to=one.get("to"),
        as_of=one.get("as_of"),
        statistic=one.get("statistic"),
        shift=one.get("shift"),
        rolling=one.get("rolling"),
        to_date=one.get("to_date", "") in YES,
        aggregate=one.get("aggregate"),
    )
    return listing(
        question,
        selection(
            question,
            one.get("steps", "phase"),
            one.get("step"),
            one.get("then"),
            one.get("path", ""),
        ),
        replace(page, sort=one.get("sort", "")),
        of_clocks(
            one.get("clock"),
            one.get("outcome", "decided"),
            one.get("link", ""),
            one.get("spent", ""),
        ),
        one.get("metric"),
        one.get("at", ALL),
        many["value"],
        one.get("part", ""),
    )
