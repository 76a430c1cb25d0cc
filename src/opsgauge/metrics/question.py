"""What is asked of a metric, checked before anything is compiled.

Floor 3. A `Question` is plain data; `metrics.query.compile_question` makes an expression of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import PersonSplit, QueryWrong, UnknownColumn, did_you_mean
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.periods import ALL, GRAINS
from opsgauge.log.tables import HISTORY, TICKETS, dimensions
from opsgauge.metrics.definition import Dated, Metric
from opsgauge.metrics.paragraph import MOMENTS

PERIODS = (*GRAINS, ALL)
PERSONS = frozenset(c.name for t in (TICKETS, HISTORY) for c in t.columns if c.person)


@dataclass(frozen=True)
class Question:
    """One question to one metric.

    Attributes
    ----------
    metric : name in the catalogue
    statistic : one the metric has; None asks for its default
    by : dimensions to split by, also `attributes.NAME`
    where : conditions that tickets must meet
    period : day, week, month, quarter, year or all
    from_, to : first and last local date, both included
    as_of : measure things as they stood at that instant
    dated_by : the moment that puts a ticket into a period, where not the metric's own
    """

    metric: str
    statistic: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    period: str = ALL
    from_: date | None = None
    to: date | None = None
    as_of: datetime | None = None
    dated_by: str | None = None


def check_question(metric: Metric, question: Question) -> Question:
    """Return the question with its statistic filled in, if it can be asked of the metric.

    Raises
    ------
    QueryWrong : statistic, period, dates or moment do not fit
    PersonSplit : it splits or filters by a person
    UnknownColumn : it names a dimension that is not there
    """
    statistic = question.statistic or metric.statistics[0]
    if statistic not in metric.statistics:
        raise QueryWrong(
            f"{metric.name} has no statistic {statistic!r}.",
            hint=did_you_mean(statistic, metric.statistics),
        )
    if question.period not in PERIODS:
        raise QueryWrong(
            f"There is no period {question.period!r}.", hint=did_you_mean(question.period, PERIODS)
        )
    if len(set(question.by)) != len(question.by):
        raise QueryWrong("A dimension is named twice.", hint="Name each dimension once.")
    check_dimensions([*question.by, *(condition.column for condition in question.where)])
    _check_time(metric, question)
    return replace(question, statistic=statistic)


def check_dimensions(names: Iterable[str]) -> None:
    """Refuse persons and names that are no dimension.

    Raises
    ------
    PersonSplit, UnknownColumn
    """
    for name in names:
        if name in PERSONS:
            raise PersonSplit(
                f"Numbers are not split or filtered by {name}: that names a person.",
                hint="Split by team instead.",
            )
        if name not in dimensions() and not name.startswith(ATTRIBUTE_PREFIX):
            raise UnknownColumn(
                f"There is no dimension {name!r}.", hint=did_you_mean(name, dimensions())
            )


def _check_time(metric: Metric, question: Question) -> None:
    if question.from_ and question.to and question.to < question.from_:
        raise QueryWrong(f"{question.to} lies before {question.from_}.", hint="Swap the dates.")
    if question.as_of is not None and question.as_of.tzinfo is None:
        raise QueryWrong("As of which instant? The time has no zone.", hint="Add one, such as Z.")
    if question.dated_by is None:
        return
    if question.dated_by not in MOMENTS:
        raise QueryWrong(
            f"{question.dated_by!r} is no moment.", hint=did_you_mean(question.dated_by, MOMENTS)
        )
    if not isinstance(metric.definition, Dated):
        raise QueryWrong(
            f"{metric.name} is measured when a period ends; no moment of a ticket dates it."
        )
