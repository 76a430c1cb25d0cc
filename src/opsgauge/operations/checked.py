"""How checks of the data answer: what pages draw, and the API and command line print.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opsgauge.log.checks.score import Score
from opsgauge.log.checks.seen import Stretch
from opsgauge.operations.answers import Provenance


@dataclass(frozen=True)
class Check:
    """One thing looked at in the data: whether it holds, and what it touches."""

    id: str
    title: str
    state: str  # "pass", "note", "warn", "fail", "unknown" where it could not be made
    critical: bool
    count: int
    share: float | None
    examples: tuple[str, ...]
    affects: tuple[str, ...]  # metrics touched; ("*",) for all
    words: str  # what was seen, as a sentence
    next_step: str = ""
    tickets: tuple[tuple[str, str], ...] = ()  # source and number of the examples that are tickets
    compared: bool = True  # False where there was nothing to look at
    weight: int = 1  # how much it counts for in the score
    stretches: tuple[Stretch, ...] = ()  # days on which a source brought nothing
    numbers: str = ""  # what it makes of numbers it touches: "suspect", "withheld", "" for nothing


@dataclass(frozen=True)
class Affected:
    """A metric whose numbers failed critical checks touch."""

    metric: str
    title: str
    checks: tuple[str, ...]
    numbers: str  # "suspect", or "withheld" where one of the checks withholds


@dataclass(frozen=True)
class Checked:
    """All checks of one data version.

    Attributes
    ----------
    score : how good the data is over all
    sources : the same of each source alone, where that was asked for
    impact : the metrics that failed critical checks touch
    """

    checks: tuple[Check, ...]
    rejected: int
    provenance: Provenance
    score: Score
    sources: Mapping[str, Score] = field(default_factory=dict)
    impact: tuple[Affected, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "rejected": self.rejected,
            "score": _score(self.score),
            "sources": [{"source": name, **_score(each)} for name, each in self.sources.items()],
            "impact": [{**vars(each), "checks": list(each.checks)} for each in self.impact],
            "checks": [
                {
                    **vars(check),
                    "examples": list(check.examples),
                    "affects": list(check.affects),
                    "tickets": [
                        {"source": source, "ticket_id": number} for source, number in check.tickets
                    ],
                    "stretches": [
                        {
                            "source": each.source,
                            "from": each.first.isoformat(),
                            "to": each.last.isoformat(),
                        }
                        for each in check.stretches
                    ],
                }
                for check in self.checks
            ],
        }


def _score(of: Score) -> dict[str, Any]:
    return dict(vars(of))
