"""Objects side by side: how incidents, problems, known errors, changes and articles are tied.

Floor 5. Counts of each kind of tie, and how long problems take from the detection of their first
incident to the last incident after their fix. A time is of the problems that came so far; those
that are not there yet, or never will be, are counted beside it and in no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opsgauge.analysis.mining.objects import KNOWN_ERROR, NOT_THERE, chain_rows, tie_rows
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.operations.answers import Provenance, published
from opsgauge.operations.check import suspect
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables

__all__ = ["CAVEAT", "NOT_THERE", "Objects", "StepTime", "TieCount", "objects"]

# From one object to the next: key, column it begins with, column it ends with.
STEPS = (
    ("detected_to_problem", "detected", "opened"),
    ("problem_to_known_error", "opened", "known_error"),
    ("known_error_to_fix", "known_error", "fixed"),
    ("problem_to_fix", "opened", "fixed"),
    ("fix_to_last_recurrence", "fixed", "last_recurrence"),
)
WORDS = {
    "detected_to_problem": "First incident detected → problem opened",
    "problem_to_known_error": "Problem opened → known error",
    "known_error_to_fix": "Known error → fix made",
    "problem_to_fix": "Problem opened → fix made",
    "fix_to_last_recurrence": "Fix made → last recurrence",
}
COLUMNS = ("opened_at", "resolved_at", "detected_at", "practice")
FEWEST = 5  # times below which a nine-tenths point says nothing
CAVEAT = (
    "Each time is of the problems that came so far; problems that are still on their way, and may "
    "take longest, are not in it."
)


@dataclass(frozen=True)
class TieCount:
    """How many ties there are of one kind between two types of object."""

    from_type: str
    kind: str
    to_type: str
    ties: int
    from_objects: int
    to_objects: int


@dataclass(frozen=True)
class StepTime:
    """How long problems take from one object to the next, hours.

    Attributes
    ----------
    n : problems that have both, in this order
    reversed : problems that have both, the second before the first; in no time
    begun : problems that have the first
    p90 : None where fewer than five problems are counted
    """

    step: str
    words: str
    n: int
    median_hours: float | None
    p90_hours: float | None
    reversed: int
    begun: int


@dataclass(frozen=True)
class Objects:
    """The ties between records, and the times between objects.

    Attributes
    ----------
    problems : how many problems there are; `known_errors`, `fixed` and `recurred` came so far
    recurrences : incidents that came after the fix of their problem
    """

    ties: tuple[TieCount, ...]
    times: tuple[StepTime, ...]
    problems: int
    with_incidents: int
    known_errors: int
    fixed: int
    recurred: int
    recurrences: int
    known_error_words: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return the whole in one sentence."""
        if not self.problems:
            return "No problem is on record, so there is no chain to follow."
        noun = "problem" if self.problems == 1 else "problems"
        return (
            f"Of {self.problems:,} {noun}, {self.known_errors:,} became a known error and "
            f"{self.fixed:,} had a fix made; after {self.recurred:,} of those fixes incidents came "
            "again"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "sentence": f"{self.sentence()}.".replace("..", "."),
            "problems": self.problems,
            "with_incidents": self.with_incidents,
            "known_errors": self.known_errors,
            "fixed": self.fixed,
            "recurred": self.recurred,
            "recurrences": self.recurrences,
            "known_error_words": list(self.known_error_words),
            "caveat": CAVEAT,
            "ties": [vars(each) for each in self.ties],
            "times": [
                {name: published(value) for name, value in vars(each).items()}
                for each in self.times
            ],
            "suspect": list(self.suspect),
        }


def objects(
    ctx: Context, chosen: Selection | None = None, known_error: Sequence[str] = ()
) -> Objects:
    """Return how records of different kinds are tied, and the times along the chain of problems.

    Needs `map:read`.

    Parameters
    ----------
    chosen : the tickets whose ties are counted, of which the problems are followed
    known_error : words of a problem's state or activity, or of an article's kind, that mean a
        known error; none for the usual ones
    """
    ctx.require("map:read")
    ctx = ctx.holding()
    words = tuple(known_error) or KNOWN_ERROR
    key = ("objects", ctx.scope, chosen, words)
    return ctx.opened().once(key, lambda: _objects(ctx, chosen, words))


def _objects(ctx: Context, chosen: Selection | None, words: tuple[str, ...]) -> Objects:
    every, tables = ctx.tables, chosen_tables(ctx, chosen)
    run = ctx.opened().engine.run
    ties = run(tie_rows(tables, every.tickets, words)).to_pylist()
    chains = run(chain_rows(every, tables.tickets, words)).to_pydict()
    there = {name: _micros(values) for name, values in chains.items() if name in MOMENTS}
    return Objects(
        ties=tuple(TieCount(**row) for row in ties),
        times=tuple(_time(step, there[begin], there[end]) for step, begin, end in STEPS),
        problems=len(chains["ticket_id"]),
        with_incidents=sum(each > 0 for each in chains["incidents"]),
        known_errors=_there(there["known_error"]),
        fixed=_there(there["fixed"]),
        recurred=_there(there["last_recurrence"]),
        recurrences=sum(chains["recurrences"]),
        known_error_words=words,
        provenance=ctx.provenance(),
        suspect=suspect(ctx, COLUMNS),
    )


MOMENTS = frozenset(name for _, *ends in STEPS for name in ends)


def _micros(values: Sequence[int | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if each is None else each for each in values], dtype=np.float64)


def _there(moments: np.ndarray[Any, np.dtype[np.float64]]) -> int:
    return int(np.count_nonzero(~np.isnan(moments)))


def _time(
    step: str,
    begun: np.ndarray[Any, np.dtype[np.float64]],
    ended: np.ndarray[Any, np.dtype[np.float64]],
) -> StepTime:
    taken = (ended - begun)[~np.isnan(ended - begun)] / MICROS_PER_HOUR
    forward = taken[taken >= 0]
    n = len(forward)
    return StepTime(
        step=step,
        words=WORDS[step],
        n=n,
        median_hours=float(np.median(forward)) if n else None,
        p90_hours=float(np.quantile(forward, 0.9)) if n >= FEWEST else None,
        reversed=len(taken) - n,
        begun=_there(begun),
    )
