"""One metric: its sentence, its chart, its signals, its split, and its definition beside it.

Floor 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from opsgauge.foundation.errors import ColumnsMissing, TooFewPoints
from opsgauge.foundation.units import COUNTED, amount
from opsgauge.log.periods import ALL
from opsgauge.metrics.question import Question
from opsgauge.operations.agreed_on import Agreed, agreed_on
from opsgauge.operations.answers import Explained, Measured, Value
from opsgauge.operations.asking import Asked
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.charting import Charting
from opsgauge.operations.drawing.bars import interval_bar
from opsgauge.operations.drawing.control_chart import Goal, Told, control_chart
from opsgauge.operations.drawing.signals import signal_rows
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.operations.meant import not_there_words
from opsgauge.operations.measure import explain, measure
from opsgauge.operations.phrases import chart_sentence, said, when, year_of
from opsgauge.operations.silence import silence_note, silent_periods, with_silent
from opsgauge.web.asked import AskedOf, ChartingOf
from opsgauge.web.counted import seen_on_page
from opsgauge.web.pages import choosers
from opsgauge.web.pages import metric_chart as charting
from opsgauge.web.pages import metric_notices as notices
from opsgauge.web.pages import metric_splits as splitting
from opsgauge.web.pages import metric_tables as tables
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.comparing import comparing_links
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, option
from opsgauge.web.pages.metric_agreed import agreed_values, breakdown_with, goal_of, told_both
from opsgauge.web.pages.metric_asked import none, of_one_period, series_of
from opsgauge.web.pages.metric_beside import beside, chooser, plainly, without
from opsgauge.web.pages.metric_expected import expected_values
from opsgauge.web.pages.metric_meanwhile import meanwhile_values, noted
from opsgauge.web.pages.metric_signals import signal_values
from opsgauge.web.pages.published import of_metric as published_of
from opsgauge.web.pages.restated import restated_note
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.whose_clock import of_metric

SPLITS_SHOWN = 5
EACH = {"share": "share", "mean": "mean", "median": "half within", "ratio": "one for each"}
ANY_PERIOD = "any-period"  # where a period's label goes
router = APIRouter(route_class=TidyRoute)


@router.get("/metrics")
def metrics_page(seen: ViewOf) -> RedirectResponse:
    """Lead to the catalogue."""
    return RedirectResponse(str(seen.address.to("/catalogue")), 307)


@router.get("/metrics/{metric}", dependencies=[Depends(seen_on_page)])
def metric_page(
    metric: str, seen: ViewOf, asked: AskedOf, charted_how: ChartingOf, definition: str = "open"
) -> HTMLResponse:
    """Draw a metric's page."""
    how = charting.page_charting(charted_how)
    question = series_of(metric, asked, seen)
    splitting.ask_ahead(seen, plainly(asked), metric)
    explained = explain(seen.ctx, question)
    try:
        measured = measure(seen.ctx, question)
    except ColumnsMissing as missing:
        page = MetricPage(seen, plainly(asked), none(explained, question), explained, question, how)
        return html("metric.html", page.values(notices.missing(seen, missing), definition))
    page = MetricPage(seen, plainly(asked), measured, explained, question, how)
    more = beside(seen, question, asked, page.tickets())
    return html("metric.html", {**page.values(page.reason(), definition), **more})


