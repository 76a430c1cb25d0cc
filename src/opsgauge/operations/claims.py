"""From a signal of the newest week to a claim: what happened, how much, how sure, what it costs.

Floor 5. Many charts are looked at, and some show a signal by chance alone; so a claim is made only
where chance, given all the charts looked at, is an unlikely reason (`standing`).
"""

from dataclasses import dataclass, replace

from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS, SHIFT, TREND
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.money import Money
from opsgauge.foundation.units import MINUS, amount, whole
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.phrases import chart_sentence, when, year_of
from opsgauge.operations.standing import LEVEL, MOST_FALSE, Standing, level_verdict

SLIGHT = 0.05  # of what is normal: less is nobody's concern, if it is within the usual steps too
HOURS_A_WEEK = 168
METHOD, LEVEL_METHOD = "xmr", "changepoint"
_WORDS = ((0.99, "Very sure"), (0.95, "Sure"), (1 - MOST_FALSE, "A hint"))
_RANKS = {"worse": 0, "change": 1, "better": 2}
_LANES = {
    "speed": Lane.TIME,
    "flow": Lane.TIME,
    "quality": Lane.QUALITY,
    "customer": Lane.QUALITY,
    "compliance": Lane.INTEGRITY,
    "risk": Lane.INTEGRITY,
}
_VERBS = {
    (OUTSIDE_LIMITS, 1): "rose to",
    (OUTSIDE_LIMITS, -1): "fell to",
    (TREND, 1): "kept rising, to",
    (TREND, -1): "kept falling, to",
    (SHIFT, 1): "stayed high, at",
    (SHIFT, -1): "stayed low, at",
}


@dataclass(frozen=True)
class Claim:
    """A finding with the words around it.

    `figure` is the part of the claim that carries the verdict; `because` says which rule, when.
    """

    finding: Finding
    metric: str
    where: tuple[str, ...]  # conditions as an address holds them: "team=Group 20"
    verdict: str  # "worse", "better" or "change"
    figure: str
    because: str
    certainty: float
    charts: int  # looked at to find it
    size_words: str
    charted: Charted
    period: str
    n: int
    twins: tuple[str, ...] = ()  # metrics that say the same, told in the same breath

    def priced(self, an_hour: Money) -> "Claim":
        """Return it with what its hours of waiting cost; those of a median are nobody's bill."""
        if self.finding.worth_hours is None:
            return self
        return replace(self, finding=replace(self.finding, an_hour=an_hour))

    @property
    def sure(self) -> str:
        """How sure it is, in words."""
        return sure_words(self.certainty)

    @property
    def rank(self) -> tuple[int, float, float]:
        """Its place: worse before better, then by worth, then by size, each times certainty.

        The size is told in steps of the usual coming and going, so that units do not matter.
        """
        worth = (self.finding.worth_hours or 0.0) * self.certainty
        steps = abs(self.finding.size) / (_sigma(self.charted) or 1.0)
        return (_RANKS[self.verdict], -worth, -steps * self.certainty)


@dataclass(frozen=True)
class Subject:
    """What is claimed about: its name at the start of a sentence, and where its tickets are."""

    metric: str
    bucket: str
    name: str  # "Time to resolve", "Group 20"
    where: tuple[str, ...] = ()
    stock: str = ""  # what lies there: "open tickets"; "" for what is no stock
    holds: bool = False  # it is a team, and the stock is what it holds
    drifts: bool = False  # what is open stays open: seven weeks in a row say little


def sure_words(certainty: float) -> str:
    """Say how sure something is.

    Examples
    --------
    >>> sure_words(0.999), sure_words(0.97), sure_words(0.9), sure_words(0.5)
    ('Very sure', 'Sure', 'A hint', 'Not sure')
    """
    return next((words for least, words in _WORDS if certainty >= least), "Not sure")


