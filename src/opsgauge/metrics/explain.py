"""The twin of a query: the same question as a sentence, and what does not count.

Floor 3. The records behind a number are in `behind.py`.
"""

from collections.abc import Sequence
from datetime import UTC

from opsgauge.foundation.units import MICROS_PER_HOUR, duration, uncapitalised
from opsgauge.log.periods import ALL
from opsgauge.metrics.criterion import Criterion
from opsgauge.metrics.dated import (
    Between,
    Dated,
    Distinct,
    Duration,
    Dwell,
    Numbered,
    Points,
    Repeat,
    Score,
    Share,
    TimeShare,
)
from opsgauge.metrics.definition import Total
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import GEOMETRIC, Paragraph, quantile_of
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.stretch_words import stretch_words

MOMENT_WORDS = {
    "opened_at": "opened",
    "assigned_at": "first assigned",
    "first_response_at": "first answered",
    "history_first_response_at": "first answered",
    "first_human_response_at": "first answered by a person",
    "resolved_at": "resolved",
    "closed_at": "closed",
    "outage_started_at": "hit by its outage",
    "detected_at": "detected",
    "last_update_at": "last updated",
    "planned_start": "planned to start",
    "planned_end": "planned to end",
    "actual_start": "started",
    "actual_end": "ended",
    "asked_at": "asked",
    "decided_at": "decided",
    "first_commit_at": "first committed",
    "started_at": "started",
    "answered_at": "answered",
    "ended_at": "ended",
    "finished_at": "finished",
    "sent_at": "sent",
    "created_at": "begun",
    "published_at": "published",
    "reviewed_at": "reviewed",
    "review_due_at": "due for review",
    "retired_at": "retired",
    "used_at": "used",
    "installed_at": "put into use",
    "period_start": "booked",
    "starts_on": "begun",
    "ends_on": "ended",
    "at": "made",
}
LEFT_OUT = {
    "count": "{Unit} that have not had that moment.",
    "distinct": "{Unit} that have not had that moment, or hold nothing there.",
    "share": "{Unit} that have not had the moment that dates them.",
    "repeat": "{Unit} that have not had the moment that dates them.",
    "duration": "{Unit} that lack either moment, so one still open never counts as zero.",
    "amount": "{Unit} that carry no such number: nothing is not zero.",
    "sum": "{Unit} that carry no such number.",
    "time_share": "{Unit} that have not been resolved, or of whose time nothing is known.",
    "dwell": "{Unit} that never were in these phases, and stretches that still last.",
    "between": "The first of all, which nothing came before.",
    "score": "{Unit} that were not answered.",
    "points": "{Unit} that hold another word.",
    "age": "{Unit} that are resolved, closed, cancelled or rejected at that instant.",
    "flow": "{Unit} that are resolved, closed, cancelled or rejected at that instant.",
}
OUTSIDE = "{Unit} dated before the day of the first ticket, or after that of the newest."


