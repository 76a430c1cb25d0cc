"""How findings answer: what the API and the command line print.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.foundation.finding import Finding
from opsgauge.foundation.money import Money
from opsgauge.operations.answers import Provenance
from opsgauge.operations.pricing import rate_json, rate_notes
from opsgauge.operations.ranked import OneThing, lanes


@dataclass(frozen=True)
class Found:
    """What was found in the records, lane by lane, what matters most first in each."""

    findings: tuple[Finding, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `answers.Measured`
    notes: tuple[str, ...] = ()  # what is withheld
    one_thing: OneThing | None = None  # to begin with
    an_hour: Money | None = None  # what an hour of them costs; None where no rate is set

    @property
    def price_notes(self) -> tuple[str, ...]:
        """How hours became money; nothing where no rate is set, or nothing says hours."""
        hours = any(each.worth_hours or each.unit == "hours" for each in self.findings)
        return rate_notes(self.an_hour) if hours else ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            **rate_json(self.an_hour),
            "findings": [published_finding(finding) for finding in self.findings],
            "lanes": {
                str(lane): [finding.id for finding in of]
                for lane, of in lanes(self.findings).items()
            },
            "one_thing": self.one_thing.as_json() if self.one_thing else None,
        }


def published_finding(finding: Finding) -> dict[str, Any]:
    """Return one finding in its published form."""
    low, high = finding.interval or (None, None)
    return {
        "id": finding.id,
        "claim": finding.claim,
        "kind": finding.kind,
        "size": finding.size,
        "unit": finding.unit,
        "low": low,
        "high": high,
        "n": finding.n,
        "method": finding.method,
        "caveats": list(finding.caveats),
        "lane": str(finding.lane),
        "worth_hours": finding.worth_hours,
        **_money(finding),
        "evidence": vars(finding.evidence),
        "odds": finding.odds,
        "about": list(finding.about),
        "from": finding.within[0].isoformat() if finding.within else None,
        "to": finding.within[1].isoformat() if finding.within else None,
        "look_next": finding.look_next,
        "examples": [{"source": source, "ticket": ticket} for source, ticket in finding.examples],
        "also": list(finding.also),
    }


def _money(finding: Finding) -> dict[str, Any]:
    if finding.an_hour is None:
        return {}
    low, high = finding.interval_money or (None, None)
    return {
        "currency": finding.an_hour.currency,
        "worth_money": finding.worth_money,
        "size_money": finding.size_money,
        "low_money": low,
        "high_money": high,
    }
