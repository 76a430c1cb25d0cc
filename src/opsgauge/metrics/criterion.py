"""What a record must show to count: one column, and one test of it.

Floor 3. Checked against the columns of the table that the metric is of, which the reader of a
paragraph hands down as context (see `subject_of`).
"""

from collections.abc import Callable, Iterable

import ibis.expr.types as ir
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    model_validator,
)

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.vocabulary import PHASES, PRACTICES
from opsgauge.metrics.subject import MILLIONTHS, SUBJECTS, TICKETS_SUBJECT, Subject
from opsgauge.warehouse.portable import day_micros, micros, millionths

CLOSED_COLUMNS = {"phase": PHASES, "practice": PRACTICES}
SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper, str.capitalize, str.title)
Number = StrictInt | float


def known(word: str, words: Iterable[str], what: str) -> str:
    """Return the word if it is one of `words`.

    Raises
    ------
    ValueError : it is not; pydantic makes it a fault of that key
    """
    if word not in (kept := tuple(words)):
        raise ValueError(f"{what} {word!r} is not known. {did_you_mean(word, kept)}".strip())
    return word


def subject_of(info: ValidationInfo) -> Subject:
    """Return what the metric is of whose paragraph is being read."""
    return SUBJECTS.get((info.context or {}).get("of", ""), TICKETS_SUBJECT)


def spellings(words: Iterable[str]) -> tuple[str, ...]:
    """Return words as tools may write them: outcomes and types have no closed vocabulary.

    Examples
    --------
    >>> spellings(["backed out"])
    ('backed out', 'BACKED OUT', 'Backed out', 'Backed Out')
    """
    return tuple(dict.fromkeys(spell(word) for word in words for spell in SPELLINGS))


class Strict(BaseModel):
    """A part of a paragraph: unknown keys are refused, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Criterion(Strict):
    """What a record must show to count: one column and one test of it.

    Attributes
    ----------
    column : a column of the table that the metric is of
    is_ : the value it must hold; written `is`
    any_of : values of which it must hold one
    at_least, at_most : the smallest and the largest number it may hold
    known : it holds something, whatever it is; `false`: it holds nothing
    after, not_after : another moment of the same record that it must lie after, or not
    hours, seconds : what is added to that other moment first
    same_as : another column of the same record that must hold the same
    """

    column: str
    is_: StrictBool | StrictInt | StrictStr | None = Field(default=None, alias="is")
    any_of: tuple[StrictStr, ...] = ()
    at_least: Number | None = None
    at_most: Number | None = None
    known: StrictBool | None = None
    after: str | None = None
    not_after: str | None = None
    hours: Number | None = None
    seconds: Number | None = None
    same_as: str | None = None

    @model_validator(mode="after")
    def _one_fitting_test(self, info: ValidationInfo) -> "Criterion":
        subject = subject_of(info)
        known(self.column, subject.columns, "column")
        given = [name for name, there in self.tests.items() if there]
        if len(given) != 1:
            raise ValueError(f"say one of {', '.join(self.tests)}")
        if given[0] not in _fitting_tests(subject, self.column, self.is_):
            raise ValueError(f"{given[0]!r} does not fit what {self.column!r} holds")
        if self.later_us and self.other is None:
            raise ValueError("'hours' and 'seconds' go with after or not_after")
        if self.other is not None:
            known(self.other, subject.moments, "moment")
        if self.same_as is not None:
            known(self.same_as, subject.columns, "column")
        for word in self.words:
            if self.column in CLOSED_COLUMNS and subject.is_tickets:
                known(word, CLOSED_COLUMNS[self.column], self.column)
        return self

    @property
    def tests(self) -> dict[str, bool]:
        """Which of its tests are given."""
        return {
            "is": self.is_ is not None,
            "any_of": bool(self.any_of),
            "at_least": self.at_least is not None,
            "at_most": self.at_most is not None,
            "known": self.known is not None,
            "after": self.after is not None,
            "not_after": self.not_after is not None,
            "same_as": self.same_as is not None,
        }

    @property
    def other(self) -> str | None:
        """The moment that its column is compared with."""
        return self.after or self.not_after

    @property
    def later_us(self) -> int:
        """What is added to that moment, microseconds."""
        return round((self.hours or 0) * MICROS_PER_HOUR + (self.seconds or 0) * MICROS_PER_SECOND)

    @property
    def words(self) -> tuple[str, ...]:
        """The words it looks for."""
        return tuple(word for word in (self.is_, *self.any_of) if isinstance(word, str))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(name for name in (self.column, self.other, self.same_as) if name)

    def holds(self, rows: ir.Table, subject: Subject) -> ir.BooleanValue:
        """Whether each record meets it; null where nothing is known of that."""
        column = rows[self.column]
        if self.known is not None:
            return column.notnull() if self.known else column.isnull()
        if self.other is not None:
            return self._compared(rows, subject, self.other)
        if self.at_least is not None or self.at_most is not None:
            return self._limited(column)
        if self.same_as is not None:
            return column == rows[self.same_as]
        return self._equal(column)

    def _equal(self, column: ir.Value) -> ir.BooleanValue:
        if self.words:
            closed = self.column in CLOSED_COLUMNS
            return column.isin(self.words if closed else spellings(self.words))
        if isinstance(self.is_, bool):
            return column if self.is_ else ~column
        return column == self.is_

    def _limited(self, column: ir.Value) -> ir.BooleanValue:
        # A limit of 0.1 is no binary fraction; as millionths it is what it says.
        floating = column.type().is_floating()
        limit = self.at_most if self.at_least is None else self.at_least
        exact = round((limit or 0) * MILLIONTHS) if floating else limit
        number = millionths(column) if floating else column
        return number <= exact if self.at_least is None else number >= exact

    def _compared(self, rows: ir.Table, subject: Subject, other: str) -> ir.BooleanValue:
        limit = moment_us(rows, subject, other) + self.later_us
        found = moment_us(rows, subject, self.column)
        return found > limit if self.after else found <= limit


def moment_us(rows: ir.Table, subject: Subject, name: str) -> ir.IntegerValue:
    """Return a moment as microseconds since 1970; of a day, those of its midnight in UTC."""
    column = subject.column(name)
    if column is not None and column.type == "day":
        return day_micros(rows[name])
    return micros(rows[name])


def _fitting_tests(subject: Subject, name: str, value: bool | int | str | None) -> set[str]:
    found = subject.column(name)
    kind = found.type if found else ""
    if kind == "yes_no":
        return {"known", "is"} if value is None or isinstance(value, bool) else {"known"}
    if kind in {"whole", "number"}:
        whole = isinstance(value, int) and not isinstance(value, bool)
        fit = {"known", "at_least", "at_most"}
        return fit | {"is"} if (value is None or whole) and kind == "whole" else fit
    if kind == "text":
        fit = {"known", "any_of", "is", "same_as"}
        return fit if value is None or isinstance(value, str) else {"known"}
    if name in subject.moments:
        return {"known", "after", "not_after"}
    return {"known"}


def all_hold(
    rows: ir.Table, criteria: Iterable[Criterion], subject: Subject
) -> ir.BooleanValue | None:
    """Return whether each record meets every one of the criteria; None where there is none."""
    met: ir.BooleanValue | None = None
    for each in criteria:
        held = each.holds(rows, subject)
        met = held if met is None else met & held
    return met
