"""Definitions of others as paragraphs of ours: drafts, each with an example of two records.

Floor 3. What an aggregate over one column is called here, and what is said of a metric of which
nobody has said who looks at it, what is good and where it misleads.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.exchange.sql_words import NotCarried
from opsgauge.metrics.subject import Subject

FIRST, LATER = "2026-01-05 08:00", "2026-01-06 08:00"
Plain = dict[str, Any]


def fitting(own: Plain) -> Plain:
    """Return a paragraph that its kind accepts.

    Raises
    ------
    NotCarried : it does not fit, with its first fault
    """
    try:
        read_definition(own)
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        where = ".".join(str(part) for part in fault["loc"][1:])
        said = str(fault["msg"]).removeprefix("Value error, ")
        raise NotCarried(
            f"its paragraph does not fit: {f'{where}: ' if where else ''}{said}"
        ) from wrong
    return own


def records_counted(subject: Subject) -> Plain:
    """Return the kind of a count of records, and what its example fills in and gives."""
    return {"kind": "count", "unit": subject.unit, "filled": {}, "gives": {"count": 2}}


def values_counted(subject: Subject, column: str) -> Plain:
    """Return the kind of a count of different values, and what its example fills in and gives."""
    filled = {column: _something(subject, column)}
    return {"kind": "distinct", "unit": "count", "column": column,
            "filled": filled, "gives": {"count": 1}}  # fmt: skip


def summarised(subject: Subject, column: str, statistic: str) -> Plain:
    """Return the kind of a statistic of a number, and what its example fills in and gives.

    Raises
    ------
    NotCarried : the column holds no number that can be taken as it is
    """
    if column not in subject.numbers or subject.is_money(column):
        raise NotCarried(f"its column, {column}, holds no number that can be taken as it is")
    unit = "hours" if subject.micros(column) else "count"
    value = 2 * 3_600_000_000 // subject.micros(column) if unit == "hours" else 2
    kind = "sum" if statistic == "sum" else "amount"
    chosen = {} if kind == "sum" else {"statistics": [statistic]}
    gives = {statistic: 4 if kind == "sum" else 2}  # of two records
    return {"kind": kind, "unit": unit, "column": column, **chosen,
            "filled": {column: value}, "gives": gives}  # fmt: skip


def _something(subject: Subject, name: str) -> str | int | bool:
    found = subject.column(name)
    kind = found.type if found else "text"
    if kind == "text":
        return "something"
    if kind == "yes_no":
        return True
    if kind in {"whole", "number"}:
        return 2
    raise NotCarried(f"its column, {name}, is a moment; count records dated by it instead")


def percentile(share: float) -> str:
    """Return the statistic of an exact percentile.

    Raises
    ------
    NotCarried : it is no whole hundredth

    Examples
    --------
    >>> percentile(0.5), percentile(0.9)
    ('median', 'p90')
    """
    hundredths = share * 100
    if abs(hundredths - round(hundredths)) > 1e-9 or not 0 < hundredths < 100:
        raise NotCarried(f"its percentile, {share}, is no whole hundredth")
    return "median" if round(hundredths) == 50 else f"p{hundredths:.0f}"


def drafted(
    about: Plain, subject: Subject, dated: str, where: Mapping[str, list[Any]], own: Plain
) -> Plain:
    """Return a metric over one column as a draft, with an example of two records.

    Parameters
    ----------
    about : what is said of it, see `said_of`
    dated : the moment that puts a record into a period
    where : words by dimension of its own table
    own : its kind with its keys, and what its example fills in and gives
    """
    words = {column: values[0] for column, values in where.items()}
    kept = {key: value for key, value in own.items() if key not in ("filled", "gives")}
    rows = [{dated: moment, **words, **own["filled"]} for moment in (FIRST, LATER)]
    listed = {"tickets": rows} if subject.is_tickets else {"records": {subject.name: rows}}
    return {
        **about,
        "of": subject.name,
        **kept,
        "period_by": dated,
        **({"where": dict(where)} if where else {}),
        "example": {**listed, "gives": own["gives"]},
    }


def said_of(title: str, question: str, form: str) -> Plain:
    """Return what is said of a metric taken over from a form, a draft for its author to finish."""
    return {
        "title": title,
        "question": question,
        "good": "neutral",
        "leading": "lagging",
        "bucket": "flow",
        "owner_role": "not said yet",
        "source": form,
        "lifecycle": "draft",
        "pitfalls": [f"Taken over from {form}; nobody has said yet where it misleads."],
    }
