"""Whose clock a number of promises goes by: the tool's own flag, or Opsgauge's clocks.

Floor 5. Both tell how often promises are kept, and neither is the other: the flag is as old as a
ticket's last update and counts by the ticket's opening, a clock runs on and counts when it is
decided.
"""

from dataclasses import dataclass

from opsgauge.log.related import CLOCKS
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.explain import MOMENT_WORDS
from opsgauge.metrics.load import Catalogue
from opsgauge.metrics.metric import Metric

FLAG = "sla_met"  # the column of tickets that holds the tool's flag
BY_FLAG, BY_CLOCKS = "sla_met_share", "service_level_kept_share"
THE_FLAG, THE_CLOCKS = "the tool’s own flag", "Opsgauge’s own clocks"


@dataclass(frozen=True)
class WhoseClock:
    """What a number of promises goes by, and the metric that goes by the other.

    `other` is empty where the catalogue has no such metric.
    """

    by: str
    words: str
    other_by: str
    other: str
    other_title: str


def whose_clock(metric: Metric, catalogue: Catalogue) -> WhoseClock | None:
    """Say whose clock a metric goes by; None for one that is of no promise."""
    if metric.subject.name == CLOCKS.name:
        return by_clocks(_moment(metric), catalogue)
    narrowed = {each.column for each in metric.definition.conditions}
    if metric.subject.is_tickets and FLAG in {*metric.columns, *narrowed}:
        other = _other(THE_CLOCKS, BY_CLOCKS, catalogue)
        words = f"By {THE_FLAG}: a ticket counts when it was {_moment(metric)}."
        return WhoseClock(THE_FLAG, words, *other)
    return None


def by_clocks(moment: str, catalogue: Catalogue) -> WhoseClock:
    """Say that a number goes by Opsgauge's clocks, each counted at a moment."""
    words = f"By {THE_CLOCKS}: each counts when it was {moment}."
    return WhoseClock(THE_CLOCKS, words, *_other(THE_FLAG, BY_FLAG, catalogue))


def _moment(metric: Metric) -> str:
    definition = metric.definition
    moment = definition.period_by if isinstance(definition, Dated) else ""
    return MOMENT_WORDS.get(moment, moment) or "counted"


def _other(by: str, name: str, catalogue: Catalogue) -> tuple[str, str, str]:
    there = next((each for each in catalogue if each.name == name), None)
    return (by, name, there.definition.title) if there else (by, "", "")
