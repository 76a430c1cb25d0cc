"""How checks of the data answer: what pages draw, and the API and command line print.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Checked:
    """All checks of one data version."""

    checks: tuple[Check, ...]
    rejected: int
    provenance: Provenance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "rejected": self.rejected,
            "checks": [
                {
                    **vars(check),
                    "examples": list(check.examples),
                    "affects": list(check.affects),
                    "tickets": [
                        {"source": source, "ticket_id": number} for source, number in check.tickets
                    ],
                }
                for check in self.checks
            ],
        }
