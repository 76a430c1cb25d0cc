"""Names that a workspace defines itself, hierarchies and bands, put into a question.

Floor 5. The values of its filters are understood here, too, see `meant.py`.
"""

from dataclasses import replace

from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.metrics.grouping_files import load_groupings
from opsgauge.metrics.groupings import built_in, built_in_names
from opsgauge.metrics.question import PERSONS, Question
from opsgauge.metrics.subject import Subject, every_dimension
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant


def grouped(ctx: Context, question: Question) -> Question:
    """Return the question with what its names and the values of its filters mean here.

    Raises
    ------
    GroupingWrong : a file of the workspace does not fit its format
    UnknownColumn : a name is neither there nor built in
    """
    question = replace(question, where=meant(ctx, question.where, subject_of(ctx, question)))
    return _with_names(ctx, question)


def subject_of(ctx: Context, question: Question) -> Subject:
    """Return what records the metric of a question counts."""
    return ctx.catalogue.get(question.metric).subject


def _with_names(ctx: Context, question: Question) -> Question:
    names = [*question.by, *(condition.column for condition in question.where)]
    known = {*every_dimension(), *PERSONS}
    others = [name for name in names if name not in known]
    if not others:
        return question
    own = load_groupings(ctx.workspace.path).by_name()
    subject = subject_of(ctx, question)
    for name in others:
        there = name in own or built_in(name, subject) is not None
        if not there and not name.startswith(ATTRIBUTE_PREFIX):
            near = (*every_dimension(), *own, *built_in_names(subject))
            raise UnknownColumn(f"There is no dimension {name!r}.", hint=did_you_mean(name, near))
    return replace(question, groupings=tuple(own[name] for name in others if name in own))
