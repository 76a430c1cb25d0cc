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
from opsgauge.metrics.criterion import CLOSED_COLUMNS
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.definition import Flow
from opsgauge.metrics.groupings import Grouping, built_in, built_in_names
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.placing import THEN, Placed, Then, then_names
from opsgauge.metrics.shifts import ROLLING, steps_of
from opsgauge.metrics.subject import PERSONS, TICKETS_SUBJECT, Subject, every_dimension

__all__ = [
    "PERIODS",
    "PERSONS",
    "Question",
    "check_dimensions",
    "check_question",
    "check_words",
]
PERIODS = (*GRAINS, ALL)
FIRST, LAST, AVERAGE = "first", "last", "average"
AGGREGATES = (FIRST, LAST, AVERAGE)


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
    shift : what each value is set against: previous, year, or a number of periods back
    rolling : of each period the window that ends with it: 7d, 28d, 30d, 3m or 12m
    to_date : each period up to the point that the running one has come to
    aggregate : of a stock, its first, last (also where None) or average within each period
    groupings : what names of `by` and `where` mean that are no columns
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
    shift: str | None = None
    rolling: str | None = None
    to_date: bool = False
    aggregate: str | None = None
    groupings: tuple[Grouping, ...] = ()

    def grouping(self, name: str) -> Grouping | None:
        """Return what a name means, None where it is a column."""
        return next((each for each in self.groupings if each.name == name), None)

    @property
    def moving(self) -> tuple[Placed, ...]:
        """The levels of which members moved: records stand where they did at their own moment."""
        return tuple(g for g in self.groupings if isinstance(g, Placed) and g.moved)


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
    question = _with_built_in(metric, question, asked)
    _check_groupings(metric, question)
    plain = [name for name in asked if question.grouping(name) is None]
    plain += [base for each in question.groupings if (base := getattr(each, "of", ""))]
    check_dimensions(plain, built_in_names(metric.subject))
    _check_fits(metric, plain)
    check_words([c for c in question.where if c.column in plain], metric.subject)
    _check_time(metric, question)
    _check_stretches(metric, question)
    return replace(question, statistic=statistic)


def _with_built_in(metric: Metric, question: Question, names: Iterable[str]) -> Question:
    """Return the question with what its names mean, and nothing that it does not name."""
    found: dict[str, Grouping] = {}
    for name in names:
        own = question.grouping(name)
        if own is None and name not in every_dimension():
            own = built_in(name, metric.subject)
        if own is not None:
            found[name] = own
    return replace(question, groupings=tuple(found.values()))


def _check_groupings(metric: Metric, question: Question) -> None:
    for grouping in question.groupings:
        told = _why_not(grouping, metric)
        if told:
            raise UnknownColumn(
                f"{metric.definition.title} cannot be split or filtered by {grouping.name}: {told}."
            )


def _why_not(grouping: Grouping, metric: Metric) -> str:
    """Return why the records of a metric cannot be grouped so, "" where they can."""
    if metric.parts:
        return next((told for part in metric.parts if (told := _why_not(grouping, part))), "")
    if grouping.is_age:
        told = "only a stock is, of tickets still open; resolution_band tells how long others took"
        return "" if is_stock(metric) else told
    subject = metric.definition.subject
    if grouping.then:
        known = f"{grouping.then}{THEN}" in then_names(subject)
        return "" if known else f"its records have no {grouping.then} that history keeps"
    if isinstance(grouping, Placed | Then):
        return ""
    there = (*subject.columns, *(TICKETS_SUBJECT.columns if subject.ticket else ()))
    lacking = [name for name in grouping.columns if name not in there]
    return f"its records have no {' or '.join(lacking)}" if lacking else ""


def _check_stretches(metric: Metric, question: Question) -> None:
    """Refuse stretches of time that mean nothing, of this metric or together."""
    title = metric.definition.title
    if question.shift is not None:
        steps_of(question.shift)
    if question.rolling is not None and question.rolling not in ROLLING:
        raise QueryWrong(
            f"There is no window {question.rolling!r}.",
            hint=f"Write one of {', '.join(ROLLING)}.",
        )
    if question.rolling and question.to_date:
        raise QueryWrong("A window rolls on, it has no date to come to.", hint="Choose one.")
    if question.to_date and question.period == ALL:
        raise QueryWrong("To date in which period?", hint=f"Name one: {', '.join(metric.grains)}.")
    if question.rolling and is_stock(metric):
        raise QueryWrong(
            f"{title} is a stock, counted at one moment: over a window it has no sum.",
            hint="Leave the window away, or ask for its average within each period.",
        )
    if question.shift and question.period == ALL and not (question.from_ or question.rolling):
        raise QueryWrong(
            "Everything as one has nothing before it to be set against.",
            hint="Name a period, or a first date.",
        )
    _check_aggregate(metric, question)


def _check_aggregate(metric: Metric, question: Question) -> None:
    aggregate, title = question.aggregate, metric.definition.title
    if aggregate is None:
        return
    if aggregate not in AGGREGATES:
        raise QueryWrong(
            f"A stock is not aggregated by {aggregate!r}.", hint=did_you_mean(aggregate, AGGREGATES)
        )
    if metric.parts or not is_stock(metric):
        raise QueryWrong(
            f"{title} is counted over the whole of a period; only a stock, such as backlog, has a "
            "first, a last or an average within one.",
            hint="Leave aggregate away.",
        )
    if aggregate == AVERAGE and not isinstance(metric.definition, Flow):
        raise QueryWrong(
            f"{title} is a statistic of single tickets; the mean of those of many days says "
            "nothing.",
            hint="Ask for first or last.",
        )
    if aggregate != LAST and question.period == ALL and question.from_ is None:
        raise QueryWrong(
            f"The {aggregate} within which period?", hint="Name a period, or a first date."
        )


def is_stock(metric: Metric) -> bool:
    """Say whether a metric, or one it is made of, is counted when a period ends."""
    if metric.parts:
        return any(is_stock(part) for part in metric.parts)
    return not isinstance(metric.definition, Dated)


def check_dimensions(names: Iterable[str], others: Iterable[str] = ()) -> None:
    """Refuse persons and names that are no dimension.

    Parameters
    ----------
    others : names that could have been meant beside those of dimensions

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
                f"There is no dimension {name!r}.",
                hint=did_you_mean(name, (*every_dimension(), *others)),
            )


def check_words(conditions: Iterable[Condition], subject: Subject = TICKETS_SUBJECT) -> None:
    """Refuse a word that no record can hold, where a column's words are a closed list.

    Those are phases, practices, and yes and no. A tool's own words are any: none may have come yet.

    Raises
    ------
    QueryWrong : with the nearest word
    """
    for condition in conditions:
        words = _closed_words(condition.column, subject)
        for value in condition.values if words else ():
            if value is not None and value not in words:
                raise QueryWrong(
                    f"{condition.column} is never {value!r}.", hint=did_you_mean(value, words)
                )


def _closed_words(name: str, subject: Subject) -> tuple[str, ...]:
    """Return the words that a dimension can hold, none where it may be any."""
    column = subject.column(name) or TICKETS_SUBJECT.column(name)
    if column is not None and column.type == "yes_no":
        return ("yes", "no")
    of_tickets = subject.is_tickets or not subject.has(name)
    return CLOSED_COLUMNS.get(name, ()) if of_tickets else ()


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
