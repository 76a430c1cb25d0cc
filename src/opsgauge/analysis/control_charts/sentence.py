"""Says in plain words what the newest period on a control chart shows, and since when.

Floor 4, analysis. Words only: the chart has been judged already, and how a value is written is
the caller's to say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf, isfinite

from opsgauge.analysis.control_charts.chart import Chart, JudgedPoint
from opsgauge.analysis.control_charts.rules import (
    OUTSIDE_LIMITS,
    RULE_SET,
    RULE_SETS,
    SHIFT,
    TREND,
    TWO_OF_THREE,
    Broken,
)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_LABELS = {
    "day": re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    "week": re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})"),
    "month": re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})"),
    "quarter": re.compile(r"(?P<year>\d{4})-Q(?P<quarter>\d)"),
    "year": re.compile(r"(?P<year>\d{4})"),
}


@dataclass(frozen=True)
class PeriodWords:
    """A period as people say it: its kind, "week", and its name, "week 21"."""

    kind: str
    name: str

    @property
    def when(self) -> str:
        """The name with its preposition: "in week 21", "on 30 May"."""
        return f"{'on' if self.kind == 'day' else 'in'} {self.name}"


def period_words(label: str, this_year: int | None = None) -> PeriodWords:
    """Write a period's label for people; the year only where it is not this one.

    Examples
    --------
    >>> [period_words(p, 2016).name for p in ("2016-W21", "2015-W50", "2016-05", "2016-05-30")]
    ['week 21', 'week 50 of 2015', 'May', '30 May']
    >>> period_words("2016-Q1").when, period_words("2016").when, period_words("shift 3").when
    ('in quarter 1 of 2016', 'in 2016', 'in shift 3')
    """
    for kind, form in _LABELS.items():
        parts = form.fullmatch(label)
        if parts:
            return PeriodWords(kind, _name(kind, parts.groupdict(), this_year))
    return PeriodWords("period", label)


def sentence(
    chart: Chart,
    write: Callable[[float], str],
    this_year: int | None = None,
    within: tuple[float, float] = (-inf, inf),
) -> str:
    """Say what the newest judged period shows, and since when.

    Parameters
    ----------
    chart : as `xmr.chart` gives it
    write : how a value of this metric is written, such as `lambda v: amount(v, "hours")`
    this_year : the year that need not be said
    within : what values of this metric can be at all; a limit on or beyond an end is not said

    Returns
    -------
    One sentence. Of several broken rules it says the first in order of precedence.

    Examples
    --------
    >>> from opsgauge.analysis.control_charts.chart import Point
    >>> from opsgauge.analysis.control_charts.xmr import chart
    >>> weeks = [Point(f"2026-W{w:02}", v, n=40) for w, v in enumerate([9, 7, 8, 7, 9, 8, 7, 9], 1)]
    >>> sentence(chart(weeks, "lower"), "{:.1f}".format, this_year=2026)
    'Steady between 4.2 and 11.8 since week 1.'
    >>> worse = chart([*weeks, Point("2026-W09", 20, n=40)], "lower", freeze=8)
    >>> sentence(worse, "{:.1f}".format, this_year=2026)
    'Above the upper limit (11.8) in week 9.'
    """
    judged = [point for point in chart.points if point.judged]
    newest = judged[-1]
    phase = chart.phases[newest.phase]
    if phase.limits is None:
        return f"Not judged yet: its limits begin anew {period_words(phase.first, this_year).when}."
    judged = [point for point in judged if point.phase == newest.phase]
    if not newest.broken:
        seldom = "crossings" in phase.broken
        calm = _steady(judged, _span(chart, write, within), this_year)
        return "Crosses the centre more seldom than chance does." if seldom else calm
    signal = newest.broken[0]
    run = list(_run(chart, signal))
    said = _SAID.get(signal.rule, _by_its_rule)
    if (chart.rules, signal.rule) == (RULE_SET, TWO_OF_THREE):
        said = _near
    return said(signal, run, _Writer(chart, write, this_year))


@dataclass(frozen=True)
class _Writer:
    chart: Chart
    write: Callable[[float], str]
    this_year: int | None

    def period(self, point: JudgedPoint) -> PeriodWords:
        return period_words(point.period, self.this_year)

    def limit(self, direction: int) -> str:
        """Return "upper limit (50.2)" or "lower limit (39.1)"."""
        limits = self.chart.limits
        if direction > 0:
            return f"upper limit ({self.write(limits.upper)})"
        return f"lower limit ({self.write(limits.lower)})"


def _steady(judged: list[JudgedPoint], span: str, this_year: int | None) -> str:
    last_signal = max((at for at, point in enumerate(judged) if point.broken), default=None)
    if last_signal == len(judged) - 2:
        return f"Back {span} {period_words(judged[-1].period, this_year).when}."
    first = judged[0 if last_signal is None else last_signal + 1]
    return f"Steady {span} since {period_words(first.period, this_year).name}."


def _span(chart: Chart, write: Callable[[float], str], within: tuple[float, float]) -> str:
    limits = chart.limits
    floored, capped = limits.lower <= within[0], limits.upper >= within[1]
    if floored and capped:
        return f"around {write(limits.centre)}"
    if floored:
        end = write(limits.upper)
        return f"at {end}" if _is(within[0], end, write) else f"at up to {end}"
    if capped:
        end = write(limits.lower)
        return f"at {end}" if _is(within[1], end, write) else f"at {end} or more"
    return f"between {write(limits.lower)} and {write(limits.upper)}"


def _is(bound: float, written: str, write: Callable[[float], str]) -> bool:
    """Say whether a limit is written as the end of what can be at all is."""
    return isfinite(bound) and write(bound) == written


def _outside(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> str:
    newest = writer.period(run[0])
    place = "Above" if signal.direction > 0 else "Below"
    told = f"{place} the {writer.limit(signal.direction)} {newest.when}"
    again = f", the {_ordinal(len(run))} {newest.kind} in a row" if len(run) > 1 else ""
    return f"{told}{again}."


def _trend(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> str:
    way = "Rising" if signal.direction > 0 else "Falling"
    if _is_rest(signal, run, writer):
        return _by_its_rule(signal, run, writer)
    return f"{way} {_in_a_row(run, writer)}."


def _shift(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> str:
    place = "Above" if signal.direction > 0 else "Below"
    centre = writer.write(writer.chart.limits.centre)
    if _is_rest(signal, run, writer):
        return _by_its_rule(signal, run, writer)
    return f"{place} the centre ({centre}) {_in_a_row(run, writer)}."


def _near(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> str:
    newest = writer.period(run[0])
    judged = [p for p in writer.chart.points if p.judged and p.phase == run[0].phase]
    close = sum(Broken(signal.rule, signal.direction) in point.broken for point in judged[-3:])
    return (
        f"Close to the {writer.limit(signal.direction)} in {close} of the last 3 {newest.kind}s, "
        f"the latest {newest.name}."
    )


def _by_its_rule(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> str:
    """Say a rule that has no words of its own as its set says it."""
    rule = RULE_SETS[writer.chart.rules].rule(signal.rule)
    return f"{rule.sentence}, the latest {writer.period(run[0]).name}."


_SAID = {
    OUTSIDE_LIMITS: _outside,
    TREND: _trend,
    SHIFT: _shift,
    "longest_run": _shift,
}


def _is_rest(signal: Broken, run: list[JudgedPoint], writer: _Writer) -> bool:
    """Say whether a run is what a season left of a longer one: it is shorter than its rule asks."""
    return len(run) < RULE_SETS[writer.chart.rules].rule(signal.rule).points


def _in_a_row(run: list[JudgedPoint], writer: _Writer) -> str:
    kind, since = writer.period(run[0]).kind, writer.period(run[-1]).name
    return f"for {len(run)} {kind}s in a row, since {since}"


def _run(chart: Chart, signal: Broken) -> Iterator[JudgedPoint]:
    """Yield the periods that share the newest one's signal without a break, newest first."""
    kept = [point for point in chart.points if not point.excluded]
    while not kept[-1].judged:
        kept.pop()
    kept = [point for point in kept if point.phase == kept[-1].phase]
    yield kept[-1]
    for later, earlier in pairwise(reversed(kept)):
        if signal not in earlier.broken or (
            signal.rule == TREND and not _same_trend(chart, earlier, later, signal.direction)
        ):
            return
        yield earlier


def _same_trend(chart: Chart, earlier: JudgedPoint, later: JudgedPoint, way: int) -> bool:
    # Two trends may touch; a step that ends the one must not be counted into the other.
    if earlier.value is None or later.value is None:
        return False
    step = chart.limits.sign(later.value - earlier.value)
    return step == way or (step == 0 and not chart.lenient.equal_steps_break)


def _name(kind: str, parts: dict[str, str], this_year: int | None) -> str:
    year = int(parts["year"])
    if kind == "year":
        return str(year)
    of_year = "" if year == this_year else f" {year}"
    if kind == "day":
        day = date(year, int(parts["month"]), int(parts["day"]))
        return f"{day.day} {day:%b}{of_year}"
    if kind == "month":
        return f"{date(year, int(parts['month']), 1):%B}{of_year}"
    return f"{kind} {int(parts[kind])}{' of' if of_year else ''}{of_year}"


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
