"""What a check saw: how much, of how many, how grave, with examples and a sentence.

Floor 2.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

EXAMPLES = 5
WARN_FROM = 0.001  # share from which what was found is more than a note
FAIL_FROM = 0.05
STATES = ("pass", "note", "warn", "fail", "unknown")
FOUND_STATES = ("note", "warn", "fail")
NOTHING = "Nothing found."
NOT_COMPARED = "Not compared: there is too little to look at."
ALL = ("*",)  # the numbers of every column
MOST_REASON = 200  # characters of a fault's own words

Ticket = tuple[str, str]  # source and number


@dataclass(frozen=True)
class Subject:
    """What a check is about.

    Attributes
    ----------
    columns : those whose numbers it touches, `ALL` for every one
    critical : what it finds makes those numbers wrong, not only less sure
    worst : the gravest state it may take
    across : it compares sources, so of one source alone it has nothing to say
    """

    id: str
    title: str
    columns: tuple[str, ...]
    critical: bool = False
    worst: str = "fail"
    across: bool = False


@dataclass(frozen=True)
class Stretch:
    """Local days on which a source brought nothing, the first and the last included.

    usual : how many updates such days usually bring
    odds : of such a stretch by chance, in the whole stream
    """

    source: str
    first: date
    last: date
    usual: float = 0.0
    odds: float = 0.0


@dataclass(frozen=True)
class Seen:
    """What one check saw: `count` of `of`, with examples as words and, where they are, tickets."""

    id: str
    title: str
    state: str  # one of STATES
    critical: bool
    count: int
    of: int
    examples: tuple[str, ...]
    columns: tuple[str, ...]
    words: str
    next_step: str = ""
    tickets: tuple[Ticket, ...] = ()  # the examples that are tickets, in the same order
    stretches: tuple[Stretch, ...] = ()  # all of them, where it looks for what did not come

    @property
    def compared(self) -> bool:
        """Whether there was anything to look at."""
        return self.state != "unknown" and (self.count > 0 or self.of > 0)


@dataclass(frozen=True)
class Told:
    """What was found and what to say of it; the words hold where `count` is more than none."""

    count: int
    of: int
    words: str
    next_step: str
    examples: tuple[str, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    state: str = ""  # "" where the share decides
    columns: tuple[str, ...] = ()  # fewer than the subject's, where only those are touched
    stretches: tuple[Stretch, ...] = ()


def seen(subject: Subject, told: Told) -> Seen:
    """Return what was seen as everybody reads it."""
    found = told.count > 0
    none = NOTHING if told.of else NOT_COMPARED
    state = told.state or state_of(told.count, told.of, subject.worst)
    return Seen(
        id=subject.id,
        title=subject.title,
        state=state if found else "pass",
        critical=subject.critical,
        count=told.count,
        of=told.of,
        examples=told.examples or tuple(number for _, number in told.tickets),
        columns=told.columns or subject.columns,
        words=told.words if found else none,
        next_step=told.next_step if found else "",
        tickets=told.tickets,
        stretches=told.stretches,
    )


def nothing(subject: Subject, of: int = 0, why: str = "") -> Seen:
    """Return a check that found nothing; `why` says so where there was nothing to look at."""
    found = seen(subject, Told(0, of, "", ""))
    return replace(found, words=why or found.words)


def unknown(subject: Subject, reason: str) -> Seen:
    """Return a check that could not be made, with the reason."""
    plain = " ".join(reason.split())[:MOST_REASON].rstrip(". ")
    return replace(
        nothing(subject),
        state="unknown",
        words=f"This check could not be made: {plain}.",
        next_step="Nothing is known about it for this data; please report it with these words.",
    )


def tried(subject: Subject, check: Callable[[], Seen]) -> Seen:
    """Make a check; one that breaks is told as unknown, and hides none of the others."""
    try:
        return check()
    except Exception as fault:  # noqa: BLE001 - engines break in ways of their own
        return unknown(subject, f"{type(fault).__name__}: {fault}")


def state_of(count: int, of: int, worst: str = "fail") -> str:
    """Return the state of a check that found `count` of `of`.

    Examples
    --------
    >>> state_of(0, 100), state_of(1, 10_000), state_of(1, 100), state_of(9, 100)
    ('pass', 'note', 'warn', 'fail')
    """
    if not count:
        return "pass"
    share = count / max(of, 1)
    state = "fail" if share >= FAIL_FROM else "warn" if share >= WARN_FROM else "note"
    return min(state, worst, key=FOUND_STATES.index)


def gravest(states: Sequence[str]) -> str:
    """Return the gravest of the states, "pass" where there is none.

    Examples
    --------
    >>> gravest(["note", "warn", "pass"]), gravest([])
    ('warn', 'pass')
    """
    return max(states, key=STATES.index, default="pass")
