"""A rule of alerts as people write it: what options, forms and requests hold, read.

Floor 5. Whether such a rule can be is for `drafting` to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opsgauge.foundation.alerting import (
    ABOVE,
    BELOW,
    GUARDED,
    AlertRule,
    Escalation,
    Guard,
)
from opsgauge.foundation.errors import QueryWrong
from opsgauge.operations.aiming import number_in
from opsgauge.operations.asking import conditions
from opsgauge.operations.context import Context

OF_TARGET = "target"
USUALLY_SURE = 0.8
MINUTES = {"m": 1, "h": 60, "d": 1440}
_STEP = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)\s*([mhd])\s*:\s*(.*?)(?:\s*\bvia\s+(\S+))?", re.ASCII)


@dataclass(frozen=True)
class Draft:
    """A rule as text: what options, forms and requests hold; see `AlertRule`.

    Attributes
    ----------
    above, below : the limit, as people write a number of the metric, or "target"; one of the two
    of : hits of the newest periods, as "2/3"
    windows : as "4" or "4,12"
    season : whether a value must lie outside what its season lets expect, too
    ahead, sure : of a forecast, within how many periods, and above which chance, as "80%"
    escalate : each as "30m: ana" or "2h: role service owner via pager"
    """

    name: str
    kind: str
    why: str
    metric: str = ""
    above: str = ""
    below: str = ""
    clears: str = ""
    lasting: int = 1
    of: str = ""
    windows: str = ""
    statistic: str = ""
    where: Sequence[str] = ()
    period: str = "week"
    split: str = ""
    hours: float | None = None
    at_least: int = 1
    about: str = ""
    severity: str = "warning"
    decision: str = ""
    runbook: str = ""
    channel: str = ""
    owner: str = ""
    season: bool = False
    ahead: int = 0
    sure: str = ""
    escalate: Sequence[str] = ()

    def rule(self, ctx: Context) -> AlertRule:
        """Return what is meant; whether it can be is for `add_rule` to say.

        Raises
        ------
        UnknownMetric : there is none of that name
        QueryWrong : a number or a condition is not written as one
        """
        return AlertRule(
            name=self.name.strip(),
            kind=self.kind.strip(),
            why=self.why,
            metric=self.metric.strip(),
            statistic=self.statistic.strip(),
            segment=conditions([each for each in self.where if each.strip()]),
            grain=self.period or "week",
            split=self.split.strip(),
            guard=self._guard(ctx) if self.kind in GUARDED else None,
            hours=self.hours,
            at_least=self.at_least,
            about=self.about.strip(),
            severity=self.severity or "warning",
            decision=self.decision.strip(),
            runbook=self.runbook.strip(),
            channel=self.channel.strip(),
            owner=self.owner.strip(),
            escalation=tuple(escalation_of(each) for each in self.escalate if each.strip()),
        )

    def _guard(self, ctx: Context) -> Guard:
        if not self.metric.strip():
            raise QueryWrong(f"A {self.kind} needs a metric.", hint="opsgauge metrics list")
        unit = ctx.catalogue.get(self.metric.strip()).definition.unit
        if bool(self.above.strip()) == bool(self.below.strip()):
            raise QueryWrong(
                "A threshold is a value to stay below, or one to stay above.",
                hint="Give one of above and below.",
            )
        hits, _, of = self.of.partition("/")
        text = (self.above or self.below).strip()
        foresees = self.kind == "forecast"
        return Guard(
            side=ABOVE if self.above.strip() else BELOW,
            limit=0.0 if text == OF_TARGET else number_in(text, unit),
            clears=number_in(self.clears, unit) if self.clears.strip() else None,
            lasting=self.lasting,
            hits=_count(hits, self.of),
            of=_count(of, self.of),
            windows=tuple(_count(each, self.windows) for each in self.windows.split(",") if each),
            unusual=self.season,
            ahead=self.ahead,
            sure=number_in(self.sure, "share") if self.sure.strip() else USUALLY_SURE * foresees,
            of_target=text == OF_TARGET,
        )


def _count(text: str, whole: str) -> int:
    if not whole.strip():
        return 0
    if not text.strip().isdecimal() or len(text) > 4:
        raise QueryWrong(f"{whole[:40]!r} does not count periods.", hint="Write 2/3, or 4,12.")
    return int(text)


def escalation_of(text: str) -> Escalation:
    """Return one step of an escalation.

    Raises
    ------
    QueryWrong : it is not written as one

    Examples
    --------
    >>> escalation_of("2h: role service owner via pager")
    Escalation(minutes=120.0, to='role service owner', channel='pager')
    >>> escalation_of("30m: ana").words(), escalation_of("30m: via pager").words()
    ('after 30 min to ana', 'after 30 min through pager')
    """
    found = _STEP.fullmatch(text.strip())
    if not found or not (found[3] or found[4]):
        raise QueryWrong(
            f"{text[:80]!r} is no step of an escalation.",
            hint="Write 30m: ana, or 2h: role service owner via pager.",
        )
    return Escalation(
        float(found[1]) * MINUTES[found[2]], " ".join(found[3].split()), found[4] or ""
    )
