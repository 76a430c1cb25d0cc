"""What a replay of a rule gives: each time that it would have fired, and what beside them.

Floor 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from opsgauge.analysis.alerting.judging import Against

YEAR = timedelta(days=365)  # that a replay looks back


@dataclass(frozen=True)
class Would:
    """One time that a rule would have fired.

    `at` and `until` are instants as ISO has them; `path` is the page that shows it.
    """

    at: str
    until: str | None
    subject: str
    what: str
    path: str
    real: bool | None = None  # whether an event lies near; None where no event is known

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Found:
    """What replaying one kind of rule gives: firings, oldest first, and what beside them."""

    firings: Sequence[Would] = ()
    series: tuple[tuple[str, float | None, bool], ...] = ()
    notes: tuple[str, ...] = ()
    why_not: str = ""
    truth: tuple[Against, float | None] | None = None  # where the rule's own records tell it
    truth_from: str = ""  # what in them tells it
    days: int | None = None  # for so long it can be told; None: for the whole year
    decided: bool = False  # each firing stands at the moment it was decided, and ends there
    as_known_then: bool = False  # and not by the records as they are known now


def suspect_words(suspect: Sequence[str]) -> tuple[str, ...]:
    """Return what to say beside numbers of suspect data."""
    return (f"The data is suspect: {', '.join(suspect)}.",) if suspect else ()
