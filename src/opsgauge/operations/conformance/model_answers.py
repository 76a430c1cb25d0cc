"""The shapes in which answers about models come.

Floor 5. Plain frozen data; `as_json` gives the published names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.conformance.habits import Habit
from opsgauge.analysis.conformance.replay import Deviation, Tokens
from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.operations.answers import Provenance

USUAL_SHARE = 0.8
MINED = ""  # the name of the model that is mined


@dataclass(frozen=True)
class Modelled:
    """Which model, and how tickets are held against it.

    Attributes
    ----------
    model : the name of a file of `models/`; "" for the most frequent paths
    steps : phase, original_status or activity; "" for those that most of the model's tasks are
    share : of a mined model: how many of the tickets its paths are of
    """

    model: str = MINED
    steps: str = ""
    share: float = USUAL_SHARE


@dataclass(frozen=True)
class Departure:
    """A way in which tickets depart from the model, and how many do."""

    deviation: Deviation
    n: int

    def as_json(self, n: int) -> dict[str, Any]:
        """Return the published form; n, how many tickets were replayed."""
        low, high = wilson(self.n, n)
        return {
            "step": self.deviation.step,
            "how": self.deviation.how,
            "n": self.n,
            "share": self.n / n,
            "low": low,
            "high": high,
        }


@dataclass(frozen=True)
class StepBeside:
    """One step: whether the model has it, and how many tickets came to it."""

    step: str
    written: bool
    tickets: int

    @property
    def where(self) -> str:
        """Where it is present."""
        if self.written:
            return "both" if self.tickets else "only in the model"
        return "only in reality"


@dataclass(frozen=True)
class ModelFit:
    """How the tickets fit a model.

    Attributes
    ----------
    ended : tickets that have ended, of those chosen; n of them were replayed
    fitting : of these, those that the model allows from start to end
    """

    asked: Modelled
    title: str
    hash: str
    ended: int
    n: int
    fitting: int
    tokens: Tokens
    precision: float | None
    departures: tuple[Departure, ...]
    beside: tuple[StepBeside, ...]
    habits: tuple[Habit, ...]
    provenance: Provenance
    near: Mapping[str, str]  # for a step only in the model, what could have been meant
    hashes: Mapping[Deviation | str, tuple[str, ...]]  # of the paths behind each number
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say it in one sentence."""
        if not self.n:
            return "No ticket that was chosen has ended, so there is nothing to replay"
        told = f"{percent(self.fitting / self.n)} of {whole(self.n)} ended tickets"
        if not self.asked.model:
            return f"{told} took one of {self.title}"
        low, high = wilson(self.fitting, self.n)
        between = f"{percent(low or 0.0)} to {percent(high or 0.0)}"
        return f"{told} went as {self.title} has it, {between}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        low, high = wilson(self.fitting, self.n)
        return {
            "data_version": self.provenance.data_version,
            "model": self.asked.model,
            "hash": self.hash,
            "steps": self.asked.steps,
            "sentence": f"{self.sentence()}.",
            "ended": self.ended,
            "n": self.n,
            "fitting": self.fitting,
            "share": self.fitting / self.n if self.n else None,
            "low": low,
            "high": high,
            "fitness": self.tokens.fitness,
            **vars(self.tokens),
            "precision": self.precision,
            "departures": [each.as_json(self.n) for each in self.departures],
            "beside": [
                {
                    "step": each.step,
                    "where": each.where,
                    "tickets": each.tickets,
                    "near": self.near.get(each.step),
                }
                for each in self.beside
            ],
            "habits": [each.as_json() for each in self.habits],
            "suspect": list(self.suspect),
            "notes": list(self.notes),
        }
