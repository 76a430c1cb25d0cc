"""Is the data as new as it should be: the newest record against its import, and imports in time.

Floor 2. How far a source usually lags, and how often it comes, is learnt from its own receipts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from opsgauge.foundation.units import duration
from opsgauge.log.checks.records import Receipt, Records
from opsgauge.log.checks.seen import ALL, Seen, Subject, Told, gravest, seen

FRESHNESS = Subject("freshness", "Data is fresh", ALL, worst="warn")
FEWEST_IMPORTS = 4  # before, nobody can say what is usual
MOST_IMPORTS = 20  # looked back at: what was usual long ago is not
LATE = 3  # times the usual gap between two imports
SLACK = timedelta(hours=1)  # nobody is late by minutes
OLD = timedelta(days=7)  # with few imports, the lag from which it is worth a note


@dataclass(frozen=True)
class Coming:
    """One import of one source: when it came, and the newest moment in it."""

    at: datetime
    latest: datetime | None

    @property
    def lag(self) -> timedelta | None:
        """How much older than the import its newest record is."""
        return None if self.latest is None else self.at - self.latest


def freshness(records: Records) -> Seen:
    """Look at each source: does it bring what is new, and does it come as often as it used to."""
    sources = sorted({receipt.source for receipt in records.receipts})
    found = [
        (source, *late)
        for source in sources
        if (late := lateness(comings(records.receipts, source), records.now))
    ]
    told = Told(
        len(found),
        len(sources),
        " ".join(f"{source}: {words}" for source, _, words in found),
        "Look whether the export still runs and reaches the folder that is imported from. Of an "
        "export that was made once nothing is to be done: its numbers are of its newest record.",
        tuple(source for source, *_ in found),
        state=gravest([state for _, state, _ in found]),
    )
    return seen(FRESHNESS, told)


def comings(receipts: Sequence[Receipt], source: str) -> list[Coming]:
    """Return the last imports of a source, oldest first; the files of one import are one.

    The newest record of an import that brought nothing new is the one that was there before.
    """
    by_import: dict[str, Coming] = {}
    newest: datetime | None = None
    for receipt in sorted(receipts, key=lambda each: each.received_at):
        if receipt.source == source:
            newest = max((each for each in (newest, receipt.latest) if each), default=None)
            by_import[receipt.import_id] = Coming(receipt.received_at, newest)
    return list(by_import.values())[-MOST_IMPORTS:]


def lateness(imports: Sequence[Coming], now: datetime) -> tuple[str, str] | None:
    """Return the state and the words of a source that is late, None where it is not."""
    newest = imports[-1]
    if len(imports) < FEWEST_IMPORTS:
        if newest.lag is None or newest.lag <= OLD:
            return None
        return "note", (
            f"the newest record was {_days(newest.lag)} old when it was imported; whether that is "
            f"usual can be said after {FEWEST_IMPORTS} imports."
        )
    usual = timedelta(seconds=median((b.at - a.at).total_seconds() for a, b in pairwise(imports)))
    silent = now - newest.at
    if silent > LATE * usual + SLACK:
        return "warn", f"nothing was imported for {_days(silent)}, usually it is {_days(usual)}."
    lags = [each.lag.total_seconds() for each in imports[:-1] if each.lag is not None]
    if newest.lag is None or not lags:
        return None
    usual_lag = timedelta(seconds=median(lags))
    if newest.lag <= usual_lag + LATE * usual + SLACK:
        return None
    return "warn", (
        f"the newest record was {_days(newest.lag)} old when it was imported, usually it is "
        f"{_days(usual_lag)}."
    )


def _days(length: timedelta) -> str:
    return duration(length / timedelta(hours=1))