def claim(
    subject: Subject, charted: Charted, point: ChartPoint, standing: Standing
) -> Claim | None:
    """Make a claim of a chart's newest period.

    None where chance may well be the reason, or where it is hardly off the usual.
    """
    told = _told(charted, point, standing)
    if not standing.is_news or told is None:
        return None
    if subject.drifts and OUTSIDE_LIMITS not in point.signals:
        return None
    measured = charted.measured
    if abs(told.size) < SLIGHT * abs(told.usual) and abs(told.size) < _sigma(charted):
        return None
    figure = f"{amount(told.value, measured.unit)} {subject.stock}".strip()
    row = next(each for each in measured.rows if each.period == point.period)
    interval = None
    if told.kind != LEVEL and row.low is not None and row.high is not None:
        interval = (row.low - told.usual, row.high - told.usual)
    finding = Finding(
        id="-".join([subject.metric, point.period, told.kind, *subject.where]),
        kind=told.kind,
        lane=_LANES.get(subject.bucket, Lane.DEMAND),
        claim=_sentence(subject, charted, point, told, figure),
        size=told.size,
        unit=measured.unit,
        interval=interval,
        n=point.n,
        method=METHOD if told.kind != LEVEL else LEVEL_METHOD,
        evidence=Evidence(
            measured.sentence, measured.provenance.data_version, measured.provenance.definition
        ),
        worth_hours=_worth(subject, told.size),
        caveats=_caveats(subject, standing.charts),
    )
    return Claim(
        finding=finding,
        metric=subject.metric,
        where=subject.where,
        verdict=told.verdict,
        figure=figure,
        because=chart_sentence(charted) if told.kind != LEVEL else _together(charted, told),
        certainty=standing.certainty,
        charts=standing.charts,
        size_words=_size(told.size, measured.unit),
        charted=charted,
        period=point.period,
        n=point.n,
    )


@dataclass(frozen=True)
class _Told:
    """What is told: by a rule of the chart of its newest period, or of its newest ones together."""

    kind: str
    value: float
    usual: float
    verdict: str
    last: int = 1

    @property
    def size(self) -> float:
        return self.value - self.usual


def _told(charted: Charted, point: ChartPoint, standing: Standing) -> _Told | None:
    if point.value is None:
        return None
    if point.signals:
        return _Told(point.signals[0], point.value, charted.centre, point.verdict)
    shift = standing.shift
    said = level_verdict(shift, charted.measured.good)
    return _Told(LEVEL, shift.after, shift.before, said, shift.last)


def _sentence(
    subject: Subject, charted: Charted, point: ChartPoint, told: _Told, figure: str
) -> str:
    usual = amount(told.usual, charted.measured.unit)
    if subject.holds and told.usual > 0:
        times = told.value / told.usual
        much = f"{times:.1f} times its usual work" if times >= 1.15 else "more than its usual work"
        return f"{subject.name} holds {much}: {figure}, where {usual} is normal."
    direction = 1 if told.size > 0 else -1
    if told.kind == LEVEL and told.last > 1:
        verb = "rose to" if direction > 0 else "fell to"
        grain = charted.measured.period
        over = f"over the last {told.last} {grain}s"
        return f"{subject.name} {verb} {figure} {over}, where {usual} was normal."
    verb = _VERBS.get((told.kind, direction), "came close to a limit, at")
    period = when(point.period, year_of(charted.measured))
    return f"{subject.name} {verb} {figure} {period}, where {usual} is normal."


def _together(charted: Charted, told: _Told) -> str:
    """Say why something is told that breaks no rule of the chart."""
    newest = f"{told.last} newest {charted.measured.period}s" if told.last > 1 else "newest one"
    return (
        f"No single {charted.measured.period} breaks a rule, but the {newest} together lie apart "
        "from those before."
    )


def _size(size: float, unit: str) -> str:
    if unit == "share":
        return f"{'+' if size >= 0 else MINUS}{abs(size) * 100:.1f} points"
    return ("+" if size >= 0 else "") + amount(size, unit)


def _worth(subject: Subject, size: float) -> float | None:
    """Return waiting hours of the week: what lies there beyond the usual, all week long."""
    return abs(size) * HOURS_A_WEEK if subject.stock else None


def _caveats(subject: Subject, charts: int) -> tuple[str, ...]:
    looked = "1 chart was" if charts == 1 else f"{whole(charts)} charts were"
    found = [f"{looked} looked at; that is taken into account."]
    if subject.stock:
        found.append("What is open stays from week to week, so weeks lean on each other.")
        found.append("Hours as if the week's end had been its level all week.")
    return tuple(found)


def _sigma(charted: Charted) -> float:
    """Return a third of the way from the centre to a limit."""
    return (charted.upper - charted.centre) / 3
