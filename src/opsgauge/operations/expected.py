"""What a metric was expected to be, by its season: ranges, what lay outside, and what is ahead.

Floor 5. The series is measured as every other number is; by the hour, counts alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from opsgauge.analysis.forecast.backtest import NAIVE, Foreseen, foresee, holds
from opsgauge.analysis.forecast.layout import WEEKDAYS, Event, Layout
from opsgauge.analysis.forecast.profile import Profile, hours, profile, told
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import COUNTED, NARROW_NO_BREAK, amount, percent
from opsgauge.log.periods import ALL, label_of
from opsgauge.metrics.hourly import HOUR
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Provenance, iso
from opsgauge.operations.context import Context
from opsgauge.operations.expected_series import hourly, laid_out
from opsgauge.operations.gate import refuse_withheld
from opsgauge.operations.measure import measure

GRAINS_EXPECTED = (HOUR, "day", "week")
DAY = "day"
FEWEST_HELD = 30  # values held against their ranges, before anything is said of these
SMALL = 5  # counts below which a range is a few whole numbers
AS_EXPECTED, AHEAD = "as expected", "ahead"


@dataclass(frozen=True)
class Point:
    """One slot of the series: an hour, a day or a week.

    Attributes
    ----------
    state : "as expected", "above" or "below" the range, "far above" or "far below" it; "ahead"
        where it is not over or has no value
    expected, low, high : what was expected of it, and the range that holds 80 %; None where too
        little was known
    occasions : what fell on it beside the season, of what is known to do something
    predictable : it is out of the ordinary, and was known ahead
    """

    period: str
    value: float | None
    expected: float | None
    low: float | None
    high: float | None
    far_low: float | None
    far_high: float | None
    state: str
    occasions: tuple[str, ...]
    predictable: bool
    sentence: str

    @property
    def is_signal(self) -> bool:
        """Whether it lies where about one of a hundred does."""
        return self.state.startswith("far")

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "occasions": list(self.occasions)}


@dataclass(frozen=True)
class Expected:
    """A metric with what was expected of it.

    Attributes
    ----------
    points : of the days judged and of the day to come, in order
    """

    measured: Measured
    grain: str
    foreseen: Foreseen
    profile: Profile
    points: tuple[Point, ...]
    caveats: tuple[str, ...]
    provenance: Provenance

    @property
    def signals(self) -> tuple[Point, ...]:
        """What lay far outside its range."""
        return tuple(point for point in self.points if point.is_signal)

    @property
    def backtest(self) -> str:
        """Say how far what was expected was off, and what the range held."""
        used = self.foreseen.scores["used"]
        if not used.n or used.covered is None:
            return ""
        off = f", and what was expected was off by {percent(used.wape, 0)}" if used.wape else ""
        ahead = "a week ago" if self.grain != "week" else "the week before"
        beside = f" ({used.mase:.2f} times as far as the value of {ahead} is)" if used.mase else ""
        return (
            f"Each {self.grain} was foreseen from what came before it alone: of {used.n} values "
            f"{percent(used.covered, 0)} lay in the range, which says 80{NARROW_NO_BREAK}%{off}"
            f"{beside}."
        )

    @property
    def new_signals(self) -> tuple[Point, ...]:
        """Those of the newest day or week that has a value."""
        known = [point.period for point in self.points if point.value is not None]
        newest = known[-1].split(" ")[0] if known else ""
        return tuple(p for p in self.signals if p.period.split(" ")[0] == newest)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        measured = self.measured
        return {
            "metric": measured.metric,
            "unit": measured.unit,
            "statistic": measured.statistic,
            "grain": self.grain,
            "data_version": self.provenance.data_version,
            "definition": self.provenance.definition,
            "data_as_of": iso(self.provenance.data_as_of),
            "sentence": measured.sentence,
            "suspect": list(measured.suspect),
            "withheld": list(measured.withheld),
            "method": self.foreseen.method,
            "scores": {name: dict(vars(each)) for name, each in self.foreseen.scores.items()},
            "season": list(self.profile.sentences()),
            "backtest": self.backtest,
            "caveats": list(self.caveats),
            "signals": len(self.signals),
            "points": [point.as_json() for point in self.points],
        }


def expected(ctx: Context, question: Question, events: Sequence[Event] = ()) -> Expected:
    """Say what a metric was expected to be over the last eight weeks, and what is ahead.

    Needs `chart:read`. Every range is made from what came before its day or week alone.

    Parameters
    ----------
    question : by the hour, day or week; all as one is taken for the day
    events : what people know of ahead, such as rollouts

    Raises
    ------
    QueryWrong : it splits, or is by another period, or has values below nought
    TooFewPoints : less than two whole seasons
    NumbersWithheld : a check fails for which the workspace withholds numbers
    """
    ctx.require("chart:read")
    ctx = ctx.holding()
    grain = DAY if question.period == ALL else question.period
    _check(question, grain)
    daily = replace(question, period=DAY if grain == HOUR else grain)
    measured = measure(ctx, daily)
    refuse_withheld(ctx, measured.suspect)
    counts = measured.unit in COUNTED
    layout = (
        hourly(ctx, question) if grain == HOUR else laid_out(ctx, measured, counts, question.to)
    )
    if np.nanmin(layout.values, initial=0.0) < 0:
        raise QueryWrong(
            f"{measured.title} goes below nought, where parts of a usual day mean nothing.",
            hint=f"See opsgauge chart {measured.metric}.",
        )
    foreseen = _foreseen(ctx, layout, events)
    season = profile(foreseen.season)
    return Expected(
        measured,
        grain,
        foreseen,
        season,
        tuple(_points(foreseen, season, measured.unit)),
        (*measured.caveats, *_caveats(foreseen)),
        measured.provenance,
    )


def _foreseen(ctx: Context, layout: Layout, events: Sequence[Event]) -> Foreseen:
    """Return what was expected of a layout, from memory where that was asked before."""
    key = (layout.first, layout.days, layout.counts, layout.values.tobytes(), tuple(events))
    return ctx.opened().once(("foreseen", key), lambda: foresee(layout, events))


def _check(question: Question, grain: str) -> None:
    if question.by:
        raise QueryWrong(
            "What is expected is of one series.", hint="Choose one value with where, not by."
        )
    if question.shift or question.rolling or question.to_date:
        raise QueryWrong(
            "What is expected is of whole periods that do not overlap, each by itself.",
            hint="Leave shift, rolling and to-date away.",
        )
    if grain not in GRAINS_EXPECTED:
        raise QueryWrong(
            f"Nothing is expected by the {grain}.", hint=did_you_mean(grain, GRAINS_EXPECTED)
        )


def _caveats(foreseen: Foreseen) -> list[str]:
    used, said = foreseen.scores["used"], []
    if foreseen.method == NAIVE:
        said.append(
            "The season was off by more than the value of a season before, so that one is expected."
        )
    if used.n >= FEWEST_HELD and used.covered is not None and not holds(used):
        small = foreseen.layout.counts and float(np.nanmedian(foreseen.expected)) < SMALL
        why = "; most values are small counts, of which no range holds just so many" * small
        said.append(f"The range held {used.covered:.0%} of the values, where it says 80 %{why}.")
    return said


def _points(foreseen: Foreseen, season: Profile, unit: str) -> list[Point]:
    layout, ends = foreseen.layout, foreseen.ranges
    moving = {each.name for each in season.occasions if each.factor != 1}
    made = []
    for at in range(len(foreseen.expected)):
        row = foreseen.begin + at
        for slot in range(layout.values.shape[1]):
            if not layout.length[row, slot] > 0:
                continue  # clocks went forward: there was no such hour
            numbers = (
                layout.values[row, slot],
                foreseen.expected[at, slot],
                *(each[at, slot] for each in (ends.low, ends.high, ends.far_low, ends.far_high)),
            )
            value, *others = (None if np.isnan(each) else float(each) for each in numbers)
            when = _when(foreseen, row, slot)
            named = tuple(name for name in foreseen.found[at] if name in moving)
            made.append(_point(when, (value, *others), named, season, unit))
    return made


def _when(foreseen: Foreseen, row: int, slot: int) -> tuple[str, str]:
    """Return a slot's label, and how people call it."""
    layout, day = foreseen.layout, foreseen.layout.date(row)
    slots = layout.values.shape[1]
    if slots > 1:
        return f"{day} {slot:02}:00", f"{WEEKDAYS[day.weekday()]} {hours(slot, slots)}"
    if layout.days > 1:
        return label_of(day, "week"), f"Week {label_of(day, 'week')}"
    return f"{day}", f"{WEEKDAYS[day.weekday()]} {day}"


def _point(
    when: tuple[str, str],
    numbers: tuple[float | None, ...],
    named: tuple[str, ...],
    season: Profile,
    unit: str,
) -> Point:
    value, ahead, low, high, far_low, far_high = numbers
    state = _state(value, low, high, far_low, far_high)
    predictable = False
    if value is not None and ahead is not None and low is not None and high is not None:
        predictable = season.predictable(value, ahead, low, high)
    words = [amount(each, unit) for each in (low, high, value)]
    sentence = told([when[1], *named], *words) if low is not None else ""
    return Point(
        when[0],
        *(value, ahead, low, high, far_low, far_high),
        state=state,
        occasions=named,
        predictable=predictable,
        sentence=sentence if value is not None else sentence.rpartition(", got")[0],
    )


def _state(
    value: float | None,
    low: float | None,
    high: float | None,
    far_low: float | None,
    far_high: float | None,
) -> str:
    if value is None or low is None or high is None or far_low is None or far_high is None:
        return AHEAD
    if value > high:
        return "far above" if value > far_high else "above"
    if value < low:
        return "far below" if value < far_low else "below"
    return AS_EXPECTED
