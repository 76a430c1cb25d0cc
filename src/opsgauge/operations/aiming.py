"""Targets as people write them: on the command line, in a form, in a request, the same way.

Floor 5.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MINUS
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.context import Context

USUAL_PERIOD = "month"
_NUMBER = re.compile(
    r"([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?)\s*(%?)", re.IGNORECASE | re.ASCII
)
_LONGEST = 60  # signs of a number


@dataclass(frozen=True)
class Aim:
    """A target as text.

    Attributes
    ----------
    value : the number to reach; with `percent` how many percent more than what was
    where : conditions such as `priority=1|2`
    from_, review : first day, and the day of the review; empty: from today, without a review
    """

    metric: str
    value: str
    statistic: str = ""
    where: Sequence[str] = ()
    period: str = USUAL_PERIOD
    percent: bool = False
    from_: str = ""
    review: str = ""
    why: str = ""

    def target(self, ctx: Context) -> Target:
        """Return what is meant; whether it can be set is for `targets.set_target` to say.

        Needs `target:set`.

        Raises
        ------
        UnknownMetric : there is none of that name
        QueryWrong : a number, a day or a condition is not written as one
        """
        ctx.require("target:set")
        if not self.metric.strip():
            raise QueryWrong("A target needs a metric.", hint="opsgauge metrics list")
        plain = ctx.catalogue.get(self.metric.strip()).definition
        today = ctx.clock().astimezone(ctx.workspace.zone).date()
        return Target(
            metric=self.metric.strip(),
            statistic=self.statistic.strip(),
            segment=conditions([each for each in self.where if each.strip()]),
            period=self.period or USUAL_PERIOD,
            form="percent" if self.percent else "number",
            value=number_in(self.value, "percent" if self.percent else plain.unit),
            baseline=None,
            from_day=day("from", self.from_.strip()) or today,
            review_day=day("review", self.review.strip()),
            why=self.why,
        )


def number_in(text: str, unit: str) -> float:
    """Return a number as people write it for a unit; a share also in percent.

    Examples
    --------
    >>> number_in("95%", "share"), number_in("0.95", "share"), number_in("-20 %", "percent")
    (0.95, 0.95, -20.0)
    >>> number_in("8.5", "hours")
    8.5
    """
    found = _NUMBER.fullmatch(text.strip().replace(MINUS, "-")) if len(text) < _LONGEST else None
    if found is None or not math.isfinite(float(found[1])):
        raise QueryWrong(
            f"{text[:_LONGEST].strip()!r} is no number to reach.",
            hint="Write it with a point: 8.5 for hours, 0.95 or 95% for a share.",
        )
    number = Decimal(found[1])
    if not found[2] or unit == "percent":
        return float(number)
    if unit != "share":
        raise QueryWrong(
            f"{text.strip()!r} is in percent, but this metric is in {unit}.",
            hint="Write the number itself, or say that it is percent of what was (percent).",
        )
    return float(number / 100)