@dataclass(frozen=True)
class MetricPage:
    """A metric's page in the making."""

    seen: View
    asked: Asked
    measured: Measured
    explained: Explained
    question: Question
    how: Charting

    def values(self, notice: Values | None, definition: str) -> Values:
        """Return what `metric.html` asks for."""
        seen, measured = self.seen, self.measured
        chart = self.chart(notice)
        newest = self.newest(chart)
        hrefs = self.period_hrefs(measured)
        between = chart is not None and chart.between
        drawn = chart.measured if chart and between else measured
        chart_hrefs = self.period_hrefs(drawn) if between else hrefs
        meanwhile = meanwhile_values(
            seen, drawn, chart, [each.target for each in self.agreed.targets]
        )
        notes = noted(self.silent, meanwhile["happened"])
        headline = self.headline(newest, notice)
        shown = replace(with_silent(told_both(measured), self.silent), caveats=self.caveats())
        return {
            "page": frame(
                seen,
                "metrics",
                measured.title,
                self.state(),
                provenance=measured.provenance,
                json_href=self.twin(),
            ),
            "headline": headline,
            "why": self.why(chart, notice),
            "crumbs": self.crumbs(),
            "measured": shown,
            "silent": self.silent,
            "whose_clock": of_metric(seen, measured.metric),
            "newest": newest,
            "newest_href": hrefs.get(newest.period, "") if newest else "",
            **self.overall(),
            **signal_values(seen, measured, chart, self.agreed),
            "counter": self.counter(newest),
            "notice": notice,
            "charted": chart,
            "drawn": drawn if between else shown,
            "chart_hrefs": chart_hrefs,
            "chart_spec": control_chart(
                chart, chart_hrefs, Told(notes, meanwhile["marks"]), self.goal
            )
            if chart
            else None,
            **meanwhile,
            **expected_values(seen, self.question, self.how.events, hrefs),
            "goal": self.goal,
            **agreed_values(seen, measured, self.agreed, newest),
            "published": published_of(
                seen, measured.metric, newest is not None and not measured.withheld
            ),
            "chart_title": self.chart_title(drawn),
            "points": {point.period: point for point in chart.points} if chart else {},
            "signals": signal_rows(chart) if chart else (),
            "period_hrefs": hrefs,
            **charting.choices(seen, measured),
            **charting.suited_values(seen, chart, self.how),
            "dimensions": self.dimensions(),
            **self.breakdown(notice),
            "csv_hrefs": tables.files(seen, measured, self.split()),
            "interval_bar": interval_bar,
            "beside": None,
            "explained": self.explained,
            "restated": restated_note(seen, self.question),
            "comparisons": comparing_links(seen, self.question.metric),
            "drawer_open": definition != "closed",
            "drawer_href": str(seen.address.having(definition=None)),
            "drawer_close_href": str(seen.address.having(definition="closed")),
        }

    @cached_property
    def agreed(self) -> Agreed:
        """The metric's targets and owners."""
        return agreed_on(self.seen.ctx, self.measured.metric)

    @cached_property
    def goal(self) -> Goal | None:
        """The goal line of the chart."""
        return goal_of(self.agreed, self.measured)

    def caveats(self) -> tuple[str, ...]:
        """Return the caveats but those that the frame says of filters, and what came short."""
        told = not_there_words(self.seen.ctx, self.measured.where)
        caveats = tuple(each for each in self.measured.caveats if each not in told)
        short = silence_note(self.silent)
        return (*caveats, short) if short else caveats

    @cached_property
    def silent(self) -> Mapping[str, str]:
        """The periods in which no records came for days, each with which."""
        seen, measured = self.seen, self.measured
        return silent_periods(seen.ctx, seen.ctx.catalogue.get(measured.metric), measured)

    def reason(self) -> Values | None:
        """Return why there is no chart, None where there is one."""
        if self.measured.suspect:
            return notices.withheld(self.seen, self.measured)
        if not self.measured.rows:
            return notices.empty(self.seen, self.measured)
        if isinstance(self.judged, TooFewPoints):
            return notices.too_few(self.seen, self.judged, self.measured, self.now)
        return None

    @cached_property
    def judged(self) -> Charted | TooFewPoints:
        """The series with its limits, or why it has none."""
        try:
            return charted(self.seen.ctx, self.measured, self.how)
        except TooFewPoints as few:
            return few

    def chart(self, notice: Values | None) -> Charted | None:
        """Return the chart, None where a notice stands in its place."""
        return None if notice or isinstance(self.judged, TooFewPoints) else self.judged

    def newest(self, chart: Charted | None) -> Value | None:
        """Return the value of the newest period that has ended and has one."""
        rows: Sequence[Value] = self.measured.rows
        if chart and not chart.between:
            over = {point.period for point in chart.points if point.complete}
            rows = [row for row in rows if row.period in over]
        return tables.newest_over(rows, self.now)

    @cached_property
    def now(self) -> str:
        """The label of the period that is not over."""
        return tables.running(self.seen, self.question)

    def chart_title(self, drawn: Measured) -> str:
        """Return the title over the chart."""
        statistic, unit = drawn.statistic, drawn.unit
        shown = unit if statistic == "count" else EACH.get(statistic, plain(statistic))
        if drawn is not self.measured:
            return f"Each day on which it happened, {shown}"
        return f"Each {drawn.period}, {shown}"

    def headline(self, newest: Value | None, notice: Values | None) -> str:
        """Return the page's sentence."""
        title = f"{self.measured.title}{notices.of_which(self.seen, self.measured)}"
        if newest is None or (notice and notice["kind"] != "too_few"):
            return f"{title}: no number is shown" if notice else title
        value = said(newest.value, self.measured.unit, self.measured.statistic)
        so_far = " so far" if newest.period == self.now else ""
        return f"{title}: {value} {when(newest.period, year_of(self.measured))}{so_far}"

    def why(self, chart: Charted | None, notice: Values | None) -> str:
        """Return one or two lines behind the sentence."""
        if chart is None:
            return "" if notice and notice["kind"] != "too_few" else self.explained.question
        told = [chart_sentence(chart), tables.limits_from(chart)]
        on_the_way = tables.unsettled(self.seen, self.measured, self.newest(chart))
        return (
            " ".join(told)
            + on_the_way
            + tables.open_end(chart)
            + notices.mixed(self.seen, self.measured)
        )

    def crumbs(self) -> list[Values]:
        """Return the way back."""
        practice = self.seen.ctx.catalogue.get(self.measured.metric).practice
        catalogue = self.seen.address.to("/catalogue")
        return [
            link("Metrics", catalogue),
            link(capfirst(plain(practice)), f"{catalogue}#{practice}"),
        ]

    def state(self) -> list[Any]:
        """Return the state line."""
        seen, asked = self.seen, self.asked
        now = asked.by[0] if asked.by else self.split()
        moment = asked.question(self.measured.metric, seen.ctx.workspace.zone).as_of
        grains = seen.ctx.catalogue.get(self.measured.metric).grains
        return [
            *choosers.which_tickets(seen),
            ", ",
            choosers.dates(seen),
            ", by ",
            choosers.grain(seen, self.measured.period, grains),
            ", split by ",
            choosers.split(seen, now),
            ", ",
            chooser(seen, self.measured),
            ", on the ",
            charting.chart_chooser(seen, self.measured, self.how),
            ", ",
            choosers.as_of(seen, moment),
        ]

    def twin(self) -> str:
        """Return the address of the JSON twin, with what this page chooses by itself."""
        rules = self.how.rules or None
        chosen = {"period": self.measured.period, "by": self.split() or None, "rules": rules}
        return str(self.seen.address.having(**chosen, definition=None).twin())

    def tickets(self, **params: Any) -> Address:
        """Return the address of tickets behind a number of this metric."""
        address = charting.without_chart(without(self.seen.address))
        kept = address.having(definition=None, by=None, period=None, statistic=None).params
        return Address("/tickets", kept).having(
            metric=self.measured.metric, statistic=self.measured.statistic, **params
        )

    def period_hrefs(self, drawn: Measured) -> Mapping[str, str]:
        """Return for each period that is drawn the address of the tickets behind it."""
        # Of a share the events of a day are its numerator.
        events = drawn is not self.measured and self.measured.unit == "share"
        part = "numerator" if events else None
        # Writing an address takes longer than putting a label into one.
        address = str(self.tickets(period=drawn.period, at=ANY_PERIOD, part=part))
        return {row.period: address.replace(ANY_PERIOD, row.period) for row in drawn.rows if row.n}

    def overall(self) -> Values:
        """Return the whole range as one number, where that means something."""
        nothing: Values = {"overall": None, "overall_words": "", "overall_href": ""}
        nothing |= {"overall_is_n": False, "overall_with": None}
        if self.measured.suspect or not self.measured.rows:
            return nothing
        whole = self.asked_over_all(())
        if not whole.rows:
            return nothing
        return {
            "overall": whole.rows[0],
            "overall_words": capfirst(str(choosers.dates(self.seen, "everything")["words"])),
            "overall_href": str(self.tickets(period=ALL)),
            "overall_with": next(iter(whole.rows_with_left_out), None),
            "overall_is_n": whole.unit in COUNTED and whole.rows[0].value == whole.rows[0].n,
        }

    def asked_over_all(self, by: tuple[str, ...]) -> Measured:
        """Measure over the whole range, perhaps split."""
        name = self.measured.metric
        return measure(
            self.seen.ctx,
            splitting.over_all(self.seen, self.asked, name, by, self.measured.statistic),
        )

    def counter(self, newest: Value | None) -> Values | None:
        """Return the counter-metric with its value in the same period."""
        name = self.explained.counter_metric
        if name is None:
            return None
        title = self.seen.ctx.catalogue.get(name).definition.title
        address = charting.without_chart(self.seen.address).having(statistic=None)
        href = Address(f"/metrics/{name}", address.params)
        return {"title": title, "href": str(href), "value": self._counter_value(name, newest)}

    def _counter_value(self, name: str, newest: Value | None) -> str:
        asked = replace(self.asked, statistic=None, by=(), period=self.measured.period)
        question = asked.question(name, self.seen.ctx.workspace.zone)
        try:
            other = measure(self.seen.ctx, of_one_period(question, newest))
        except ColumnsMissing:
            return "not in the records"
        rows = [row for row in other.rows if newest and row.period == newest.period]
        return amount(rows[0].value, other.unit) if rows and not other.suspect else ""

    def dimensions(self) -> list[Values]:
        """Return the first dimensions to split by, and the one chosen if it is another."""
        now = self.split()
        offered = splitting.offered(self.seen, self.measured.metric)
        shown = offered[:SPLITS_SHOWN]
        if now and now not in shown:
            shown[-1:] = [now]
        return [
            option(capfirst(plain(each)), f"{self.seen.address.having(by=each)}#split", each == now)
            for each in shown
        ]

    def split(self) -> str:
        """Return the dimension to split by: the one asked for, or the first there is."""
        return splitting.split(self.seen, self.asked, self.measured.metric)

    def breakdown(self, notice: Values | None) -> Values:
        """Return the split of the whole range, the largest value first, small groups last."""
        name = self.split()
        nothing: Values = {
            "breakdown": None,
            "breakdown_title": "",
            "breakdown_hrefs": [],
            "breakdown_span": None,
            "breakdown_with": [],
        }
        if not name or (notice and notice["kind"] != "too_few"):
            return nothing
        split = self.asked_over_all((name,))
        rows = tuple(sorted(split.rows, key=lambda row: tables.place(row, split.unit)))
        return {
            "breakdown": replace(split, rows=rows),
            "breakdown_with": breakdown_with(split, rows),
            "breakdown_title": tables.compared(rows, name, split),
            "breakdown_hrefs": [self._row_href(row, name) if row.n else "" for row in rows],
            "breakdown_span": tables.span(rows, split.unit, self.overall()["overall"]),
        }

    def _row_href(self, row: Value, name: str) -> str:
        value = row.by[name]
        return str(
            self.tickets(period=ALL, by=name, value=f"{name}={'' if value is None else value}")
        )
