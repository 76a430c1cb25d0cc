"""All checks of one data version.

Floor 2. The way in: `look` makes all that follow from the data, `look_now` those that follow from
the clock too, `look_critical` only what can make a number wrong, which is asked for before any
number is shown, and `look_gaps` what did not come, which is told beside a series.
"""

from collections.abc import Callable, Iterable
from functools import partial

from opsgauge.log.checks import (
    alike,
    conservation,
    dangling,
    drift,
    freshness,
    future,
    gaps,
    intake,
    meeting,
    ranges,
    repeats,
    rounded,
    rules,
    skew,
    volume,
)
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.rules import Rule
from opsgauge.log.checks.seen import Seen, Subject, tried
from opsgauge.log.checks.ticket_rules import ticket_rules
from opsgauge.log.checks.update_rules import update_rules, words_without_phase
from opsgauge.log.door import LogTables

Check = Callable[[Records], Seen]
OF_THE_INTAKE: tuple[tuple[Subject, Check], ...] = (
    (intake.UNMAPPED, intake.unmapped_words),
    (intake.REJECTED, intake.rejected_records),
    (intake.REPEATED, intake.repeated_records),
)
OF_NOW: tuple[tuple[Subject, Check], ...] = ((freshness.FRESHNESS, freshness.freshness),)
OF_THE_TABLES: tuple[tuple[Subject, Check], ...] = (
    (future.FUTURE, future.future_moments),
    (skew.SKEW, skew.clock_skew),
    (ranges.RANGES, ranges.numbers_possible),
    (rounded.ROUNDED, rounded.rounded_moments),
    (repeats.TICKETS_TWICE, repeats.repeated_tickets),
    (repeats.UPDATES_TWICE, repeats.repeated_updates),
    (gaps.GAPS, gaps.gaps),
    (volume.VOLUME, volume.volume_drift),
    (drift.DRIFT, drift.distribution_drift),
    (dangling.DANGLING, dangling.dangling_links),
    (meeting.MEETING, meeting.names_meet),
    (alike.ALIKE, alike.counts_agree),
    (conservation.CONSERVATION, conservation.conservation),
)


def subjects(tables: LogTables) -> tuple[Subject, ...]:
    """Return what every check is about, in the order in which they are made."""
    rows = [*ticket_rules(tables.tickets), *update_rules(tables.history)]
    return (
        *(subject for subject, _ in (*OF_NOW, *OF_THE_INTAKE)),
        *(rule.subject for rule in rows),
        *(subject for subject, _ in OF_THE_TABLES),
    )


def look_now(records: Records) -> tuple[Seen, ...]:
    """Make the checks that another moment may answer otherwise."""
    return tuple(_made(records, OF_NOW))


def look(records: Records, alone: bool = False) -> tuple[Seen, ...]:
    """Make every check that follows from the data alone.

    Parameters
    ----------
    alone : the records are of one source, so what compares sources is left out
    """
    of_the_tables = [each for each in OF_THE_TABLES if not (alone and each[0].across)]
    return (
        *_made(records, OF_THE_INTAKE),
        *rules.run(records, records.tables.tickets, ticket_rules(records.tables.tickets)),
        *rules.run(records, records.updates, update_rules(records.updates)),
        *_made(records, of_the_tables),
    )


def look_critical(records: Records) -> tuple[Seen, ...]:
    """Make the checks that can make a number wrong, and no others."""
    tickets, updates = records.tables.tickets, records.updates
    return (
        *rules.run(records, tickets, _critical(ticket_rules(tickets))),
        *rules.run(records, updates, _critical(update_rules(updates))),
        *_made(records, [each for each in OF_THE_TABLES if each[0].critical]),
    )


def look_for_words(records: Records) -> Seen:
    """Look for states without a phase, which are no fault but leave numbers as before them."""
    return rules.run(records, records.updates, [words_without_phase(records.updates)])[0]


def look_gaps(records: Records) -> Seen:
    """Make the check of gaps alone."""
    return tried(gaps.GAPS, partial(gaps.gaps, records))


def _critical(every: list[Rule]) -> list[Rule]:
    return [rule for rule in every if rule.subject.critical]


def _made(records: Records, checks: Iterable[tuple[Subject, Check]]) -> list[Seen]:
    return [tried(subject, partial(check, records)) for subject, check in checks]
