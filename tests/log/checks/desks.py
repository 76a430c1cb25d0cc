"""Small desks for the checks to look at: tickets, updates, links and receipts as one notes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from opsgauge.foundation.agreed import Scope
from opsgauge.log.checks.records import Receipt, Records
from opsgauge.log.door import open_tables
from opsgauge.log.periods import make_periods
from opsgauge.log.tables import LINKS
from opsgauge.metrics.example import Desk, instant, make_desk
from opsgauge.warehouse.engine import DuckEngine

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
Row = Mapping[str, Any]


def desk(
    tickets: Sequence[Row],
    history: Iterable[Row] = (),
    links: Sequence[Row] = (),
    receipts: Sequence[Receipt] = (),
    *,
    zone: str = "UTC",
    now: str = "2027-01-01",
) -> Records:
    """Return a desk as the checks see it; what a row leaves out follows from what it says.

    Parameters
    ----------
    tickets, history : see `metrics.example.make_desk`; tickets are called T1, T2 …
    links : ticket_id, kind, to_id
    """
    return _looked_at(make_desk(tickets, history), links, receipts, (zone, now))


def desk_beside(tickets: Sequence[Row], beside: Mapping[str, Sequence[Row]]) -> Records:
    """Return a desk with records beside its tickets, by table."""
    made = make_desk(tickets, (), beside)
    return replace(_looked_at(made, (), (), ("UTC", "2027-01-01")), beside=frozenset(beside))


def _looked_at(
    made: Desk, links: Sequence[Row], receipts: Sequence[Receipt], told: tuple[str, str]
) -> Records:
    tied = [
        {"source": "example", "opened_month": "2026-01", "at": MONDAY, **link} for link in links
    ]
    extra = made.tables() | {"links": pa.Table.from_pylist(tied, schema=LINKS.arrow_schema())}
    moments = [
        moment
        for table in (made.tickets, made.history)
        for column in table.columns
        if pa.types.is_timestamp(column.type)
        for moment in column.to_pylist()
        if moment
    ]
    periods = make_periods(ZoneInfo(told[0]), min(moments), max(moments))
    updates = [moment for moment in made.history["since"].to_pylist() if moment]
    return Records(
        engine=DuckEngine([], extra={**extra, **periods.tables()}),
        tables=open_tables(Scope.everything()),
        periods=periods,
        watermark=max(updates),
        now=instant(told[1]),
        receipts=tuple(receipts),
    )


def receipt(at: str = "2026-07-01", **said: Any) -> Receipt:
    """Return a receipt of one file."""
    plain: dict[str, Any] = {
        "import_id": at,
        "source": "example",
        "received_at": instant(at),
        "read": 100,
        "duplicate": 0,
        "latest": instant(at),
        "mapping": mapping(),
        "unmapped": {},
    }
    return Receipt(**{**plain, **said})


def mapping(*phases: str, comment: str = "") -> str:
    """Return the text of a mapping that knows these states as new."""
    words = "".join(f"  {word}: new\n" for word in ("New", *phases))
    return (
        f"# {comment}\nsource: example\nshape: updates\nticket_id: number\ntimes: {{zone: UTC}}\n"
        f"fields: {{updated_at: at, original_status: state}}\nphases:\n{words}"
    )


def openings(moments: Iterable[datetime], **said: Any) -> list[Row]:
    """Return a ticket opened at each of the moments, all with the same words."""
    return [{"opened_at": moment, **said} for moment in moments]


def office(weeks: int, a_day: int, first: datetime = MONDAY) -> list[datetime]:
    """Return moments spread over the office hours of so many weeks: Monday to Friday, 8 to 18."""
    return [
        first + week * WEEK + day * DAY + 8 * HOUR + n * (10 * HOUR / a_day)
        for week in range(weeks)
        for day in range(5)
        for n in range(a_day)
    ]
