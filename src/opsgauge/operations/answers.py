"""The shapes in which operations answer: what pages draw, and the API and command line print.

Floor 5. Plain frozen data; `as_json` gives the published names (docs/reference/json.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import COUNTED

FEWEST_TICKETS = 20  # behind a share or a time before anything is said of it


def enough(unit: str, n: int) -> bool:
    """Say whether so many records are enough to judge a value of this unit.

    Examples
    --------
    >>> enough("hours", 19), enough("hours", 20), enough("tickets", 2)
    (False, True, True)
    """
    return unit in {*COUNTED, "money"} or n >= FEWEST_TICKETS


@dataclass(frozen=True)
class Provenance:
    """From what an answer was computed, so that anyone can get it again."""

    data_version: int
    data_as_of: datetime | None  # the latest moment in the records: the watermark
    loaded_at: datetime | None
    definition: str  # hash of the metric's paragraph, "" where none
    zone: str


@dataclass(frozen=True)
class Shifted:
    """What a value is set against: the same metric in another period."""

    period: str  # "" where there is none
    n: int | None = None
    value: float | None = None
    difference: float | None = None  # of the value from this one, in the metric's unit
    change: float | None = None  # the difference as a share of this one's size; None from nought
    few: bool = False  # too few records stand behind this one or the value for it to say much


@dataclass(frozen=True)
class Value:
    """One number: a metric in one period for one combination of dimensions."""

    period: str  # "2016-03", "2016-W09", "2016-03-01", "2016-Q1", "2016", "all"
    by: Mapping[str, str | None]
    n: int  # 0 where the value is withheld
    value: float | None
    low: float | None = None  # 95 % interval; None for counts and stocks
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    shifted: Shifted | None = None  # what it is set against, where the question says so
    complete: bool | None = None  # of stretches of their own: wholly in the records, and over
    suppressed: bool = False  # not shown: so few records stand behind it, or a check withholds it


@dataclass(frozen=True)
class LeftOut:
    """An exclusion that a number stands under; without a reason for whom it may not be told."""

    number: int
    why: str

    def sentence(self) -> str:
        """Say it in words."""
        return f"exclusion {self.number}" + (f": {self.why}" if self.why else "")

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Measured:
    """A metric's answer to one question."""

    metric: str
    title: str
    unit: str  # a word of `foundation.units.UNITS`
    good: str  # "lower", "higher", "neutral"
    statistic: str
    period: str
    by: tuple[str, ...]
    where: tuple[Condition, ...]
    rows: tuple[Value, ...]
    provenance: Provenance
    sentence: str  # the question in words
    suspect: tuple[str, ...] = ()  # ids of failed critical checks that touch this metric
    withheld: tuple[str, ...] = ()  # those of them that withhold its numbers
    record: str = "ticket"  # what one record behind it is called
    caveats: tuple[str, ...] = ()  # why this question may not suit this metric
    suppress_below: int = 1  # the fewest records of which a value is shown
    fewest_persons: int = 1  # the fewest people of a team of which it is
    left_out: tuple[LeftOut, ...] = ()  # what people agreed to leave out of it
    rows_with_left_out: tuple[Value, ...] = ()  # the same with that; empty where nothing is

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        shares = self.unit == "share"
        excluded: dict[str, Any] = {}
        if self.left_out:
            excluded = {
                "excluded": [each.as_json() for each in self.left_out],
                "rows_with_excluded": [self._row(row, shares) for row in self.rows_with_left_out],
            }
        return excluded | {
            "metric": self.metric,
            "unit": self.unit,
            "statistic": self.statistic,
            "data_version": self.provenance.data_version,
            "definition": self.provenance.definition,
            "data_as_of": iso(self.provenance.data_as_of),
            "sentence": self.sentence,
            "suspect": list(self.suspect),
            "withheld": list(self.withheld),
            "caveats": list(self.caveats),
            "rows": [self._row(row, shares) for row in self.rows],
        }

    def _row(self, row: Value, shares: bool) -> dict[str, Any]:
        few = self.suppress_below > 1 or self.fewest_persons > 1
        marks = {"suppressed": row.suppressed} if few else {}
        return {**_row(row, shares), **_beside(row), **marks}


def _beside(row: Value) -> dict[str, Any]:
    """Return what a question of stretches of its own says beside a value."""
    plain: dict[str, Any] = {} if row.complete is None else {"complete": row.complete}
    if row.shifted is not None:
        plain |= {
            "shifted_period": row.shifted.period or None,
            "shifted_n": row.shifted.n,
            "shifted": row.shifted.value,
            "difference": row.shifted.difference,
            "change": row.shifted.change,
            "few": row.shifted.few,
        }
    return plain


def _row(row: Value, shares: bool) -> dict[str, Any]:
    plain = {
        "period": row.period,
        "by": dict(row.by),
        "n": None if row.suppressed else row.n,
        "value": row.value,
        "low": row.low,
        "high": row.high,
    }
    if shares or row.numerator is not None:
        plain |= {"numerator": row.numerator, "denominator": row.denominator}
    return plain


@dataclass(frozen=True)
class TicketList:
    """The tickets behind a number."""

    sentence: str
    total: int  # how many there are; equals the n of the number they stand behind
    rows: tuple[Mapping[str, Any], ...]  # one page of them, columns of `tickets`, plus "hours"
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()  # values of filters that the records do not hold

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "total": self.total,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rows": [{k: published(v) for k, v in row.items()} for row in self.rows],
        }


@dataclass(frozen=True)
class Explained:
    """The twin of a query: the same question as a sentence, as SQL and as its definition."""

    metric: str
    title: str
    question: str
    decision: str
    sentence: str
    sql: str
    engine: str
    unit: str
    good: str
    pitfalls: tuple[str, ...]
    counter_metric: str | None
    owner_role: str
    source: str
    example: Mapping[str, Any]  # the worked example, as written
    left_out: str  # which records do not count, in words
    provenance: Provenance
    read_beside: str = ""  # of a count alone, what to read beside it
    aspect: str = ""  # what it tells of its process
    lifecycle: str = "certified"
    replaced_by: str | None = None
    version: int = 1
    valid_from: date | None = None
    made_of: tuple[str, ...] = ()  # the metrics that it is made of

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = {k: v for k, v in vars(self).items() if k not in {"provenance", "pitfalls"}}
        return {
            **plain,
            "pitfalls": list(self.pitfalls),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "made_of": list(self.made_of),
            "data_version": self.provenance.data_version,
            "definition": self.provenance.definition,
        }


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    data_version: int
    read: int
    accepted: int
    duplicate: int
    rejected: int
    tickets_touched: int
    unmapped: Mapping[str, Mapping[str, int]]
    seconds: float
    dry_run: bool = False
    notes: tuple[str, ...] = field(default=())
    reasons: Mapping[str, int] = field(default_factory=dict)  # why records were refused
    files: tuple[Mapping[str, Any], ...] = ()  # of each file its counts, or why it was left out
    gone: int = 0  # tickets found gone at the source since the last import
    back: int = 0  # tickets that were gone and are there again

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "notes": list(self.notes), "files": list(self.files)}


def iso(moment: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC, `2016-05-30T06:00:00Z`."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def published(value: Any) -> Any:
    """Return a value as JSON can say it."""
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value
