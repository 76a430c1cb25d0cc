"""A data version compared with the one that was asked before it.

Floor 5. What differs is looked up once, by both engines, and kept with the later version.
"""

from datetime import date, datetime, timedelta

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.differences import COMPARED, Difference, difference
from opsgauge.log.door import open_tables
from opsgauge.log.periods import ONE_DAY, start_of_day
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.reach import Compared, Differing, dated_buckets
from opsgauge.metrics.subject import Subject
from opsgauge.operations.context import Context
from opsgauge.operations.opened import OpenVersion
from opsgauge.warehouse.portable import EPOCH, micros_at

Days = dict[str, frozenset[date]]  # by moment


def compare(ctx: Context, before: OpenVersion) -> Compared | None:
    """Compare the data version that a context reads with an earlier one that is still open.

    None where the two have no calendar in common, or the earlier one's files are gone.
    """
    opened = ctx.opened()
    return opened.once(("compared", before.version.version), lambda: _compared(before, opened))


def _compared(before: OpenVersion, opened: OpenVersion) -> Compared | None:
    one, other = before.periods, opened.periods
    first = other.date_of(other.first)
    if one.date_of(one.first) != first or (one.zone, one.bucket_us) != (
        other.zone,
        other.bucket_us,
    ):
        return None
    try:
        told = difference(before.stored, opened.stored)
    except WarehouseDamaged:
        return None
    number = opened.version.version
    for engine in (before.engine, opened.engine):
        engine.hold({_name(name, number): keys for name, keys in told.keys.items()})

    def days(subject: Subject, moment: str) -> frozenset[date]:
        key = ("differing days", before.version.version, subject.name)
        return opened.once(key, lambda: _days(subject, told, before, opened))[moment]

    return Compared(
        difference=told,
        days=days,
        same=frozenset(COMPARED) - told.keys.keys(),
        first=first,
        since=min(one.date_of(before.watermark), one.date_of(one.last)),
        last=max(one.date_of(one.last), other.date_of(other.last)),
        zone=other.zone,
    )


def _name(table: str, version: int) -> str:
    return f"differing_{table}_{version}"


def _days(subject: Subject, told: Difference, before: OpenVersion, opened: OpenVersion) -> Days:
    """Return the local days on which records that differ are dated, in one version or the other."""
    number, periods = opened.version.version, opened.periods
    own = {subject.name, CONTACT_TICKETS.name if subject.name == CONTACTS.name else subject.name}
    ends = start_of_day(before.periods.date_of(before.periods.last) + ONE_DAY, periods.zone)
    differing = Differing(
        own=tuple(_name(name, number) for name in sorted(own & told.keys.keys())),
        tickets=_name(TICKETS.name, number) if TICKETS.name in told.keys else "",
        ends_us=micros_at(ends),
    )
    query = dated_buckets(subject, open_tables(Scope.everything()), periods, differing)
    found: dict[str, set[date]] = {name: set() for name in subject.moments}
    if query is None:
        return {name: frozenset() for name in found}
    width = timedelta(microseconds=periods.bucket_us)
    for version in (before, opened):
        rows = version.engine.run(query)
        for name, days in found.items():
            for bucket in rows[name].unique().drop_null().to_pylist():
                days.add(_day(EPOCH + width * bucket, opened))
    return {name: frozenset(days) for name, days in found.items()}


def _day(moment: datetime, opened: OpenVersion) -> date:
    return opened.periods.date_of(moment)
