"""Whether a metric suits what is asked of it, and what its practice's score card lacks.

Floor 5. A count alone flatters, and a metric made for one practice says little of another; both are
said beside the number, which is shown all the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import ASPECTS
from opsgauge.metrics.question import Question

PRACTICE = "practice"
BESIDE_ANY_COUNT = "the age of the backlog, reopenings and satisfaction"


def caveats(metric: Metric, question: Question) -> tuple[str, ...]:
    """Return what somebody should know before judging by this answer."""
    said = []
    meant = metric.definition.meant_for
    asked = {
        value
        for each in question.where
        if each.column == PRACTICE
        for value in each.values
        if value is not None
    }
    strangers = sorted(asked - {*meant}) if meant else []
    if strangers:
        said.append(
            f"{metric.definition.title} is made for {' and '.join(meant)}; of "
            f"{' and '.join(strangers)} it says little."
        )
    if metric.definition.lifecycle != "certified":
        said.append(_lifecycle(metric))
    return tuple(said)


def _lifecycle(metric: Metric) -> str:
    definition = metric.definition
    instead = f" Read {definition.replaced_by} instead." if definition.replaced_by else ""
    if definition.lifecycle == "draft":
        return f"{definition.title} is a draft: nobody should be judged by it yet."
    return f"{definition.title} is {definition.lifecycle}.{instead}"


def vanity(metric: Metric, titles: Mapping[str, str]) -> str:
    """Return what to read beside a count alone; "" for a metric that is none."""
    if not metric.definition.is_vanity:
        return ""
    pair = titles.get(metric.definition.counter_metric or "", "")
    beside = f"“{pair}”, {BESIDE_ANY_COUNT}" if pair else BESIDE_ANY_COUNT
    return f"A count alone says nothing about how well it went: read it beside {beside}."


def gaps(metrics: Iterable[Metric], practice: str) -> dict[str, Any]:
    """Return by aspect the metrics that a practice's score card has, and the aspects it lacks.

    On it are the metrics made for the practice, and those of its chapter of the catalogue.

    Raises
    ------
    UnknownColumn : there is no such practice
    """
    if practice not in PRACTICES:
        raise UnknownColumn(
            f"There is no practice {practice!r}.", hint=did_you_mean(practice, PRACTICES)
        )
    there: dict[str, list[str]] = {aspect: [] for aspect in ASPECTS}
    for metric in metrics:
        if practice in {*metric.definition.meant_for, metric.practice} and metric.state == "kpi":
            there[metric.definition.tells].append(metric.name)
    return {
        "practice": practice,
        "aspects": there,
        "gaps": [aspect for aspect, names in there.items() if not names],
    }
