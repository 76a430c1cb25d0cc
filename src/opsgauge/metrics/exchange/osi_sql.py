"""A metric as one expression over datasets, as Open Semantic Interchange holds it.

Floor 3. Columns are named as `dataset.column`. Every aggregate counts the records of one dataset,
and columns of their tickets where it filters by them; what is divided or added up may be of
several datasets, each counted by itself. A length of time between two moments is EXTRACT(EPOCH
FROM ...), as DuckDB and PostgreSQL read it; the rest is the standard's. What one expression cannot
say raises `NotCarried` with its reason.

Source: Open Semantic Interchange, core specification, Metrics (version 0.2.0.dev0).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.metrics.criterion import Criterion, spellings
from opsgauge.metrics.dated import Dated, Share
from opsgauge.metrics.definition import Ratio, Total
from opsgauge.metrics.exchange.sql_words import NotCarried, column, criterion, number, quoted
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import GEOMETRIC, quantile_of
from opsgauge.metrics.subject import CURRENCY, TICKETS_SUBJECT, Subject

WHY_NOT: Mapping[str, str] = {
    "flow": "it counts what is open at a moment, which is in the history of tickets",
    "age": "it is of what is open at a moment, which is in the history of tickets",
    "dwell": "it adds up the time in phases, which is in the history of tickets",
    "repeat": "it looks for a record after each one, which no single aggregate does",
    "between": "it compares each record with the one before, which no single aggregate does",
}
NEVER_UNKNOWN = ("count", "distinct", "share")  # as parts: nothing counted is nought
NEVER = "1 = 0"
OF_ALL = 100
Conditions = tuple[Condition, ...]


def expression(metric: Metric) -> str:
    """Return the expression of a metric's first statistic.

    Raises
    ------
    NotCarried : there is none, with the reason

    Examples
    --------
    >>> from opsgauge.metrics.load import load_catalogue
    >>> expression(load_catalogue().get("tickets_opened"))
    'COUNT(tickets.opened_at)'
    """
    return _said(metric, ())


def _said(metric: Metric, held: Conditions) -> str:
    plain = metric.definition
    if isinstance(plain, Ratio):
        return _ratio(metric, held)
    if isinstance(plain, Total):
        return _total(metric, held)
    maker = KINDS.get(metric.kind)
    if maker is None or not isinstance(plain, Dated):
        raise NotCarried(WHY_NOT.get(metric.kind, f"its kind, {metric.kind}, has no expression"))
    return maker(plain, _kept(plain, held))


def _ratio(metric: Metric, held: Conditions) -> str:
    above, below = (_part(part, metric.definition.conditions + held) for part in metric.parts)
    if metric.parts[0].kind not in (*NEVER_UNKNOWN, "sum"):
        above = f"COALESCE({above}, 0)"
    return _over(above, below)


def _total(metric: Metric, held: Conditions) -> str:
    parts = [_part(part, metric.definition.conditions + held) for part in metric.parts]
    nulls = [part.kind not in NEVER_UNKNOWN for part in metric.parts]
    added = " + ".join(
        f"COALESCE({part}, 0)" if null else part for part, null in zip(parts, nulls, strict=True)
    )
    if not all(nulls):
        return f"({added})"
    return f"CASE WHEN COALESCE({', '.join(parts)}) IS NOT NULL THEN {added} END"


def _part(part: Metric, held: Conditions) -> str:
    """Return what a part adds to the whole; a share adds the records that it counts."""
    try:
        plain = part.definition
        if part.kind == "share" and isinstance(plain, Share):
            return _counted(_within(plain, _kept(plain, held)) + _tests(plain, plain.numerator))
        return _said(part, held)
    except NotCarried as reason:
        raise NotCarried(f"it is made of {part.name}, which has none: {reason}") from reason


def _over(above: str, below: str) -> str:
    return f"CAST({above} AS DOUBLE PRECISION) / NULLIF({below}, 0)"


def named(subject: Subject, name: str) -> str:
    """Return a column, or one of the ticket that a record names.

    Examples
    --------
    >>> from opsgauge.metrics.subject import SUBJECTS
    >>> named(SUBJECTS["links"], "at"), named(SUBJECTS["links"], "team")
    ('links."at"', 'tickets.team')
    """
    owner = subject if subject.has(name) else TICKETS_SUBJECT
    return f"{owner.name}.{column(name)}"


def _own(plain: Dated) -> Callable[[str], str]:
    return lambda name: named(plain.subject, name)


def _kept(plain: Dated, held: Conditions) -> list[str]:
    """Return the conditions on which a record counts, without that it has its moment."""
    kept = [_one_of(plain.subject, each) for each in (*plain.conditions, *held)]
    for excepted, words in plain.except_.items():
        found = Condition(excepted, tuple(spellings(words)))
        name = named(plain.subject, excepted)
        kept.append(f"({name} IS NULL OR NOT {_one_of(plain.subject, found)})")
    return kept


def _one_of(subject: Subject, condition: Condition) -> str:
    """Return that a dimension holds one of some words; those of yes and no are told apart."""
    found = (subject if subject.has(condition.column) else TICKETS_SUBJECT).column(condition.column)
    if found is None:
        raise NotCarried(f"it filters by {condition.column}, which is no column there")
    name = named(subject, condition.column)
    words = [word for word in condition.values if word is not None]
    if found.type == "yes_no":
        told = {"yes": name, "no": f"NOT {name}"}
        parts = [told[word] for word in words if word in told]
    else:
        parts = [f"{name} IN ({', '.join(quoted(word) for word in words)})"] if words else []
    parts += [f"{name} IS NULL"] if None in condition.values else []
    parts = parts or [NEVER]
    return parts[0] if len(parts) == 1 and "NOT " not in parts[0] else f"({' OR '.join(parts)})"


def _dated(plain: Dated, kept: list[str]) -> list[str]:
    return [f"{named(plain.subject, plain.period_by)} IS NOT NULL", *kept]


def _within(plain: Share, kept: list[str]) -> list[str]:
    return _dated(plain, kept) + _tests(plain, plain.denominator)


def _counted(tests: list[str]) -> str:
    return f"COUNT(CASE WHEN {' AND '.join(tests)} THEN 1 END)"


def _tests(plain: Dated, criteria: Iterable[Criterion]) -> list[str]:
    return [_test(plain, each) for each in criteria]


def _test(plain: Dated, each: Criterion) -> str:
    if each.other is None:
        limited = each.at_least is not None or each.at_most is not None
        return criterion(each, _in_millionths(plain) if limited else _own(plain))
    apart = _seconds(plain.subject, each.other, each.column)
    limit = each.later_us / MICROS_PER_SECOND
    return f"{apart} {'>' if each.after else '<='} {limit:.6f}"


def _in_millionths(plain: Dated) -> Callable[[str], str]:
    """Return how a number is named that is held to a limit: as exact as ours, and no more."""

    def exact(name: str) -> str:
        found, told = plain.subject.column(name), named(plain.subject, name)
        floating = found is not None and found.type == "number"
        return f"CAST({told} AS DECIMAL(38, 6))" if floating else told

    return exact


def _seconds(subject: Subject, start: str, end: str) -> str:
    """Return the seconds from one moment to another; a table has instants or days, not both."""
    names = []
    for name in (start, end):
        found, told = subject.column(name), named(subject, name)
        is_day = found is not None and found.type == "day"
        names.append(f"CAST({told} AS TIMESTAMP)" if is_day else told)
    return f"EXTRACT(EPOCH FROM ({names[1]} - {names[0]}))"


def _count(plain: Any, kept: list[str]) -> str:
    moment = named(plain.subject, plain.period_by)
    counted = f"CASE WHEN {' AND '.join(kept)} THEN {moment} END" if kept else moment
    return f"COUNT({counted})"


def _distinct(plain: Any, kept: list[str]) -> str:
    return f"COUNT(DISTINCT {_of(plain, kept, named(plain.subject, plain.column))})"


def _of(plain: Dated, kept: list[str], value: str) -> str:
    return f"CASE WHEN {' AND '.join(_dated(plain, kept))} THEN {value} END"


def _sum(plain: Any, kept: list[str]) -> str:
    added = f"SUM({_of(plain, kept, number(plain, _own(plain)))})"
    if not plain.subject.is_money(plain.column):
        return added
    # Amounts in several currencies have no sum: better none than a wrong one.
    currency = _of(plain, kept, named(plain.subject, CURRENCY))
    return f"CASE WHEN COUNT(DISTINCT {currency}) <= 1 THEN {added} END"


def _amount(plain: Any, kept: list[str]) -> str:
    return _statistic(plain.all_statistics[0], _of(plain, kept, number(plain, _own(plain))))


def _duration(plain: Any, kept: list[str]) -> str:
    hours = f"{_seconds(plain.subject, plain.from_, plain.to)} / 3600.0"
    return _statistic(plain.all_statistics[0], _of(plain, kept, hours))


def _statistic(name: str, value: str) -> str:
    if name == "mean":
        return f"AVG({value})"
    quantile = quantile_of(name)
    if name == GEOMETRIC or quantile is None:
        raise NotCarried(f"its statistic, {name}, is taken of logarithms, which nought has none of")
    return f"PERCENTILE_CONT({quantile}) WITHIN GROUP (ORDER BY {value})"


def _share(plain: Any, kept: list[str]) -> str:
    within = _within(plain, kept)
    return _over(_counted(within + _tests(plain, plain.numerator)), _counted(within))


def _time_share(plain: Any, kept: list[str]) -> str:
    if plain.phases:
        raise NotCarried(WHY_NOT["dwell"])
    units = [plain.subject.micros(name) for name in (plain.part, plain.whole)]
    names = [named(plain.subject, name) for name in (plain.part, plain.whole)]
    both = [*kept, *(f"{name} IS NOT NULL" for name in names)]
    return _over(
        *(
            f"SUM({_of(plain, both, f'{name} * {unit}' if units[0] != units[1] else name)})"
            for name, unit in zip(names, units, strict=True)
        )
    )


def _score(plain: Any, kept: list[str]) -> str:
    given, lowest, highest = (
        named(plain.subject, name) for name in (plain.column, plain.lowest, plain.highest)
    )
    known = _dated(plain, kept) + [f"{each} IS NOT NULL" for each in (given, lowest, highest)]
    top = _counted([*known, f"{given} > {highest} - {plain.top}"])
    if not plain.bottom:
        return _over(top, _counted(known))
    bottom = _counted([*known, f"{given} < {lowest} + {plain.bottom}"])
    return _over(f"{OF_ALL} * ({top} - {bottom})", _counted(known))


def _points(plain: Any, kept: list[str]) -> str:
    cases = " ".join(
        f"WHEN {_one_of(plain.subject, Condition(plain.column, spellings([word])))} THEN {each}"
        for word, each in plain.earns.items()
    )
    return f"SUM({_of(plain, kept, f'CASE {cases} END')})"


KINDS: Mapping[str, Callable[[Any, list[str]], str]] = {
    "count": _count,
    "distinct": _distinct,
    "sum": _sum,
    "amount": _amount,
    "duration": _duration,
    "share": _share,
    "time_share": _time_share,
    "score": _score,
    "points": _points,
}
