"""Moments that are too round or too alike to be true: all at midnight, or many at one instant.

Floor 2. Of moments kept to the minute one in 1,440 falls on midnight. Where nearly a third does,
the time of day was cut off on the way; where many share one instant, a program wrote them at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR, instant, percent
from opsgauge.log.checks.records import UPDATES_FROM, Records
from opsgauge.log.checks.seen import Seen, Subject, Told, nothing, seen
from opsgauge.log.door import LogTables
from opsgauge.log.periods import period_ends_table
from opsgauge.warehouse.portable import EPOCH, falls_on, micros, ones

MOMENTS = ("opened_at", "first_response_at", "resolved_at", "closed_at")
UPDATED = "last_update_at"  # stands for every update
ROUNDED = Subject("rounded_moments", "Moments are exact", (*MOMENTS, UPDATED), worst="warn")
AT_MIDNIGHT = 0.3
ON_THE_HOUR = 0.5
AT_ONE_INSTANT = 0.1
FEWEST = 20
DAY_US = 24 * MICROS_PER_HOUR
MOST_INSTANTS = 50
NAMES = {
    "opened_at": "openings",
    "first_response_at": "first responses",
    "resolved_at": "resolutions",
    "closed_at": "closings",
    UPDATED: "updates",
}


@dataclass(frozen=True)
class Round:
    """One kind of moment that is too round: how many of how many, and how."""

    moment: str
    count: int
    of: int
    how: str

    @property
    def words(self) -> str:
        """It as a part of a sentence."""
        return f"{percent(self.count / self.of)} of {NAMES[self.moment]} are {self.how}"


def rounded_moments(records: Records) -> Seen:
    """Look at each kind of moment."""
    rows = sorted(records.rows(roundness(records.tables)), key=lambda row: str(row["moment"]))
    found = [each for row in rows if (each := _round(row))]
    cut = {each.moment for each in found}
    for row in records.rows(shared(records.tables.tickets)):
        if row["moment"] not in cut and row["n"] >= max(FEWEST, AT_ONE_INSTANT * row["of"]):
            at = EPOCH + timedelta(microseconds=row["us"])
            found.append(Round(row["moment"], row["n"], row["of"], f"at one instant, {_utc(at)}"))
            cut.add(row["moment"])
    if not found:
        return nothing(ROUNDED, sum(row["of"] for row in rows))
    told = Told(
        sum(each.count for each in found),
        sum(each.of for each in found),
        "; ".join(each.words for each in found) + ". Times that begin or end there are not exact.",
        "Export the column with its time of day, or map the one that has it.",
        tuple(each.words for each in found),
        columns=tuple(each.moment for each in found),
    )
    return seen(ROUNDED, told)


def _round(row: dict[str, int]) -> Round | None:
    of, moment = row["of"], str(row["moment"])
    if row["midnight"] >= max(FEWEST, AT_MIDNIGHT * of):
        return Round(moment, row["midnight"], of, "exactly at midnight")
    if row["hour"] >= max(FEWEST, ON_THE_HOUR * of):
        return Round(moment, row["hour"], of, "exactly on the hour")
    return None


def moments(tickets: ir.Table) -> ir.Table:
    """Return the moments of tickets under one name: moment, us."""
    rows = [tickets.select(moment=ibis.literal(n), us=micros(tickets[n])) for n in MOMENTS]
    every = ibis.union(*rows)
    return every.filter(every.us.notnull())


def updated(history: ir.Table) -> ir.Table:
    """Return the moments of updates in the same form."""
    updates = history.filter(history.seq >= UPDATES_FROM)
    return updates.select(moment=ibis.literal(UPDATED), us=micros(updates.since))


def roundness(tables: LogTables) -> ir.Table:
    """Count by moment: all, those at midnight (UTC's or the workspace's), those on the hour."""
    ends = period_ends_table()
    days = ends.filter(ends.grain == "day").select(us="start_us", begins=ibis.literal(True))
    # Only what is on the quarter can begin a day anywhere; the others need not be looked up.
    rows = moments(tables.tickets).union(updated(tables.history))
    whole = rows.filter(falls_on(rows.us, MICROS_PER_HOUR // 4)).left_join(days, "us")
    midnight = ones(whole.begins.fill_null(False) | falls_on(whole.us, DAY_US))
    on = whole.group_by("moment").aggregate(
        midnight=midnight.sum(),
        hour=ones(falls_on(whole.us, MICROS_PER_HOUR)).sum(),
    )
    every = rows.group_by("moment").aggregate(of=rows.count())
    joined = every.left_join(on, "moment")
    return joined.select(
        "moment", "of", midnight=joined.midnight.fill_null(0), hour=joined.hour.fill_null(0)
    )


def shared(tickets: ir.Table) -> ir.Table:
    """Return the instants that most moments of one kind share: moment, us, n, of."""
    rows = moments(tickets)
    alike = rows.group_by("moment", "us").aggregate(n=rows.count())
    alike = alike.filter(alike.n >= FEWEST)
    every = rows.group_by("moment").aggregate(of=rows.count())
    joined = alike.inner_join(every, "moment")
    return joined.order_by(ibis.desc("n"), "moment", "us").limit(MOST_INSTANTS)


def _utc(at: datetime) -> str:
    return f"{instant(at.astimezone(UTC))} UTC"
