"""Terms that both wings speak: frozen, plain, without a table or a record behind them.

Floor 0. The records wing decides them, the numbers wing takes them as arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Condition:
    """`column` holds one of `values`; `None` among them means that nothing is written there."""

    column: str
    values: tuple[str | None, ...]

    def sentence(self) -> str:
        """Return the condition in words.

        Examples
        --------
        >>> Condition("priority", ("1", "2")).sentence()
        'priority is 1 or 2'
        """
        words = ["missing" if value is None else value for value in self.values]
        return f"{self.column} is {' or '.join(words)}"


Rules = tuple[Condition, ...]


@dataclass(frozen=True)
class Exclusion:
    """Tickets that people agreed to leave out of numbers, and why.

    Left out are the tickets named and those that meet all `rules` and were opened within
    [since, until); none of the three leaves none out.

    Attributes
    ----------
    number : by which the register knows it
    metric : the metric it is for; empty: all
    tickets : source and number of each ticket named
    """

    number: int
    why: str
    metric: str = ""
    rules: Rules = ()
    tickets: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def is_of(self, metric: str) -> bool:
        """Say whether it is for this metric."""
        return self.metric in ("", metric)


@dataclass(frozen=True)
class Target:
    """What a metric should come to, of the records that meet `segment`.

    Attributes
    ----------
    statistic : the one that is judged, such as median
    period : week, month or quarter: of each the value is judged
    form : "number": `value` is to be reached; "percent": so many percent more than `baseline`
    baseline : the value before `from_day`, in the metric's unit
    from_day, review_day : from when it counts, and when it is judged for good; None: all the time
    number : by which the records know it; 0 before they do
    ended_at : when it stood no more
    """

    metric: str
    statistic: str
    segment: Rules
    period: str
    form: str
    value: float
    baseline: float | None
    from_day: date
    review_day: date | None
    why: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    @property
    def goal(self) -> float:
        """The value to reach, in the metric's unit."""
        if self.form == "percent":
            return (self.baseline or 0.0) * (1 + self.value / 100)
        return self.value

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **vars(self),
            "segment": [
                {"column": each.column, "values": list(each.values)} for each in self.segment
            ],
            "goal": self.goal,
            "from_day": self.from_day.isoformat(),
            "review_day": self.review_day.isoformat() if self.review_day else None,
        }


@dataclass(frozen=True)
class Series:
    """What one control chart is of: a statistic of a metric, of records that meet `segment`."""

    metric: str
    statistic: str
    segment: Rules
    period: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        segment = [{"column": each.column, "values": list(each.values)} for each in self.segment]
        return {**vars(self), "segment": segment}


@dataclass(frozen=True)
class FrozenLimits:
    """Limits that people agreed on for the phase of a chart in which their baseline lies.

    Attributes
    ----------
    first, last : the periods that they were frozen from
    periods : how many of these had a value that counted
    number : of the baseline, by which the records know it
    signed_by : who signed it, each with their part
    """

    first: str
    last: str
    centre: float
    lower: float
    upper: float
    mean_moving_range: float
    periods: int
    number: int = 0
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgreedPhases:
    """What people agreed on about one control chart.

    Attributes
    ----------
    frozen : limits of signed baselines, those signed later after those signed before
    rebased : the first periods of the phases that begin anew, in order
    left_out : the excluded points, each period with its reason
    """

    series: Series
    frozen: tuple[FrozenLimits, ...] = ()
    rebased: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scope:
    """The tickets an actor may see: all that meet every rule, and all of one of `any_of`.

    Attributes
    ----------
    rules : each of them holds; none: everything
    any_of : all conditions of at least one of these hold; empty: no more is asked
    without : what is left out of a number, beside what the actor may not see
    """

    rules: Rules = ()
    any_of: tuple[Rules, ...] = ()
    without: tuple[Exclusion, ...] = ()

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope without rules."""
        return cls()

    @property
    def is_everything(self) -> bool:
        """Say whether nothing is hidden."""
        return not self.rules and not self.any_of and not self.without

    @property
    def hides(self) -> bool:
        """Say whether there may be records that the actor does not see."""
        return bool(self.rules or self.any_of)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that say whether a ticket is seen."""
        return frozenset(each.column for rules in (self.rules, *self.any_of) for each in rules)

    def shows_all(self, segment: Rules) -> bool:
        """Say whether all records that meet the rules of a segment are seen.

        Examples
        --------
        >>> mine, high = Condition("team", ("A",)), Condition("priority", ("1",))
        >>> Scope((mine,)).shows_all((mine, high)), Scope((mine,)).shows_all((high,))
        (True, False)
        """
        told = set(segment)
        within = any(set(rules) <= told for rules in self.any_of) if self.any_of else True
        return set(self.rules) <= told and within

    def within(self, rules: Rules) -> "Scope":
        """Return what is left of this scope under further rules."""
        return replace(self, rules=(*self.rules, *rules))

    def shows(self, row: Mapping[str, object]) -> bool:
        """Say whether a record may be seen; what it does not tell speaks against it.

        Examples
        --------
        >>> Scope((Condition("team", ("A",)),)).shows({"team": "A"})
        True
        >>> Scope((Condition("team", ("A",)),)).shows({"vendor": "A"})
        False
        """
        return _meets(row, self.rules) and (
            not self.any_of or any(_meets(row, rules) for rules in self.any_of)
        )


def _meets(row: Mapping[str, object], rules: Rules) -> bool:
    return all(rule.column in row and row[rule.column] in rule.values for rule in rules)
