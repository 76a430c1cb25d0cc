"""What every metric's paragraph says of itself, and the parts it is made of.

Floor 3. A closed vocabulary, checked word by word; the kinds are in `definition.py`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.units import UNITS
from opsgauge.log.tables import HISTORY, TICKETS, dimensions
from opsgauge.log.vocabulary import PHASES, PRACTICES

BUCKETS = ("speed", "quality", "flow", "customer", "cost", "risk", "capacity", "compliance")
MOMENTS = tuple(c.name for c in TICKETS.columns if c.type == "instant" and c.name != "deleted_at")
NUMBERS = tuple(c.name for c in TICKETS.columns if c.type == "whole")
LENGTHS = tuple(name for name in NUMBERS if name.endswith("_us"))
QUANTILE = re.compile(r"p([1-9]\d?)")
CLOSED_COLUMNS = {"phase": PHASES, "practice": PRACTICES}


def known(word: str, words: Iterable[str], what: str) -> str:
    """Return the word if it is one of `words`.

    Raises
    ------
    ValueError : it is not; pydantic makes it a fault of that key
    """
    if word not in (kept := tuple(words)):
        raise ValueError(f"{what} {word!r} is not known. {did_you_mean(word, kept)}".strip())
    return word


def quantile_of(statistic: str) -> float | None:
    """Return the quantile that a statistic's name stands for, or None.

    Examples
    --------
    >>> quantile_of("median"), quantile_of("p90"), quantile_of("mean")
    (0.5, 0.9, None)
    """
    if statistic == "median":
        return 0.5
    found = QUANTILE.fullmatch(statistic)
    return int(found[1]) / 100 if found else None


class Strict(BaseModel):
    """A part of a paragraph: unknown keys are refused, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Criterion(Strict):
    """What a ticket must show to count: one column and one test of it.

    Attributes
    ----------
    column : a column of `tickets`
    is_ : the value it must hold; written `is`
    any_of : values of which it must hold one
    at_least : the smallest number it may hold
    known : it holds something, whatever it is
    """

    column: str
    is_: StrictBool | StrictInt | StrictStr | None = Field(default=None, alias="is")
    any_of: tuple[StrictStr, ...] = ()
    at_least: StrictInt | None = None
    known: Literal[True] | None = None

    @field_validator("column")
    @classmethod
    def _column(cls, column: str) -> str:
        return known(column, [c.name for c in TICKETS.columns if not c.person], "column")

    @model_validator(mode="after")
    def _one_fitting_test(self) -> "Criterion":
        tests = {
            "is": self.is_ is not None,
            "any_of": bool(self.any_of),
            "at_least": self.at_least is not None,
            "known": self.known is not None,
        }
        given = [name for name, there in tests.items() if there]
        if len(given) != 1:
            raise ValueError("say one of is, any_of, at_least or known")
        if given[0] not in _fitting_tests(self.column, self.is_):
            raise ValueError(f"{given[0]!r} does not fit what {self.column!r} holds")
        for word in (self.is_, *self.any_of):
            if isinstance(word, str) and self.column in CLOSED_COLUMNS:
                known(word, CLOSED_COLUMNS[self.column], self.column)
        return self


def _fitting_tests(column: str, value: bool | int | str | None) -> set[str]:
    found = TICKETS.column(column)
    kind = found.type if found else ""
    if kind == "yes_no":
        return {"known", "is"} if value is None or isinstance(value, bool) else {"known"}
    if kind == "whole":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return {"known", "at_least", "is"} if value is None or whole else {"known"}
    if kind == "text":
        return {"known", "any_of", "is"} if value is None or isinstance(value, str) else {"known"}
    return {"known"}


Scalar = StrictBool | StrictInt | float | StrictStr | None


