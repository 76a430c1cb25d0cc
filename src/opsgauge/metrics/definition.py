"""What a metric's paragraph may say: a closed set of kinds, and the columns each works on.

Floor 3. There is no formula in a string: a paragraph names its kind and the columns that the kind
works on. What all kinds share is in `paragraph.py`, those of records with a moment in `dated.py`;
`load.py` reads paragraphs from YAML and turns what is wrong into a sentence; what is made of a
paragraph is a `Metric`, in `metric.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, model_validator

from opsgauge.foundation.units import COUNTED
from opsgauge.metrics.dated import (
    Amount,
    Between,
    Count,
    Distinct,
    Duration,
    Dwell,
    Points,
    Repeat,
    Score,
    Share,
    Sum,
    TimeShare,
)
from opsgauge.metrics.paragraph import Paragraph

COUNT_UNITS = ("count", "share", "money", "hours", "points")


class Composed(Paragraph):
    """A metric made of other metrics of the catalogue, each named by its name."""

    @model_validator(mode="after")
    def _leaves_nothing_out(self) -> "Composed":
        if self.except_:
            raise ValueError("except: its parts count the records; leave them out there")
        return self

    @property
    def of_metrics(self) -> tuple[str, ...]:
        """The metrics it is made of."""
        raise NotImplementedError

    def columns(self) -> tuple[str, ...]:
        """Return nothing of its own: its parts say what they need."""
        return ()

    @property
    def knows_past(self) -> bool:
        """Never: its parts may be of different tables."""
        return False


class Ratio(Composed):
    """One metric over another, in the same period and split: sums divided, never averaged."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("ratio",)
    kind: Literal["ratio"]
    part: str
    per: str

    @property
    def of_metrics(self) -> tuple[str, ...]:
        """The metric above the line, and the one below."""
        return (self.part, self.per)

    def fitting_units(self) -> tuple[str, ...]:
        """Return a number, a share, money or hours."""
        return COUNT_UNITS


class Total(Composed):
    """Several metrics added up, in the same period and split."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("sum",)
    kind: Literal["total"]
    parts: tuple[str, ...] = Field(min_length=2)

    @property
    def of_metrics(self) -> tuple[str, ...]:
        """The metrics that are added up."""
        return self.parts

    def fitting_units(self) -> tuple[str, ...]:
        """Return what can be added up."""
        return (*COUNT_UNITS, *COUNTED)


class Stock(Paragraph):
    """A metric of the tickets open when a period ends, each as it was then."""

    @model_validator(mode="after")
    def _of_tickets(self) -> "Stock":
        if not self.subject.is_tickets:
            raise ValueError(f"of: {self.of} are not open or closed; only tickets are")
        if self.except_:
            raise ValueError("except: what is open is chosen by where")
        return self

    def columns(self) -> tuple[str, ...]:
        """Return the moment of opening and whether it is open, which every ticket has."""
        return ("opened_at", "open")


class Age(Stock):
    """Hours since opening, of the tickets open when a period ends."""

    kind: Literal["age"]


class Flow(Stock):
    """How many tickets are open when a period ends."""

    STATISTICS: ClassVar[tuple[str, ...]] = ("count",)
    kind: Literal["flow"]

    def fitting_units(self) -> tuple[str, ...]:
        """Tickets."""
        return ("tickets",)


KINDS: dict[str, type[Paragraph]] = {
    "count": Count,
    "distinct": Distinct,
    "share": Share,
    "repeat": Repeat,
    "duration": Duration,
    "amount": Amount,
    "sum": Sum,
    "time_share": TimeShare,
    "dwell": Dwell,
    "between": Between,
    "score": Score,
    "points": Points,
    "ratio": Ratio,
    "total": Total,
    "age": Age,
    "flow": Flow,
}
Definition = Annotated[
    Count
    | Distinct
    | Share
    | Repeat
    | Duration
    | Amount
    | Sum
    | TimeShare
    | Dwell
    | Between
    | Score
    | Points
    | Ratio
    | Total
    | Age
    | Flow,
    Field(discriminator="kind"),
]
DEFINITION: TypeAdapter[Paragraph] = TypeAdapter(Definition)


def read_definition(said: Mapping[str, Any]) -> Paragraph:
    """Read a paragraph, each key against the table that it says it is of.

    Raises
    ------
    pydantic.ValidationError : it does not fit
    """
    return DEFINITION.validate_python(said, context={"of": str(said.get("of", ""))})
