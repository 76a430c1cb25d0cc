"""The kinds of metric whose records one moment of theirs puts into a period.

Floor 3. Each class is what a paragraph of that kind may say; `definition.py` holds the others.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    field_validator,
    model_validator,
)

from opsgauge.log.untold import TOLD_BY_UPDATES
from opsgauge.log.vocabulary import PHASES
from opsgauge.metrics.criterion import Criterion, Number, known, subject_of
from opsgauge.metrics.paragraph import Paragraph


def _moment(name: str, info: ValidationInfo) -> str:
    return known(name, subject_of(info).moments, "moment")


def _number(name: str, info: ValidationInfo) -> str:
    return known(name, subject_of(info).numbers, "column")


def _length(name: str | None, info: ValidationInfo) -> str | None:
    subject = subject_of(info)
    lengths = [column for column in subject.numbers if subject.micros(column)]
    return name if name is None else known(name, lengths, "column")


def _phases(phases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(known(phase, PHASES, "phase") for phase in phases)


def _listed(said: Any) -> Any:
    return [said] if isinstance(said, Mapping | Criterion) else said


# One criterion, or a list of which all must hold.
Criteria = Annotated[tuple[Criterion, ...], BeforeValidator(_listed)]


class Dated(Paragraph):
    """A metric of records that one moment of theirs puts into a period."""

    period_by: str

    _known_moment = field_validator("period_by")(_moment)


class Count(Dated):
    """How many records had that moment."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("count",)
    COUNT_ALONE: ClassVar[bool] = True
    kind: Literal["count"]

    def fitting_units(self) -> tuple[str, ...]:
        """Return the unit of its records."""
        return (self.subject.unit,)

    def columns(self) -> tuple[str, ...]:
        """Return the moment that is counted."""
        return (self.period_by,)


