"""What a metric's paragraph may say: a closed set of kinds, and the columns each works on.

Floor 3. There is no formula in a string: a paragraph names its kind and the columns that the kind
works on. What all kinds share is in `paragraph.py`; `load.py` reads paragraphs from YAML and turns
what is wrong into a sentence.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictInt, TypeAdapter, field_validator

from opsgauge.metrics.paragraph import LENGTHS, MOMENTS, NUMBERS, Criterion, Paragraph, known


def _moment(name: str) -> str:
    return known(name, MOMENTS, "moment")


class Dated(Paragraph):
    """A metric of tickets that one moment of theirs puts into a period."""

    period_by: str

    _known_moment = field_validator("period_by")(_moment)


class Count(Dated):
    """How many tickets had that moment."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("count",)
    kind: Literal["count"]

    def fitting_units(self) -> tuple[str, ...]:
        """Tickets."""
        return ("tickets",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment that is counted."""
        return (self.period_by,)


class Share(Dated):
    """How many of the tickets (all, or those that meet `denominator`) meet `numerator`."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("share",)
    kind: Literal["share"]
    numerator: Criterion
    denominator: Criterion | None = None

    def fitting_units(self) -> tuple[str, ...]:
        """Share."""
        return ("share",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the columns that are tested."""
        tested = [self.numerator.column] + ([self.denominator.column] if self.denominator else [])
        return tuple(dict.fromkeys([self.period_by, *tested]))


class Duration(Dated):
    """Hours from one moment to another, of tickets that have both."""

    kind: Literal["duration"]
    from_: str = Field(alias="from")
    to: str

    _known_moments = field_validator("from_", "to")(_moment)

    def columns(self) -> tuple[str, ...]:
        """Return the moments."""
        return tuple(dict.fromkeys([self.from_, self.to, self.period_by]))


class Amount(Dated):
    """A number that each ticket carries; `at_least` leaves out tickets that carry less."""

    kind: Literal["amount"]
    column: str
    at_least: StrictInt | None = None

    @field_validator("column")
    @classmethod
    def _column(cls, column: str) -> str:
        return known(column, NUMBERS, "column")

    def fitting_units(self) -> tuple[str, ...]:
        """Hours for a length of time, else a count."""
        return ("hours",) if self.column in LENGTHS else ("count",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and the number."""
        return (self.period_by, self.column)


class TimeShare(Dated):
    """One length of time as a share of another: the sum of the one over the sum of the other."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("share",)
    kind: Literal["time_share"]
    part: str
    whole: str

    @field_validator("part", "whole")
    @classmethod
    def _lengths(cls, column: str) -> str:
        return known(column, LENGTHS, "column")

    def fitting_units(self) -> tuple[str, ...]:
        """Share."""
        return ("share",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment and both lengths."""
        return (self.period_by, self.part, self.whole)


class Age(Paragraph):
    """Hours since opening, of the tickets open when a period ends."""

    kind: Literal["age"]

    def columns(self) -> tuple[str, ...]:
        """Return the moment of opening, which every ticket has."""
        return ("opened_at",)


class Flow(Paragraph):
    """How many tickets are open when a period ends."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("count",)
    kind: Literal["flow"]

    def fitting_units(self) -> tuple[str, ...]:
        """Tickets."""
        return ("tickets",)

    def columns(self) -> tuple[str, ...]:
        """Return the moment of opening, which every ticket has."""
        return ("opened_at",)


KINDS: dict[str, type[Paragraph]] = {
    "count": Count,
    "share": Share,
    "duration": Duration,
    "amount": Amount,
    "time_share": TimeShare,
    "age": Age,
    "flow": Flow,
}
Definition = Annotated[
    Count | Share | Duration | Amount | TimeShare | Age | Flow, Field(discriminator="kind")
]
DEFINITION: TypeAdapter[Paragraph] = TypeAdapter(Definition)


@dataclass(frozen=True)
class Metric:
    """A metric: its name, its paragraph, and the file of the catalogue that holds it."""

    name: str
    practice: str  # the chapter: name of its file, such as "incident" or "service_desk"
    definition: Paragraph
    origin: str = "built-in"  # "built-in", or the file of the user's own folder

    @cached_property
    def definition_hash(self) -> str:
        """Fingerprint of the paragraph: another number or another word, another hash."""
        content = {"name": self.name, **self.definition.model_dump(mode="json", by_alias=True)}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def kind(self) -> str:
        """Its kind, a key of `KINDS`."""
        return str(getattr(self.definition, "kind", ""))

    @property
    def statistics(self) -> Sequence[str]:
        """The statistics it has, the default first."""
        return self.definition.all_statistics

    @property
    def state(self) -> str:
        """`kpi` where a decision hangs on it, else `raw`: looked at, but nobody's goal."""
        return "kpi" if self.definition.decision else "raw"
