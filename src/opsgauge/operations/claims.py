"""From a signal of the newest week to a claim: what happened, how much, how sure, what it costs.

Floor 5. Many charts are looked at, and some show a signal by chance alone; so a claim is made only
where chance, given all the charts looked at, is an unlikely reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, sqrt
from statistics import fmean, stdev

from scipy.special import bdtr, bdtrc, stdtr

from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS, SHIFT, TREND
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MINUS, amount, whole
from opsgauge.operations.answers import Charted, ChartPoint, Value
from opsgauge.operations.phrases import chart_sentence, when, year_of

A_HINT = 0.8  # less sure than this is no claim
SLIGHT = 0.05  # of what is normal: less is nobody's concern, if it is within the usual steps too
HOURS_A_WEEK = 168
METHOD = "xmr"
_WORDS = ((0.99, "Very sure"), (0.95, "Sure"), (A_HINT, "A hint"))
_RANKS = {"worse": 0, "change": 1, "better": 2}
_TWO_OF_THREE_BY_CHANCE = 6 * (0.0228 - 0.0013) ** 2  # two sides, three pairs
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


def certainty(charted: Charted, point: ChartPoint, charts: int) -> float:
    """Return how unlikely chance alone is as the reason, between 0 and 1.

    For a value outside the limits: by Student's t, whether it is one more of the earlier values,
    which holds for few of them and for those that drift; of a share also by counting its tickets.
    For runs: how seldom a coin falls so.
    The odds are multiplied by the number of charts looked at (Bonferroni).
    """
    rule = point.signals[0]
    if rule in {SHIFT, TREND}:
        length = _run(charted, point, rule)
        odds = 2 * 0.5**length if rule == SHIFT else 2 / factorial(length)
    elif rule == OUTSIDE_LIMITS:
        odds = _odds_outside(charted, point)
    else:
        odds = _TWO_OF_THREE_BY_CHANCE
    return max(0.0, 1 - odds * charts)


def sure_words(certainty: float) -> str:
    """Say how sure something is.

    Examples
    --------
    >>> sure_words(0.999), sure_words(0.97), sure_words(0.85), sure_words(0.5)
    ('Very sure', 'Sure', 'A hint', 'Not sure')
    """
    return next((words for least, words in _WORDS if certainty >= least), "Not sure")


def claim(subject: Subject, charted: Charted, point: ChartPoint, charts: int) -> Claim | None:
    """Make a claim of a point that breaks a rule.

    None where chance may well be the reason, or where the week itself is hardly off the usual.
    """
    sure = certainty(charted, point, charts)
    if point.value is None or sure < A_HINT:
        return None
    if subject.drifts and point.signals[0] != OUTSIDE_LIMITS:
        return None
    measured, size = charted.measured, point.value - charted.centre
    if abs(size) < SLIGHT * abs(charted.centre) and abs(size) < _sigma(charted):
        return None
    figure = _figure(subject, charted, point)
    row = next(each for each in measured.rows if each.period == point.period)
    interval = None
    if row.low is not None and row.high is not None:
        interval = (row.low - charted.centre, row.high - charted.centre)
    finding = Finding(
        id="-".join([subject.metric, point.period, point.signals[0], *subject.where]),
        kind=point.signals[0],
        lane=_LANES.get(subject.bucket, Lane.DEMAND),
        claim=_sentence(subject, charted, point, figure),
        size=size,
        unit=measured.unit,
        interval=interval,
        n=point.n,
        method=METHOD,
        evidence=Evidence(
            measured.sentence, measured.provenance.data_version, measured.provenance.definition
        ),
        worth_hours=_worth(subject, size),
        caveats=_caveats(subject, charts),
    )
    return Claim(
        finding=finding,
        metric=subject.metric,
        where=subject.where,
        verdict=point.verdict,
        figure=figure,
        because=chart_sentence(charted),
        certainty=sure,
        charts=charts,
        size_words=_size(size, measured.unit),
        charted=charted,
        period=point.period,
        n=point.n,
    )


def _sentence(subject: Subject, charted: Charted, point: ChartPoint, figure: str) -> str:
    usual = amount(charted.centre, charted.measured.unit)
    if subject.holds and charted.centre > 0:
        times = (point.value or 0) / charted.centre
        much = f"{times:.1f} times its usual work" if times >= 1.15 else "more than its usual work"
        return f"{subject.name} holds {much}: {figure}, where {usual} is normal."
    direction = 1 if (point.value or 0) > charted.centre else -1
    verb = _VERBS.get((point.signals[0], direction), "came close to a limit, at")
    period = when(point.period, year_of(charted.measured))
    return f"{subject.name} {verb} {figure} {period}, where {usual} is normal."


def _figure(subject: Subject, charted: Charted, point: ChartPoint) -> str:
    written = amount(point.value, charted.measured.unit)
    return f"{written} {subject.stock}".strip()


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


def _odds_outside(charted: Charted, point: ChartPoint) -> float:
    """Return how likely the weeks before give such a value: by their spread, and by counting."""
    earlier = {each.period for each in charted.newest_phase if each.counts}
    before = [
        row
        for row in charted.measured.rows
        if row.period in earlier and row.period < point.period and row.value is not None
    ]
    if len(before) < 2 or point.value is None:
        return 1.0
    newest = next(row for row in charted.measured.rows if row.period == point.period)
    return max(_odds_by_spread(charted, before, newest), _odds_by_counting(before, newest))


def _odds_by_spread(charted: Charted, before: Sequence[Value], newest: Value) -> float:
    values = [row.value or 0.0 for row in before]
    spread = max(stdev(values), _sigma(charted))
    if spread == 0:
        return 0.0
    off = abs((newest.value or 0.0) - fmean(values)) / (spread * sqrt(1 + 1 / len(values)))
    return 2 * float(stdtr(len(values) - 1, -off))


def _odds_by_counting(before: Sequence[Value], newest: Value) -> float:
    """Return the odds of so many, or so few, of a share's tickets, at the rate of before.

    Where something is rare, spread says little: after ten weeks with none, one is no wonder.
    """
    if newest.numerator is None:
        return 0.0
    # Half an event is put to those before, so that what never happened is not impossible.
    n = sum(row.n for row in before)
    rate = (sum(row.numerator or 0.0 for row in before) + 0.5) / (n + 1)
    hits = round(newest.numerator)
    at_least = 1.0 if hits == 0 else float(bdtrc(hits - 1, newest.n, rate))
    return min(1.0, 2 * min(at_least, float(bdtr(hits, newest.n, rate))))


def _run(charted: Charted, point: ChartPoint, rule: str) -> int:
    """Count the weeks in a row up to this one that show the same rule and verdict."""
    length = 0
    for each in reversed(_until(charted.newest_phase, point)):
        if rule not in each.signals or each.verdict != point.verdict:
            break
        length += 1
    return max(length, 1)


def _until(points: Sequence[ChartPoint], point: ChartPoint) -> Sequence[ChartPoint]:
    return [each for each in points if each.period <= point.period]
