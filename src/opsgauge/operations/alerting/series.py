"""The values that a threshold judges: of each whole period, one series for each part of its split.

Floor 5. A period that is not over, or of too few records, says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opsgauge.foundation.alerting import AlertRule
from opsgauge.log.periods import dates_of, label_of, labels_between, previous_label
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Value, enough
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure

ALL = ""  # the part of a rule that is not split
MISSING = "(none)"  # the part in which nothing is written


@dataclass(frozen=True)
class Judged:
    """What a threshold is judged by.

    Attributes
    ----------
    labels : the whole periods, oldest first
    parts : of each part the rows of these periods, None where there is none, or of too few records
    values : the value of each dimension by the name of its part
    """

    measured: Measured
    labels: tuple[str, ...]
    parts: Mapping[str, tuple[Value | None, ...]]
    values: Mapping[str, str | None]

    def numbers(self, part: str) -> list[float | None]:
        """Return the values of a part."""
        return [row.value if row else None for row in self.parts[part]]


def judged(ctx: Context, rule: AlertRule) -> Judged:
    """Measure what a rule looks at, over all there is; needs `metric:read`.

    Raises
    ------
    Misuse : it cannot be measured now, such as of a column that a later export lacks
    """
    split = (rule.split,) if rule.split else ()
    asked = Question(
        rule.metric, rule.statistic or None, by=split, where=rule.segment, period=rule.grain
    )
    measured = measure(ctx, asked)
    labels = _whole_periods(ctx, rule.grain)
    rows: dict[str, dict[str, Value]] = {} if split else {ALL: {}}
    named: dict[str, str | None] = {ALL: None}
    for row in measured.rows:
        value = row.by.get(rule.split) if split else None
        part = (value or MISSING) if split else ALL
        named[part] = value
        if row.value is not None and not row.suppressed and enough(measured.unit, row.n):
            rows.setdefault(part, {})[row.period] = row
    parts = {part: tuple(map(found.get, labels)) for part, found in sorted(rows.items())}
    return Judged(measured, labels, parts, named)


def _whole_periods(ctx: Context, grain: str) -> tuple[str, ...]:
    opened = ctx.opened()
    periods = opened.periods
    first, newest = periods.date_of(periods.first), periods.date_of(opened.watermark)
    begin = label_of(first, grain)
    end = previous_label(label_of(newest, grain))
    every = labels_between(dates_of(begin)[0], dates_of(end)[1], grain) if begin <= end else []
    # The first began before the records did, unless they begin with it.
    return tuple(every if dates_of(begin)[0] == first else every[1:])
