"""Questions as people write them: in an address or on the command line, the same way.

Floor 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import ALL
from opsgauge.metrics.question import Question
from opsgauge.operations.context import Context

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # of records


@dataclass(frozen=True)
class Asked:
    """A question as text: what options and addresses hold."""

    statistic: str | None = None
    by: Sequence[str] = ()
    where: Sequence[str] = ()
    period: str = "all"
    from_: str | None = None
    to: str | None = None
    as_of: str | None = None
    shift: str | None = None
    rolling: str | None = None
    to_date: bool = False
    aggregate: str | None = None

    def question(self, metric: str, zone: ZoneInfo) -> Question:
        """Return what is asked of a metric.

        Raises
        ------
        QueryWrong : a date, a moment or a condition is not written as one
        """
        return Question(
            metric=metric,
            statistic=self.statistic or None,
            by=tuple(self.by),
            where=conditions(self.where),
            period=self.period or ALL,
            from_=day("from", self.from_),
            to=day("to", self.to),
            as_of=instant("as-of", self.as_of, zone),
            shift=self.shift or None,
            rolling=self.rolling or None,
            to_date=self.to_date,
            aggregate=self.aggregate or None,
        )


def conditions(where: Sequence[str]) -> tuple[Condition, ...]:
    """Return conditions written as `column=value`; several values are parted by bars.

    A value that is empty means that nothing is written there.

    Examples
    --------
    >>> conditions(["priority=1|2", "team="])
    (Condition(column='priority', values=('1', '2')), Condition(column='team', values=(None,)))
    """
    made = []
    for text in where:
        column, equals, values = text.partition("=")
        if not equals or not column.strip():
            raise QueryWrong(
                f"{text!r} is no condition.", hint="Write it as team=Service Desk, or team=A|B."
            )
        words = tuple(word.strip() or None for word in values.split("|"))
        made.append(Condition(column.strip(), words))
    return tuple(made)


def written(condition: Condition) -> str:
    """Return a condition as `conditions` reads it.

    Examples
    --------
    >>> [written(each) for each in conditions(["priority=1|2", "team="])]
    ['priority=1|2', 'team=']
    """
    return f"{condition.column}={'|'.join(value or '' for value in condition.values)}"


def day(name: str, text: str | None) -> date | None:
    """Return a date, None for nothing.

    Raises
    ------
    QueryWrong : no date, or none that records can be of
    """
    if not text:
        return None
    try:
        told = date.fromisoformat(text)
    except ValueError as wrong:
        raise QueryWrong(f"{name} {text!r} is no date.", hint="Write it as 2026-01-31.") from wrong
    if not FIRST_DAY <= told <= LAST_DAY:
        raise QueryWrong(
            f"{name} {text!r} is not from {FIRST_DAY} to {LAST_DAY}.",
            hint="Leave it away for all there are.",
        )
    return told


def instant(name: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return an instant, None for nothing; without an offset it is of the workspace's zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise QueryWrong(
            f"{name} {text!r} is no moment.", hint="Write it as 2026-01-31T06:00Z, or as a date."
        ) from wrong
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def as_known(ctx: Context, text: str | None) -> Context:
    """Return the context reading what was known at a moment written as text; "" changes nothing.

    Raises
    ------
    QueryWrong : it is no moment, or a data version is named too
    UnknownVersion : nothing was imported by then
    """
    moment = instant("known-at", text, ctx.workspace.zone)
    if moment is None:
        return ctx
    if ctx.version is not None:
        raise QueryWrong(
            "A data version and a moment of knowledge are both named.", hint="Leave one away."
        )
    return ctx.as_known(moment)
