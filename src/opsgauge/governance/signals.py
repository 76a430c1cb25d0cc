"""A signal as a record: what was seen on a series, and each step of what became of it.

Floor 4. Plain data; `signal_register.py` keeps it. What a signal is now follows from its steps, of
which none is ever changed: open, dismissed with its cause, rebased with its event, open again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from opsgauge.foundation.agreed import Series
from opsgauge.governance import rules

# What a series can show. All but the first are notices: worth knowing, and no alarm.
SIGNAL, HIGH, LOW, TARGET, CALM = "signal", "all_time_high", "all_time_low", "target", "anti_signal"
KINDS: Mapping[str, str] = {
    SIGNAL: "a value or a run that chance alone seldom gives",
    HIGH: "the highest value of all whole periods",
    LOW: "the lowest value of all whole periods",
    TARGET: "a target that is off track or not met",
    CALM: "no signal for so long that the limits may say little",
}
LEVEL = "level"  # the rule of a signal that no single period shows, but the newest together
SEEN, QUIET, GONE = "seen", "quiet", "gone"
STARTED, DONE = "started", "done"
DISMISSED, REBASED, UNDONE = "dismissed", "rebased", "undone"
ASSIGNED, NOTED = "assigned", "noted"
STEPS: Mapping[str, str] = {
    SEEN: "was seen",
    QUIET: "was not seen any more",
    GONE: "is no longer there, since numbers or limits are others now",
    STARTED: "the response of its protocol began",
    DONE: "what was to be done is done",
    DISMISSED: "its cause was found",
    REBASED: "the change is lasting: limits begin anew",
    UNDONE: "the decision about it was taken back",
    ASSIGNED: "somebody is to see to it",
    NOTED: "somebody wrote something down",
}

TO_DO, NOTICES, NOT_THERE, PAST = "to do", "notices", "no longer there", "past"


class State(StrEnum):
    """What was decided about a signal."""

    OPEN = "open"
    DISMISSED = "dismissed"
    REBASED = "rebased"
    UNDONE = "undone"  # decided, and that was taken back: it is open again


@dataclass(frozen=True)
class Sight:
    """What was seen in one period.

    Attributes
    ----------
    since : the first period of which the same is said
    began : the first day of the period, as ISO has it
    verdict : worse, better or change; "" for a notice that judges nothing
    way : 1 upward or above, -1 downward or below, 0 neither
    goal : of a missed target, what was to be reached
    among : of a record, of how many whole periods; of a calm, how many periods it lasts
    words : the same in a sentence, with the rule that says so
    run : the periods, up to this one, that show it without a break; not kept
    lasting : it is told by no run, and goes on until it is quiet; not kept
    """

    period: str
    since: str
    rules: tuple[str, ...]
    verdict: str
    way: int
    value: float | None
    n: int
    began: str
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    goal: float | None = None
    among: int = 0
    words: str = ""
    run: tuple[str, ...] = ()
    lasting: bool = False

    @property
    def size(self) -> float:
        """How far it lies from the centre, in thirds of the way to a limit; 0 where unknown."""
        if self.value is None or self.centre is None or self.upper is None:
            return 0.0
        sigma = (self.upper - self.centre) / 3
        return abs(self.value - self.centre) / sigma if sigma > 0 else 0.0

    def told(self) -> dict[str, Any]:
        """Return what its step keeps; numbers to twelve figures, so that engines agree."""
        kept = {name: value for name, value in vars(self).items() if name not in ("run", "lasting")}
        kept["rules"] = list(self.rules)
        return {
            name: float(f"{value:.12g}") if isinstance(value, float) else value
            for name, value in kept.items()
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Sight":
        """Return what `told` said."""
        return cls(**{**told, "rules": tuple(told["rules"])})


def slips(kind: str, sight: Sight) -> bool:
    """Say whether what is seen is a signal to the worse, or a missed target."""
    return kind == TARGET or (kind == SIGNAL and sight.verdict == "worse")


@dataclass(frozen=True)
class Response:
    """What a protocol asks for now: who does what until when.

    `due` is an ISO day, `note` says what could not be taken as it is written; "" for nothing.
    """

    protocol: int
    who: str
    what: str
    due: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """One series looked at for one kind of signal.

    Attributes
    ----------
    newest : the newest whole period
    sight : what its newest period shows; None for nothing
    still : of each period its value and which way it is a signal, 0 for none, as of now
    news : whether it begins a signal; else it can only show that a known one goes on
    response : what its protocol asks for, where it slips; None where there is none
    """

    series: Series
    kind: str
    newest: str
    sight: Sight | None
    still: Mapping[str, tuple[float | None, int]]
    target: int = 0
    news: bool = True
    response: Response | None = None


@dataclass(frozen=True)
class Step:
    """One thing that happened to a signal."""

    number: int
    kind: str
    data_version: int | None
    told: Mapping[str, Any]
    why: str
    made_at: str
    made_by: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "told": dict(self.told)}


@dataclass(frozen=True)
class Signal:
    """A signal with the steps of its life, oldest first; the first is that it was seen."""

    number: int
    kind: str
    series: Series
    target: int
    way: int
    made_at: str
    made_by: str
    data_version: int
    steps: tuple[Step, ...] = field(default=())

    def last(self, *kinds: str) -> Step | None:
        """Return the newest step of some kinds."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    @property
    def state(self) -> State:
        """What was decided about it."""
        step = self.last(DISMISSED, REBASED, UNDONE)
        return State(step.kind) if step else State.OPEN

    @property
    def is_notice(self) -> bool:
        """Whether it is worth knowing and nobody has to do anything."""
        return self.kind not in (SIGNAL, TARGET)

    @property
    def state_words(self) -> str:
        """Its state as people and programs read it: a notice is never open."""
        if not self.is_open:
            return str(self.state)
        word = "notice" if self.is_notice else "open"
        return f"{word} again" if self.state is State.UNDONE else word

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided about it; of a signal: whether somebody has to see to it."""
        return self.state in (State.OPEN, State.UNDONE)

    @property
    def sight(self) -> Sight:
        """What was seen last."""
        step = self.last(SEEN)
        assert step is not None  # noqa: S101 - a signal begins with being seen
        return Sight.of(step.told)

    @property
    def first(self) -> Sight:
        """What was seen first."""
        return Sight.of(self.steps[0].told)

    @property
    def goes_on(self) -> bool:
        """Whether the newest period looked at still shows it."""
        step = self.last(SEEN, QUIET, GONE)
        return step is not None and step.kind == SEEN

    @property
    def quiet_since(self) -> str:
        """The first period without it, "" while it goes on."""
        step = self.last(SEEN, QUIET, GONE)
        return str(step.told["period"]) if step and step.kind == QUIET else ""

    @property
    def gone(self) -> Step | None:
        """The step that says that it is no longer there; None while it is."""
        step = self.last(SEEN, QUIET, GONE)
        return step if step and step.kind == GONE else None

    @property
    def rules_seen(self) -> frozenset[str]:
        """Every rule that it was ever seen to break."""
        return frozenset(
            rule for step in self.steps if step.kind == SEEN for rule in step.told["rules"]
        )

    @property
    def assigned(self) -> str:
        """To whom it was given; "" for nobody."""
        given = [step.told["owner"] for step in self.steps if step.kind == ASSIGNED]
        return next((str(owner) for owner in reversed(given) if owner), "")

    @property
    def due(self) -> date | None:
        """By when it is to be done."""
        told = [step.told for step in self.steps if step.kind in (STARTED, ASSIGNED)]
        day = next((each["due"] for each in reversed(told) if each["due"]), None)
        return date.fromisoformat(day) if day else None

    @property
    def response(self) -> Response | None:
        """The response that its protocol asked for last."""
        step = self.last(STARTED)
        return Response(**step.told) if step else None

    @property
    def done(self) -> bool:
        """Whether what was to be done is done."""
        step = self.last(DONE, STARTED, UNDONE)
        return not self.is_open or (step is not None and step.kind == DONE)

    def overdue(self, today: date) -> bool:
        """Say whether it should have been seen to by now."""
        due = self.due
        waits = self.place in (TO_DO, NOTICES) and not self.done
        return waits and due is not None and due < today

    @property
    def slips(self) -> bool:
        """Whether its metric gets worse, or misses a target."""
        return slips(self.kind, self.sight)

    @property
    def place(self) -> str:
        """Where it belongs: to be seen to, a notice, no longer there, or the past."""
        if not self.is_open:
            return PAST
        if self.gone is not None:
            return NOT_THERE
        if not self.is_notice:
            return TO_DO
        return NOTICES if self.goes_on else PAST

    def brief(self) -> dict[str, Any]:
        """Return how it stands, as audit lines tell it."""
        return {
            "signal": self.number,
            "kind": self.kind,
            "metric": self.series.metric,
            "state": self.state_words,
            "seen": self.sight.told(),
            "owner": self.assigned,
            "due": self.due.isoformat() if self.due else None,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        series, gone = self.series, self.gone
        return {
            **self.brief(),
            "number": self.number,
            "statistic": series.statistic,
            "segment": rules.plain(series.segment),
            "period": series.period,
            "target": self.target or None,
            "place": self.place,
            "data_version": self.data_version,
            "first_seen_at": self.made_at,
            "first_seen_in": self.first.period,
            "goes_on": self.goes_on,
            "quiet_since": self.quiet_since or None,
            "gone_in_version": gone.data_version if gone else None,
            "response": vars(self.response) if self.response else None,
            "done": self.done,
            "history": [step.as_json() for step in self.steps],
        }