def sentence(metric: Metric, question: Question) -> str:
    """Return a question in words.

    Raises
    ------
    QueryWrong, PersonSplit, UnknownColumn : see `question.check_question`
    """
    question = check_question(metric, question)
    parts = [f"{metric.definition.title}: {_what(metric, question)}"]
    parts += [f"of which: {_made_of(metric)}"] if metric.parts else []
    parts += stretch_words(question)
    if question.by:
        parts.append(f"split by {' and '.join(question.by)}")
    if question.where:
        parts.append(f"where {' and '.join(each.sentence() for each in question.where)}")
    if question.from_ or question.to:
        begin = f"from {question.from_} " if question.from_ else ""
        parts.append(f"{begin}{f'to {question.to}' if question.to else 'on'}")
    if question.as_of:
        parts.append(f"as things stood on {question.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    return ", ".join(parts) + "."


def _made_of(metric: Metric) -> str:
    return "; ".join(_counted(part.definition, part) for part in metric.parts)


def _counted(definition: Paragraph, metric: Metric) -> str:
    """Return in words what one part of a metric is, and when its records count."""
    said = f"{definition.title} ({_measured(metric, metric.statistics[0])}"
    if isinstance(definition, Dated):
        said += f" that were {MOMENT_WORDS.get(definition.period_by, definition.period_by)}"
    return said + ")"


def _what(metric: Metric, question: Question) -> str:
    statistic = question.statistic or metric.statistics[0]
    measured = _measured(metric, _statistic(statistic))
    by_all = question.period == ALL
    if metric.parts:
        return measured if by_all else f"{measured} by the {question.period}"
    if not isinstance(metric.definition, Dated):
        when = "the end" if by_all else f"the end of each {question.period}"
        return f"{measured} open at {when}"
    moment = question.dated_by or metric.definition.period_by
    happened = MOMENT_WORDS.get(moment, moment)
    if by_all:
        return f"{measured} that were {happened}"
    return f"{measured} by the {question.period} in which they were {happened}"


def _measured(metric: Metric, statistic: str) -> str:
    definition, unit = metric.definition, metric.definition.subject.unit
    if metric.parts:
        titles = [uncapitalised(part.definition.title) for part in metric.parts]
        return (" and " if isinstance(definition, Total) else " over ").join(titles)
    if isinstance(definition, Repeat):
        return _repeated(definition)
    if isinstance(definition, Share):
        base = f" with {_tests(definition.denominator)}" if definition.denominator else ""
        return f"share with {_tests(definition.numerator)} of the {unit}{base}"
    if isinstance(definition, Dated):
        return f"{_number(definition, statistic)}{unit}"
    if metric.kind == "age":
        return f"{statistic} hours since opening, of {unit}"
    return f"number of {unit}"


def _repeated(definition: Repeat) -> str:
    met = f"with {_tests(definition.numerator)} and " if definition.numerator else ""
    base = f" with {_tests(definition.denominator)}" if definition.denominator else ""
    again = "with" if definition.again else "without"
    return (
        f"share {met}{again} another of the same {' and '.join(definition.same)} within "
        f"{definition.days} days of the {definition.subject.unit}{base}"
    )


def _number(definition: Dated, statistic: str) -> str:
    """Return what is counted of records, up to their noun."""
    if isinstance(definition, Duration | Between):
        begin, end = (MOMENT_WORDS.get(m, m) for m in (definition.from_, definition.to))
        if isinstance(definition, Between):
            return f"{statistic} hours from one {begin} to the next {end}, of "
        return f"{statistic} hours from {begin} to {end}, of "
    if isinstance(definition, Dwell):
        return f"{statistic} hours in {' or '.join(definition.phases)}, of "
    if isinstance(definition, Numbered):
        hours = "hours of " if definition.unit == "hours" else ""
        return f"{statistic} {hours}{' plus '.join(definition.added)}, of "
    if isinstance(definition, TimeShare):
        part = definition.part or f"time in {' or '.join(definition.phases)}"
        return f"{part} as a share of {definition.whole}, of "
    return _counted_of(definition)


def _counted_of(definition: Dated) -> str:
    if isinstance(definition, Distinct):
        return f"number of different {definition.column}s among "
    if isinstance(definition, Score):
        lost = f", less those in the lowest {definition.bottom}," if definition.bottom else ""
        return f"share of answers in the highest {definition.top} of the scale{lost} of "
    if isinstance(definition, Points):
        earned = ", ".join(f"{each:+g} for {word}" for word, each in definition.earns.items())
        return f"points ({earned}) of "
    return "number of "


def _statistic(name: str) -> str:
    if name == GEOMETRIC:
        return "geometric mean of"
    q = quantile_of(name)
    return name if q in (None, 0.5) else f"{name.removeprefix('p')}th percentile"


def _tests(criteria: Sequence[Criterion]) -> str:
    return " and ".join(_test(each) for each in criteria)


def _test(criterion: Criterion) -> str:
    column = criterion.column
    if criterion.known is not None:
        return f"{column} {'known' if criterion.known else 'not known'}"
    if criterion.same_as is not None:
        return f"{column} the same as {criterion.same_as}"
    if criterion.other is not None:
        later = (
            f" plus {duration(criterion.later_us / MICROS_PER_HOUR)}" if criterion.later_us else ""
        )
        how = "after" if criterion.after else "not after"
        return f"{column} {how} {criterion.other}{later}"
    if criterion.at_least is not None:
        return f"{column} at least {criterion.at_least:g}"
    if criterion.at_most is not None:
        return f"{column} at most {criterion.at_most:g}"
    words = criterion.any_of or (str(criterion.is_),)
    return f"{column} {' or '.join({'True': 'yes', 'False': 'no'}.get(w, w) for w in words)}"


def left_out(metric: Metric) -> str:
    """Return in words which records do not count."""
    if metric.parts:
        return " ".join(f"{part.definition.title}: {left_out(part)}" for part in metric.parts)
    definition, unit = metric.definition, metric.definition.subject.unit
    many = unit.capitalize()
    said = [LEFT_OUT[metric.kind].format(Unit=many)]
    if isinstance(definition, Share) and definition.denominator:
        said.append(f"{many} other than those with {_tests(definition.denominator)}.")
    if isinstance(definition, Numbered) and definition.at_least is not None:
        said.append(f"{many} with {' plus '.join(definition.added)} below {definition.at_least}.")
    said += [f"{many} other than those where {each.sentence()}." for each in definition.conditions]
    said += [
        f"{many} where {name} is {' or '.join(words)}."
        for name, words in definition.except_.items()
    ]
    if not definition.subject.is_tickets:
        said.append(OUTSIDE.format(Unit=many))
    return " ".join(said)
