"""Two tables that count the same thing agree: contacts by a channel, and tickets that came by it.

Floor 2. Not every call becomes a ticket, so the two are never equal; but their ratio is a habit of
the desk. A month in which it is a fifth of the usual, or five times that, is one of which one of
the two exports tells only a part. Months that either begins or ends in are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from opsgauge.foundation.units import whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Told, seen
from opsgauge.log.periods import periods_table
from opsgauge.log.related import CONTACTS
from opsgauge.warehouse.portable import micros

ALIKE = Subject("counts_agree", "Contacts and tickets agree", (), worst="warn", across=True)
FEWEST_MONTHS = 4
FEWEST = 20  # contacts, or as many as would be usual: fewer say nothing by their number
FAR = 5.0  # times above or below the usual ratio

Months = Mapping[str, tuple[int, int]]  # month: tickets, contacts


@dataclass(frozen=True)
class Apart:
    """A month in which one of the two tells of far too few."""

    channel: str
    month: str
    tickets: int
    contacts: int
    usual: float

    @property
    def words(self) -> str:
        """It as an example."""
        return (
            f"{self.channel}, {self.month}: {whole(self.contacts)} contacts and "
            f"{whole(self.tickets)} tickets, where {whole(self.usual)} contacts are usual for these"
        )


def counts_agree(records: Records) -> Seen:
    """Look at every channel that both tables know."""
    channels = _channels(records) if CONTACTS.name in records.beside else {}
    whole_months = {name: _whole(months) for name, months in channels.items()}
    looked = {name: m for name, m in whole_months.items() if len(m) >= FEWEST_MONTHS}
    found = [each for name, months in sorted(looked.items()) for each in apart(name, months)]
    told = Told(
        len(found),
        sum(map(len, looked.values())),
        f"In {len(found)} months of a channel the contacts and the tickets that came by it are far "
        "from how they usually are to each other.",
        "Look which of the two exports lacks a part of the month.",
        tuple(each.words for each in found[:EXAMPLES]),
        state="warn",
    )
    return seen(ALIKE, told)


def by_day(rows: ir.Table, at: ir.Value, bucket_us: int) -> ir.Table:
    """Count rows by channel and local day of a moment: channel, day, n."""
    told = rows.select("channel", bucket=micros(at) // bucket_us)
    told = told.filter(told.channel.notnull())
    dated = told.inner_join(periods_table().select("bucket", "day"), "bucket")
    return dated.group_by("channel", "day").aggregate(n=dated.count())


def _channels(records: Records) -> dict[str, Months]:
    """Return for each channel of both tables the months with both counts."""
    tickets, contacts = records.tables.tickets, records.tables.related[CONTACTS.name]
    bucket_us = records.periods.bucket_us
    counts = (
        _by_month(records, by_day(tickets, tickets.opened_at, bucket_us)),
        _by_month(records, by_day(contacts, contacts.started_at, bucket_us)),
    )
    made: dict[str, Months] = {}
    for channel in sorted(counts[0].keys() & counts[1].keys()):
        one, other = counts[0][channel], counts[1][channel]
        first, last = max(min(one), min(other)), min(max(one), max(other))
        months = sorted(month for month in {*one, *other} if first <= month <= last)
        made[channel] = {month: (one.get(month, 0), other.get(month, 0)) for month in months}
    return made


def _by_month(records: Records, rows: ir.Table) -> dict[str, dict[str, int]]:
    """Return counts by channel, whatever its capitals, and month."""
    made: dict[str, dict[str, int]] = {}
    for row in records.rows(rows):
        months = made.setdefault(row["channel"].strip().casefold(), {})
        month = str(row["day"])[:7]
        months[month] = months.get(month, 0) + row["n"]
    return made


def _whole(months: Months) -> Months:
    """Leave out the first and the last month, of which either may tell only a part."""
    return {month: months[month] for month in sorted(months)[1:-1]}


def apart(channel: str, months: Months) -> list[Apart]:
    """Return the months whose ratio is far from the median of the others."""
    found = []
    for month, (tickets, contacts) in months.items():
        others = [c / t for other, (t, c) in months.items() if other != month and t]
        usual = float(np.median(others)) * tickets if others else 0.0
        enough = max(usual, contacts) >= FEWEST and any(others)
        if enough and not usual / FAR <= contacts <= usual * FAR:
            found.append(Apart(channel, month, tickets, contacts, usual))
    return found
