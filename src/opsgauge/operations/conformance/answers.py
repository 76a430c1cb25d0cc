"""The shapes in which answers about policy rules come.

Floor 5. Plain frozen data; `as_json` gives the published names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opsgauge.analysis.conformance.judging import (
    BROKEN,
    BROKEN_OPEN,
    EXCEPTED,
    JUDGED,
    KEPT,
    PENDING,
    UNKNOWN,
)
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.metrics.policies.rule import Rule
from opsgauge.operations.answers import Provenance, iso
from opsgauge.operations.found import published_finding

KIND, METHOD = "rule_broken", "wilson"


@dataclass(frozen=True)
class Cause:
    """How tickets break a rule, and how many do it so."""

    outcome: str
    words: str
    n: int


@dataclass(frozen=True)
class RuleState:
    """One rule, and what became of it.

    Attributes
    ----------
    tickets : that meet its conditions, whether anything it speaks of came or not
    counts : tickets by outcome
    idle : exceptions on record that excuse nothing; None where the actor does not see everything
    why_not : why nothing is told; "" where it is
    """

    rule: Rule
    tickets: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    idle: int | None = None
    why_not: str = ""
    notes: tuple[str, ...] = ()

    def of(self, outcome: str) -> int:
        """Return how many tickets have an outcome."""
        return self.counts.get(outcome, 0)

    @property
    def n(self) -> int:
        """How many tickets are judged: kept, broken, and broken with an exception."""
        return sum(self.of(outcome) for outcome in JUDGED)

    @property
    def share(self) -> float | None:
        """The share of the judged tickets that break it, without an exception."""
        return self.of(BROKEN) / self.n if self.n else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Where the share lies, 95 %."""
        return wilson(self.of(BROKEN), self.n)

    @property
    def is_broken(self) -> bool:
        """Whether a ticket breaks it, ended or not."""
        return self.of(BROKEN) + self.of(BROKEN_OPEN) > 0

    def sentence(self) -> str:
        """Say it in words."""
        if self.why_not:
            return self.why_not
        if not self.n:
            return f"Nothing to judge yet among {_tickets(self.tickets)}."
        low, high = self.interval
        told = f"{whole(self.of(BROKEN))} of {_tickets(self.n)} break it"
        if self.of(BROKEN) and low is not None and high is not None:
            told += f": {percent(self.share or 0.0)}, {percent(low)} to {percent(high)}"
        if self.of(EXCEPTED):
            told += f"; {whole(self.of(EXCEPTED))} more by an exception on record"
        if self.of(BROKEN_OPEN):
            told += f"; {whole(self.of(BROKEN_OPEN))} still open break it already"
        return f"{told}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        low, high = self.interval
        return {
            **self.rule.as_json(),
            "tickets": self.tickets,
            "n": self.n,
            "kept": self.of(KEPT),
            "broken": self.of(BROKEN),
            "excepted": self.of(EXCEPTED),
            "broken_open": self.of(BROKEN_OPEN),
            "pending": self.of(PENDING),
            "unknown": self.of(UNKNOWN),
            "share": self.share,
            "low": low,
            "high": high,
            "causes": [
                {"outcome": each.outcome, "cause": each.words, "n": each.n} for each in self.causes
            ],
            "idle_exceptions": self.idle,
            "sentence": self.sentence(),
            "withheld": self.why_not,
            "notes": list(self.notes),
        }

    def finding(self, evidence: Evidence) -> Finding:
        """Return that it is broken, as a finding."""
        low, high = self.interval
        known = low is not None and high is not None
        caveats = ["Each ticket counts once, however often it breaks the rule."]
        if self.of(UNKNOWN):
            caveats.append(f"{_tickets(self.of(UNKNOWN))} cannot be judged: too little is written.")
        return Finding(
            id=f"{KIND}-{self.rule.name}",
            kind=KIND,
            lane=Lane.QUALITY,
            claim=f"“{self.rule.title}”: {self.sentence()}",
            size=self.share or 0.0,
            unit="share",
            interval=(low, high) if known and low is not None and high is not None else None,
            n=self.n,
            method=METHOD,
            evidence=evidence,
            caveats=tuple(caveats),
        )


@dataclass(frozen=True)
class Conformance:
    """Every policy rule of a workspace, in the order in which they are written."""

    states: tuple[RuleState, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()
    of: str = ""  # which tickets, as the end of a sentence

    def sentence(self) -> str:
        """Say in one sentence how the rules are kept."""
        if not self.states:
            return "No rule is written yet"
        told = [each for each in self.states if not each.why_not]
        bad = sorted(
            (each for each in told if each.of(BROKEN)),
            key=lambda each: (-(each.share or 0.0), each.rule.name),
        )
        many = len(self.states)
        rules = "the one rule" if many == 1 else f"{many} rules"
        if not bad:
            early = any(each.of(BROKEN_OPEN) for each in told)
            if early:
                return "Only tickets that are still open break a rule"
            judged = any(each.n for each in told)
            return f"No ticket breaks {rules}" if judged else "There is nothing yet to judge"
        worst = bad[0]
        share = f"{percent(worst.share or 0.0)} of {_tickets(worst.n)}"
        count = (
            "The one rule is"
            if many == 1
            else f"{len(bad)} of {many} rules {'is' if len(bad) == 1 else 'are'}"
        )
        alone = len([each for each in told if each.of(BROKEN_OPEN) and not each.of(BROKEN)])
        more = f", and {alone} more by open tickets alone" if alone else ""
        return f"{count} broken{more}; most of all “{worst.rule.title}”, by {share}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that are broken, the largest share first."""
        bad = [each for each in self.states if not each.why_not and each.of(BROKEN)]
        bad.sort(key=lambda each: (-(each.share or 0.0), each.rule.name))
        return tuple(
            each.finding(
                Evidence(
                    f"Rule {each.rule.name}: {each.rule.check.sentence()}{self.of}",
                    self.provenance.data_version,
                    each.rule.hash,
                )
            )
            for each in bad
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "data_as_of": iso(self.provenance.data_as_of),
            "sentence": f"{self.sentence()}.",
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rules": [each.as_json() for each in self.states],
            "findings": [published_finding(each) for each in self.findings],
        }


def _tickets(n: int) -> str:
    return "1 ticket" if n == 1 else f"{whole(n)} tickets"
