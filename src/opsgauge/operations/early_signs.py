"""Early signs: which metrics go before the one that their paragraph says they lead.

Floor 5. A catalogue calls some metrics leading. Here that is tried on the workspace's own records:
each pair by the week (or by the longest period that one of the two needs), whole periods alone,
and all pairs judged together, so that none is told because many were looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import nan
from typing import Any

from opsgauge.analysis.early.leading import FEWEST, MOST_LAG, Lagged, Lead, lead
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.log.periods import GRAINS, labels_between
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.measure import chart_period, measure

TOLD_AT = 0.05  # the share of what is told that is chance, at most
SIGN = {"higher": 1, "lower": -1, "neutral": 0}


class Verdict(StrEnum):
    """What the records say of a metric that is called leading."""

    LEADS = "leads"
    OTHER_WAY = "leads, the other way"
    AT_ONCE = "together"
    BEHIND = "behind"
    NOTHING = "nothing seen"
    TOO_FEW = "too few periods"
    UNMEASURED = "not measured"


@dataclass(frozen=True)
class Pair:
    """A metric and the one it is said to lead.

    Attributes
    ----------
    grain : the period by which both were looked at
    told : how they go together; None where they could not be looked at
    rate : the share of what is told at this chance that is chance, over all pairs
    why : why they could not be measured
    """

    metric: Metric
    leads: Metric
    grain: str
    told: Lead | None = None
    rate: float | None = None
    suspect: tuple[str, ...] = ()
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        """What the records say."""
        if self.told is None:
            return Verdict.UNMEASURED if self.why else Verdict.TOO_FEW
        if self.rate is not None and self.rate <= TOLD_AT:
            return Verdict.OTHER_WAY if self._runs_against(self.told.before) else Verdict.LEADS
        if self.told.at_once.chance <= TOLD_AT:
            return Verdict.AT_ONCE
        return Verdict.BEHIND if self.told.behind.chance <= TOLD_AT else Verdict.NOTHING

    @property
    def is_other_way(self) -> bool:
        """Whether it leads, and not as meant."""
        return self.verdict is Verdict.OTHER_WAY

    @property
    def shown(self) -> Lagged | None:
        """The lag that the verdict is about."""
        if self.told is None:
            return None
        by_verdict = {Verdict.AT_ONCE: self.told.at_once, Verdict.BEHIND: self.told.behind}
        return by_verdict.get(self.verdict, self.told.before)

    def _runs_against(self, lagged: Lagged) -> bool:
        """Say whether more of what is good here comes before less of what is good there."""
        meant = SIGN[self.metric.definition.good] * SIGN[self.leads.definition.good]
        return meant * lagged.correlation < 0

    def briefly(self) -> str:
        """Say it without the names of the two."""
        if self.told is None or self.shown is None:
            few = f"Fewer than {FEWEST} whole {self.grain}s in a row have both values"
            return f"{self.why or few}."
        return {
            Verdict.LEADS: f"{self._periods()} before.",
            Verdict.OTHER_WAY: f"{self._periods()} before, and as the one gets better, the other "
            "gets worse.",
            Verdict.AT_ONCE: f"Both move in the same {self.grain}: it warns of nothing.",
            Verdict.BEHIND: f"{self._periods()} after: it is late.",
        }.get(self.verdict, f"In {self.told.n} {self.grain}s nothing shows that it leads.")

    def _periods(self) -> str:
        lag = abs(self.shown.lag) if self.shown else 0
        return f"{lag} {self.grain}{'s' if lag != 1 else ''}"

    def sentence(self) -> str:
        """Say it in words."""
        one, other = self.metric.definition.title, self.leads.definition.title
        if self.told is None or self.shown is None:
            return f"{one} and {other}: {self.briefly()}"
        r, periods = f"{self.shown.correlation:+.2f}", self._periods()
        return {
            Verdict.LEADS: f"{one} goes {periods} before {other} (correlation {r}).",
            Verdict.OTHER_WAY: f"{one} goes {periods} before {other}, but not as meant: where the "
            f"one gets better, the other gets worse (correlation {r}).",
            Verdict.AT_ONCE: f"{one} and {other} move in the same {self.grain} (correlation {r}): "
            "it warns of nothing.",
            Verdict.BEHIND: f"{one} comes {periods} after {other} (correlation {r}): it is late.",
        }.get(self.verdict, f"Nothing shows that {one} goes before {other}.")

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        lagged = self.shown
        return {
            "metric": self.metric.name,
            "level": self.metric.definition.stands_at,
            "leads": self.leads.name,
            "leads_level": self.leads.definition.stands_at,
            "period": self.grain,
            "verdict": str(self.verdict),
            "n": self.told.n if self.told else 0,
            "lag": lagged.lag if lagged else None,
            "correlation": lagged.correlation if lagged else None,
            "low": lagged.low if lagged else None,
            "high": lagged.high if lagged else None,
            "chance": lagged.chance if lagged else None,
            "false_discovery_rate": self.rate,
            "suspect": list(self.suspect),
            "sentence": self.sentence(),
        }


@dataclass(frozen=True)
class EarlySigns:
    """Every pair of the catalogue, those that lead first."""

    pairs: tuple[Pair, ...]
    where: tuple[Condition, ...]
    provenance: Provenance

    @property
    def tried(self) -> int:
        """How many pairs could be looked at."""
        return sum(each.told is not None for each in self.pairs)

    @property
    def leading(self) -> tuple[Pair, ...]:
        """Those that lead as they are meant to."""
        return tuple(each for each in self.pairs if each.verdict is Verdict.LEADS)

    def sentence(self) -> str:
        """Say how many early signs are any."""
        if not self.tried:
            return "No early sign could be tried yet"
        return f"{len(self.leading)} of {self.tried} early signs go before what they are said to"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "sentence": f"{self.sentence()}.",
            "most_lag": MOST_LAG,
            "pairs": [each.as_json() for each in self.pairs],
        }


def early_signs(ctx: Context, where: Sequence[Condition] = ()) -> EarlySigns:
    """Try every metric that the catalogue says to lead another.

    Needs `metric:read`. A metric that the records cannot give, or that withholds its numbers, is
    told as not measured.
    """
    ctx.require("metric:read")
    ctx, where = ctx.holding(), tuple(where)
    known = {metric.name: metric for metric in ctx.catalogue}
    pairs = [
        _pair(ctx, metric, known[metric.definition.leads], where)
        for metric in known.values()
        if metric.definition.leads and metric.state != "retired"
    ]
    chances = {each.metric.name: each.told.before.chance for each in pairs if each.told}
    rates = dict(zip(chances, false_discovery_rates([*chances.values()]), strict=True))
    found = [replace(each, rate=rates.get(each.metric.name)) for each in pairs]
    order = list(Verdict)
    found.sort(key=lambda each: (order.index(each.verdict), each.metric.definition.title))
    return EarlySigns(tuple(found), where, ctx.provenance())


def _pair(ctx: Context, metric: Metric, other: Metric, where: tuple[Condition, ...]) -> Pair:
    grain = max(chart_period(metric), chart_period(other), key=GRAINS.index)
    asked = [Question(each.name, period=grain, where=where) for each in (metric, other)]
    try:
        one, two = (measure(ctx, question) for question in asked)
    except OpsgaugeError as refused:
        return Pair(metric, other, grain, why=refused.message.rstrip("."))
    suspect = tuple(dict.fromkeys((*one.suspect, *two.suspect)))
    if one.withheld or two.withheld:
        return Pair(metric, other, grain, suspect=suspect, why="numbers are withheld")
    told = lead(*_aligned(ctx, one, two, grain))
    return Pair(metric, other, grain, told, suspect=suspect)


def _aligned(
    ctx: Context, one: Measured, other: Measured, grain: str
) -> tuple[list[float], list[float]]:
    """Return both series by the whole periods of the records; nan where there is no value."""
    opened = ctx.opened()
    first, last = (opened.periods.date_of(at) for at in (opened.periods.first, opened.watermark))
    # The first period began before the records did, and the last is not over.
    whole = labels_between(first, last, grain)[1:-1]
    found = []
    for measured in (one, other):
        values = {row.period: row.value for row in measured.rows if not row.suppressed}
        found.append([nan if (v := values.get(label)) is None else v for label in whole])
    return found[0], found[1]
