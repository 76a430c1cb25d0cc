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
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import PERSONS, every_dimension

__all__ = ["PERIODS", "PERSONS", "Question", "check_dimensions", "check_question"]
PERIODS = (*GRAINS, ALL)


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
    asked = [*question.by, *(condition.column for condition in question.where)]
    check_dimensions(asked)
    _check_fits(metric, asked)
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
        if name not in every_dimension() and not name.startswith(ATTRIBUTE_PREFIX):
            raise UnknownColumn(
                f"There is no dimension {name!r}.", hint=did_you_mean(name, every_dimension())
            )


def _check_fits(metric: Metric, names: Iterable[str]) -> None:
    """Refuse a dimension that neither the metric's records have nor the tickets they name."""
    for name in names:
        if metric.may_split(name):
            continue
        raise UnknownColumn(
            f"{metric.definition.title} cannot be split or filtered by {name}: its records have "
            "none.",
            hint=f"It can by {', '.join(metric.dimensions)}.",
        )


def _check_time(metric: Metric, question: Question) -> None:
    if question.from_ and question.to and question.to < question.from_:
        raise QueryWrong(f"{question.to} lies before {question.from_}.", hint="Swap the dates.")
    if question.as_of is not None and question.as_of.tzinfo is None:
        raise QueryWrong("As of which instant? The time has no zone.", hint="Add one, such as Z.")
    _check_period(metric, question)
    if question.dated_by is None:
        return
    moments = metric.definition.subject.moments
    if not isinstance(metric.definition, Dated):
        raise QueryWrong(
            f"{metric.name} is measured when a period ends, or of other metrics; no moment of a "
            "record dates it."
        )
    if question.dated_by not in moments:
        raise QueryWrong(
            f"{question.dated_by!r} is no moment.", hint=did_you_mean(question.dated_by, moments)
        )


def _check_period(metric: Metric, question: Question) -> None:
    definition = metric.definition
    if question.as_of is not None and not definition.knows_past:
        raise QueryWrong(
            f"{definition.title} cannot be asked as of a past moment: of what it counts only the "
            "newest state is kept.",
            hint="Leave as-of away, or open an earlier data version.",
        )
    if question.period != ALL and GRAINS.index(question.period) < GRAINS.index(metric.finest):
        raise QueryWrong(
            f"{definition.title} says nothing by the {question.period}: its records are kept by "
            f"the {metric.finest}.",
            hint=f"Ask by the {metric.finest} or longer.",
        )
