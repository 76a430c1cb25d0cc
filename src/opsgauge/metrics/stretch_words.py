"""The stretches of time that a question measures, in words.

Floor 3.
"""

from opsgauge.log.periods import ALL
from opsgauge.metrics.question import AVERAGE, FIRST, Question
from opsgauge.metrics.shifts import steps_of, window_words


def stretch_words(question: Question) -> list[str]:
    """Return what a question says of its time beside the period; nothing for plain periods.

    Examples
    --------
    >>> stretch_words(Question("tickets_opened", period="month", rolling="28d", shift="year"))
    ['each over the 28 days up to its end', 'beside the same month a year before']
    """
    period, said = question.period, []
    if question.rolling:
        end = "the last day" if period == ALL else "its end"
        said.append(f"each over the {window_words(question.rolling)} up to {end}")
    if question.to_date:
        said.append(f"each {period} up to the point that the newest has come to")
    within = "the days asked for" if period == ALL else f"each {period}"
    if question.aggregate == FIRST:
        said.append(f"at the end of the first day of {within}")
    if question.aggregate == AVERAGE:
        said.append(f"on average over the ends of all days of {within}")
    if question.shift:
        said.append(_beside(question))
    return said


def _beside(question: Question) -> str:
    steps, period = steps_of(question.shift or ""), question.period
    name = "stretch of time" if period == ALL else period
    if steps is None:
        return f"beside the same {name} a year before"
    return f"beside the {name} before" if steps == 1 else f"beside that {steps} {name}s before"