class Distinct(Dated):
    """How many different values a column has among the records, each counted once.

    A column that names persons may be counted: how many there are, and not who they are.
    """

    STATISTICS: ClassVar[tuple[str, ...]] = ("count",)
    COUNT_ALONE: ClassVar[bool] = True
    kind: Literal["distinct"]
    column: str

    @field_validator("column")
    @classmethod
    def _column(cls, column: str, info: ValidationInfo) -> str:
        return known(column, subject_of(info).table.names, "column")

    def fitting_units(self) -> tuple[str, ...]:
        """Return count."""
        return ("count",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the column."""
        return (self.period_by, self.column)


class Share(Dated):
    """How many of the records (all, or those that meet `denominator`) meet `numerator`."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("share",)
    kind: Literal["share"]
    numerator: Criteria = Field(min_length=1)
    denominator: Criteria = ()

    def fitting_units(self) -> tuple[str, ...]:
        """Return share."""
        return ("share",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the columns that are tested."""
        return tuple(dict.fromkeys([self.period_by, *self.tested]))

    @property
    def tested(self) -> list[str]:
        """The columns that are tested."""
        return [name for each in (*self.numerator, *self.denominator) for name in each.columns]


class Repeat(Share):
    """How many records are followed by another of the same kind within some days.

    `same` names the columns that both must hold alike, such as the person and the category; with
    `again: false` those count that are not followed.
    """

    kind: Literal["repeat"]  # type: ignore[assignment]  # a share of its own kind
    numerator: Criteria = ()
    same: tuple[str, ...] = Field(min_length=1)
    days: StrictInt = Field(ge=1)
    again: StrictBool = True

    @field_validator("same")
    @classmethod
    def _same(cls, same: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return tuple(known(name, subject_of(info).table.names, "column") for name in same)

    def columns(self) -> tuple[str, ...]:
        """Return the moment, the columns that are tested, and those that must be alike."""
        return tuple(dict.fromkeys([*super().columns(), *self.same]))


class Duration(Dated):
    """Hours from one moment to another, of records that have both."""

    kind: Literal["duration"]
    from_: str = Field(alias="from")
    to: str

    _known_moments = field_validator("from_", "to")(_moment)

    def columns(self) -> tuple[str, ...]:
        """Return the moments."""
        return tuple(dict.fromkeys([self.from_, self.to, self.period_by]))


class Numbered(Dated):
    """A metric of a number that each record carries, or of several added up."""

    column: str
    plus: tuple[str, ...] = ()
    at_least: StrictInt | None = None

    _known_column = field_validator("column")(_number)

    @field_validator("plus")
    @classmethod
    def _columns(cls, plus: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return tuple(_number(name, info) for name in plus)

    @model_validator(mode="after")
    def _alike(self) -> "Numbered":
        kinds = {bool(self.subject.micros(name)) for name in self.added}
        if len(kinds) > 1:
            raise ValueError("plus: lengths of time and other numbers are not added up")
        return self

    @property
    def added(self) -> tuple[str, ...]:
        """The columns whose numbers are added up for each record."""
        return (self.column, *self.plus)

    @property
    def told_by(self) -> tuple[str, ...]:
        """The columns without which the numbers say nothing: a list of tickets has no updates."""
        counted = self.subject.is_tickets and "update_count" in self.added
        return (TOLD_BY_UPDATES,) if counted else ()

    def fitting_units(self) -> tuple[str, ...]:
        """Return hours for a length of time, money for money, else a count or a score."""
        if self.subject.micros(self.column):
            return ("hours",)
        return ("money",) if self.subject.is_money(self.column) else ("count", "score")

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the numbers."""
        return (self.period_by, *self.added, *self.told_by)


class Amount(Numbered):
    """A number that each record carries; `at_least` leaves out records that carry less."""

    kind: Literal["amount"]


class Sum(Numbered):
    """A number that each record carries, added up."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("sum",)
    kind: Literal["sum"]


class TimeShare(Dated):
    """One length of time as a share of another: the sum of the one over the sum of the other.

    The part is a column, or the time that the ticket spent in some phases.
    """

    STATISTICS: ClassVar[tuple[str, ...]] = ("share",)
    kind: Literal["time_share"]
    part: str | None = None
    phases: tuple[str, ...] = ()
    whole: str

    _lengths = field_validator("part", "whole")(_length)
    _known_phases = field_validator("phases")(_phases)

    @model_validator(mode="after")
    def _one_part(self) -> "TimeShare":
        if bool(self.part) == bool(self.phases):
            raise ValueError("part: say one of part and phases")
        if self.phases and not self.subject.is_tickets:
            raise ValueError("phases: only tickets have phases")
        return self

    def fitting_units(self) -> tuple[str, ...]:
        """Return share."""
        return ("share",)

    @property
    def knows_past(self) -> bool:
        """Whether the part is a column: the time in phases is that of the whole life."""
        return super().knows_past and not self.phases

    def columns(self) -> tuple[str, ...]:
        """Return the moment and both lengths."""
        return (self.period_by, *([self.part] if self.part else []), self.whole)


class Dwell(Dated):
    """Hours that a ticket spent in some phases; tickets that were never in one are left out.

    So are those of a list, of which the phases between two moments are not known.
    """

    kind: Literal["dwell"]
    phases: tuple[str, ...] = Field(min_length=1)

    _known_phases = field_validator("phases")(_phases)

    @model_validator(mode="after")
    def _of_tickets(self) -> "Dwell":
        if not self.subject.is_tickets:
            raise ValueError("phases: only tickets have phases")
        return self

    @property
    def knows_past(self) -> bool:
        """Never: the time in phases is that of the whole life."""
        return False

    def columns(self) -> tuple[str, ...]:
        """Return the moment, and what says that a ticket's phases between its moments are known."""
        return (self.period_by, TOLD_BY_UPDATES)


class Between(Dated):
    """Hours from the end of one record to the start of the next, one after another.

    `within` names the dimensions inside which records follow each other, such as the service.
    """

    kind: Literal["between"]
    from_: str = Field(alias="from")
    to: str
    within: tuple[str, ...] = ()

    _known_moments = field_validator("from_", "to")(_moment)

    @field_validator("within")
    @classmethod
    def _within(cls, within: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return tuple(known(name, subject_of(info).dimensions, "column") for name in within)

    def columns(self) -> tuple[str, ...]:
        """Return the moments."""
        return tuple(dict.fromkeys([self.from_, self.to, self.period_by]))


class Score(Dated):
    """The share of answers at the top of their scale, less the share at its bottom.

    `top` and `bottom` are how many steps of the scale count, such as 2 of 10 and 7 of 10 for the
    net promoter score; without `bottom` it is the plain share at the top.
    """

    STATISTICS: ClassVar[tuple[str, ...]] = ("score",)
    kind: Literal["score"]
    column: str
    lowest: str
    highest: str
    top: StrictInt = Field(ge=1)
    bottom: StrictInt = Field(default=0, ge=0)

    _known_columns = field_validator("column", "lowest", "highest")(_number)

    def fitting_units(self) -> tuple[str, ...]:
        """Return points where something is taken away, else share."""
        return ("points",) if self.bottom else ("share",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment, the answer and the ends of its scale."""
        return (self.period_by, self.column, self.lowest, self.highest)


class Points(Dated):
    """Points that each record earns by a word it holds, added up; other words earn none."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("sum",)
    kind: Literal["points"]
    column: str
    earns: Mapping[str, Number] = Field(min_length=1)

    @field_validator("column")
    @classmethod
    def _column(cls, column: str, info: ValidationInfo) -> str:
        return known(column, subject_of(info).dimensions, "column")

    def fitting_units(self) -> tuple[str, ...]:
        """Return points."""
        return ("points",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the column of words."""
        own = self.subject.has(self.column)
        return (self.period_by, self.column) if own else (self.period_by,)
