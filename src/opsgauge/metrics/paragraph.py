"""What every metric's paragraph says of itself, and the example that is a part of it.

Floor 3. A closed vocabulary, checked word by word; the kinds are in `definition.py`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import UNITS
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.metrics.criterion import CLOSED_COLUMNS, Strict, known, spellings, subject_of
from opsgauge.metrics.subject import SUBJECTS, Subject

BUCKETS = ("speed", "quality", "flow", "customer", "cost", "risk", "capacity", "compliance")
ASPECTS = (
    "effectiveness",
    "efficiency",
    "consistency",
    "accuracy",
    "repeatability",
    "scalability",
    "compliance",
)
# What a metric tells of its process where its paragraph does not say.
ASPECT_OF_BUCKET = {
    "speed": "efficiency",
    "quality": "effectiveness",
    "flow": "efficiency",
    "customer": "effectiveness",
    "cost": "efficiency",
    "risk": "effectiveness",
    "capacity": "scalability",
    "compliance": "compliance",
}
# Where a metric stands between the work and what it is for: of the process, of the service that
# people get, or of what comes of it for those who pay. Where its paragraph does not say, by bucket.
LEVELS = ("process", "service", "outcome")
LEVEL_OF_BUCKET = {
    "speed": "process",
    "quality": "process",
    "flow": "process",
    "customer": "outcome",
    "cost": "outcome",
    "risk": "service",
    "capacity": "process",
    "compliance": "service",
}
LENGTHS = tuple(c.name for c in TICKETS.columns if c.type == "whole" and c.name.endswith("_us"))
GEOMETRIC = "geometric_mean"
QUANTILE = re.compile(r"p([1-9]\d?)")


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


Scalar = StrictBool | StrictInt | float | StrictStr | datetime | date | None


class Example(Strict):
    """A small desk and the numbers it must give: test, documentation and help text in one.

    Attributes
    ----------
    tickets : columns of `tickets`; what is left out is empty or follows from the rest
    history : updates in order, each with `ticket` (the number of the ticket in the list, from 1),
        `since` and columns of `history`; without any, opened_at, resolved_at and closed_at tell it
    records : table -> its records; the tickets of the list are T1, T2 and so on there
    at : the instant of measuring; the latest one mentioned where it is left out
    gives : statistic -> number, measured over everything
    """

    tickets: tuple[Mapping[str, Scalar], ...] = ()
    history: tuple[Mapping[str, Scalar], ...] = ()
    records: Mapping[str, tuple[Mapping[str, Scalar], ...]] = Field(default_factory=dict)
    at: str | None = None
    gives: Mapping[str, float | None] = Field(min_length=1)

    @model_validator(mode="after")
    def _columns_are_known(self) -> "Example":
        _all_known(self.tickets, TICKETS.names)
        _all_known(self.history, ("ticket", *HISTORY.names))
        for table, rows in self.records.items():
            known(table, [name for name in SUBJECTS if name != TICKETS.name], "table")
            _all_known(rows, SUBJECTS[table].table.names)
        if not self.size:
            raise ValueError("an example has tickets, or records of other tables")
        return self

    @property
    def size(self) -> int:
        """How many tickets and records it has."""
        return len(self.tickets) + sum(len(rows) for rows in self.records.values())


def _all_known(rows: Iterable[Mapping[str, Scalar]], names: Sequence[str]) -> None:
    for row in rows:
        for name in row:
            known(name, names, "column")


class Paragraph(Strict):
    """What every kind of metric says of itself."""

    STATISTICS: ClassVar[tuple[str, ...]] = ()  # empty: quantiles and the mean
    COUNT_ALONE: ClassVar[bool] = False  # a bare count, which is easy to be proud of

    of: str = TICKETS.name
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    decision: str = ""
    unit: str
    good: Literal["lower", "higher", "neutral"]
    statistics: tuple[str, ...] = ()
    leading: Literal["leading", "lagging"]
    bucket: str
    level: Literal["process", "service", "outcome"] | None = None
    leads: str | None = None
    aspect: str | None = None
    counter_metric: str | None = None
    owner_role: str = Field(min_length=1)
    source: str = Field(min_length=1)
    pitfalls: tuple[str, ...] = Field(min_length=1)
    practices: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()
    where: Mapping[str, tuple[StrictBool | StrictStr | None, ...]] = Field(default_factory=dict)
    except_: Mapping[str, tuple[StrictStr, ...]] = Field(default_factory=dict, alias="except")
    finest: Literal["day", "week", "month", "quarter", "year"] = "day"
    vanity: StrictBool | None = None
    lifecycle: Literal["draft", "certified", "deprecated", "retired"] = "certified"
    replaced_by: str | None = None
    version: StrictInt = 1
    valid_from: date | None = None
    example: Example

    @field_validator("of")
    @classmethod
    def _of(cls, of: str) -> str:
        return known(of, SUBJECTS, "table")

    @field_validator("unit")
    @classmethod
    def _unit(cls, unit: str) -> str:
        return known(unit, UNITS, "unit")

    @field_validator("bucket")
    @classmethod
    def _bucket(cls, bucket: str) -> str:
        return known(bucket, BUCKETS, "bucket")

    @field_validator("aspect")
    @classmethod
    def _aspect(cls, aspect: str | None) -> str | None:
        return aspect if aspect is None else known(aspect, ASPECTS, "aspect")

    @field_validator("practices", "fits")
    @classmethod
    def _practices(cls, practices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known(practice, PRACTICES, "practice") for practice in practices)

    @field_validator("where", "except_")
    @classmethod
    def _where(
        cls, where: Mapping[str, tuple[Any, ...]], info: ValidationInfo
    ) -> Mapping[str, tuple[Any, ...]]:
        subject = subject_of(info)
        for column, values in where.items():
            if not column.startswith("attributes."):
                known(column, subject.dimensions, "column")
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
                known(statistic, ("mean", GEOMETRIC, "median", "p90"), "statistic")
        return statistics

    @model_validator(mode="after")
    def _hangs_together(self) -> "Paragraph":
        if self.bucket == "speed" and self.counter_metric is None:
            raise ValueError(
                "a metric of speed needs a counter_metric, which shows what speed costs"
            )
        if self.practices and "practice" not in self.subject.dimensions:
            raise ValueError(f"practices: {self.of} name no ticket, so they have no practice")
        for statistic in self.example.gives:
            known(statistic, self.all_statistics, "statistic")
        if self.all_statistics[0] not in self.example.gives:
            raise ValueError(f"the example must give {self.all_statistics[0]!r}, the default")
        if self.unit not in self.fitting_units():
            raise ValueError(f"unit {self.unit!r} does not fit; write {self.fitting_units()[0]!r}")
        return self

    @property
    def subject(self) -> Subject:
        """The table whose records it counts."""
        return SUBJECTS[self.of]

    @property
    def all_statistics(self) -> tuple[str, ...]:
        """The statistics it has, the default first."""
        return self.statistics or self.STATISTICS or ("median",)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The records it counts, as conditions on dimensions."""
        practices = (Condition("practice", self.practices),) if self.practices else ()
        return practices + tuple(
            Condition(column, self._worded(column, values)) for column, values in self.where.items()
        )

    @property
    def meant_for(self) -> tuple[str, ...]:
        """The practices it was made for; none means any."""
        return self.fits or self.practices

    @property
    def tells(self) -> str:
        """The aspect of its process that it tells of, a word of `ASPECTS`."""
        return self.aspect or ASPECT_OF_BUCKET[self.bucket]

    @property
    def stands_at(self) -> str:
        """Its level of the pyramid from work to outcome, a word of `LEVELS`."""
        return self.level or LEVEL_OF_BUCKET[self.bucket]

    @property
    def is_vanity(self) -> bool:
        """Whether it is a count alone: never to be shown without what it costs."""
        return self.COUNT_ALONE if self.vanity is None else self.vanity

    @property
    def knows_past(self) -> bool:
        """Whether it can be asked as of a past moment: only tickets have a history."""
        return self.subject.is_tickets

    def fitting_units(self) -> tuple[str, ...]:
        """Return the units that its kind can be measured in."""
        return ("hours",)

    def columns(self) -> tuple[str, ...]:
        """Return the columns of its table without which it means nothing."""
        raise NotImplementedError

    def _worded(self, column: str, values: tuple[bool | str | None, ...]) -> tuple[str | None, ...]:
        """Return values as words; words of related tables in every usual spelling."""
        words: dict[str | None, None] = {}
        for value in values:
            word = _word(value)
            free = isinstance(value, str) and not self.subject.is_tickets
            free = free and self.subject.has(column)
            words |= dict.fromkeys(spellings([word]) if free and word else [word])
        return tuple(words)


def _word(value: bool | str | None) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