class Example(Strict):
    """A small desk and the numbers it must give: test, documentation and help text in one.

    Attributes
    ----------
    tickets : columns of `tickets`; what is left out is empty or follows from the rest
    history : updates in order, each with `ticket` (the number of the ticket in the list, from 1),
        `since` and columns of `history`; without any, opened_at, resolved_at and closed_at tell it
    at : the instant of measuring; the latest one mentioned where it is left out
    gives : statistic -> number, measured over everything
    """

    tickets: tuple[Mapping[str, Scalar], ...] = Field(min_length=1)
    history: tuple[Mapping[str, Scalar], ...] = ()
    at: str | None = None
    gives: Mapping[str, float | None] = Field(min_length=1)

    @model_validator(mode="after")
    def _columns_are_known(self) -> "Example":
        for row in self.tickets:
            for name in row:
                known(name, TICKETS.names, "column")
        for row in self.history:
            for name in row:
                known(name, ("ticket", *HISTORY.names), "column")
        return self


class Paragraph(Strict):
    """What every kind of metric says of itself."""

    STATISTICS: ClassVar[tuple[str, ...]] = ()  # empty: quantiles and the mean

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    decision: str = ""
    unit: str
    good: Literal["lower", "higher", "neutral"]
    statistics: tuple[str, ...] = ()
    leading: Literal["leading", "lagging"]
    bucket: str
    counter_metric: str | None = None
    owner_role: str = Field(min_length=1)
    source: str = Field(min_length=1)
    pitfalls: tuple[str, ...] = Field(min_length=1)
    practices: tuple[str, ...] = ()
    where: Mapping[str, tuple[StrictBool | StrictStr | None, ...]] = Field(default_factory=dict)
    example: Example

    @field_validator("unit")
    @classmethod
    def _unit(cls, unit: str) -> str:
        return known(unit, UNITS, "unit")

    @field_validator("bucket")
    @classmethod
    def _bucket(cls, bucket: str) -> str:
        return known(bucket, BUCKETS, "bucket")

    @field_validator("practices")
    @classmethod
    def _practices(cls, practices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known(practice, PRACTICES, "practice") for practice in practices)

    @field_validator("where")
    @classmethod
    def _where(cls, where: Mapping[str, tuple[Any, ...]]) -> Mapping[str, tuple[Any, ...]]:
        for column, values in where.items():
            if not column.startswith("attributes."):
                known(column, dimensions(), "column")
            for value in values:
                if isinstance(value, str) and column in CLOSED_COLUMNS:
                    known(value, CLOSED_COLUMNS[column], column)
        return where

    @field_validator("statistics")
    @classmethod
    def _statistics(cls, statistics: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(statistics)) != len(statistics):
            raise ValueError("a statistic is named twice")
        for statistic in statistics:
            if cls.STATISTICS:
                known(statistic, cls.STATISTICS, "statistic")
            elif quantile_of(statistic) is None:
                known(statistic, ("mean", "median", "p90"), "statistic")
        return statistics

    @model_validator(mode="after")
    def _hangs_together(self) -> "Paragraph":
        if self.bucket == "speed" and self.counter_metric is None:
            raise ValueError(
                "a metric of speed needs a counter_metric, which shows what speed costs"
            )
        for statistic in self.example.gives:
            known(statistic, self.all_statistics, "statistic")
        if self.all_statistics[0] not in self.example.gives:
            raise ValueError(f"the example must give {self.all_statistics[0]!r}, the default")
        if self.unit not in self.fitting_units():
            raise ValueError(f"unit {self.unit!r} does not fit; write {self.fitting_units()[0]!r}")
        return self

    @property
    def all_statistics(self) -> tuple[str, ...]:
        """The statistics it has, the default first."""
        return self.statistics or self.STATISTICS or ("median",)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The tickets it counts, as conditions on dimensions."""
        practices = (Condition("practice", self.practices),) if self.practices else ()
        return practices + tuple(
            Condition(column, tuple(_word(value) for value in values))
            for column, values in self.where.items()
        )

    def fitting_units(self) -> tuple[str, ...]:
        """Return the units that its kind can be measured in."""
        return ("hours",)

    def columns(self) -> tuple[str, ...]:
        """Return the columns of `tickets` without which it means nothing."""
        raise NotImplementedError


def _word(value: bool | str | None) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
