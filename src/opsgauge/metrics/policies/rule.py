"""What a policy rule says: which tickets it is for, what must be so, who answers for it.

Floor 3. The kinds are those of Declare that people ask for most, and four of the control of work:
four eyes, segregation of duties, maximal time and required fields.
Sources: Pesic, Schonenberg and van der Aalst, DECLARE, EDOC 2007, for precedence, response,
absence and exactly once; Clark and Wilson, A comparison of commercial and military computer
security policies, 1987, for the separation of duties.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from opsgauge.foundation.agreed import Condition, Rules
from opsgauge.foundation.units import MICROS_PER_HOUR, duration
from opsgauge.metrics.written_page import Page

Words = tuple[str, ...]  # of steps, any of which will do
REQUESTER, ASSIGNEE, APPROVALS = "requester", "assignee", "approvals"
OF_THE_TICKET = (REQUESTER, ASSIGNEE)


@dataclass(frozen=True)
class Precedence:
    """`step` comes only after one of `only_after`."""

    step: Words
    only_after: Words

    def sentence(self) -> str:
        """Say it in words."""
        return f"{any_of(self.step)} comes only after {any_of(self.only_after)}"


@dataclass(frozen=True)
class Response:
    """After the last `step` one of `then` comes."""

    step: Words
    then: Words

    def sentence(self) -> str:
        """Say it in words."""
        return f"after {any_of(self.step)} comes {any_of(self.then)}"


@dataclass(frozen=True)
class Absence:
    """`step` never comes."""

    step: Words

    def sentence(self) -> str:
        """Say it in words."""
        return f"{any_of(self.step)} never comes"


@dataclass(frozen=True)
class ExactlyOnce:
    """`step` comes once, no more and no less."""

    step: Words

    def sentence(self) -> str:
        """Say it in words."""
        return f"{any_of(self.step)} comes exactly once"


@dataclass(frozen=True)
class MaximalTime:
    """From the first `start` to the next `end` no more time passes; elapsed, in microseconds."""

    start: Words
    end: Words
    within_us: int

    def sentence(self) -> str:
        """Say it in words."""
        hours = duration(self.within_us / MICROS_PER_HOUR)
        return f"from {any_of(self.start)} to {any_of(self.end)} no more than {hours} pass"


@dataclass(frozen=True)
class RequiredField:
    """A column of the ticket is filled: once it has come to a step, else when it has ended."""

    column: str
    once: Words = ()

    def sentence(self) -> str:
        """Say it in words."""
        when = f"once {any_of(self.once)} has come" if self.once else "when the ticket has ended"
        return f"{self.column.replace('_', ' ')} is filled {when}"


@dataclass(frozen=True)
class Duty:
    """A part that one person plays: the ticket's requester, who approved, who made a step.

    Attributes
    ----------
    of : requester, assignee, approvals, or "" where it is who made the update into `steps`
    """

    name: str
    of: str = ""
    steps: Words = ()


@dataclass(frozen=True)
class Separation:
    """No person has two of the duties."""

    duties: tuple[Duty, ...]

    def sentence(self) -> str:
        """Say it in words."""
        names = [each.name for each in self.duties]
        return f"{', '.join(names[:-1])} and {names[-1]} are different people"


Check = Precedence | Response | Absence | ExactlyOnce | MaximalTime | RequiredField | Separation


@dataclass(frozen=True)
class Excused:
    """A ticket that may break the rule, and why.

    Attributes
    ----------
    source : "" where any source's ticket of that number is meant
    by : the record that allows it, such as the number of a waiver
    until : the last day on which breaking the rule is excused; None: always
    """

    ticket: str
    why: str
    source: str = ""
    by: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Rule:
    """One policy rule.

    Attributes
    ----------
    kind : the key it is written under, such as `precedence`
    steps : the column in which its steps stand: phase, original_status or activity
    practices, where : the tickets it is for, as they stand
    opened_from, opened_to : of these, those opened on these local days and between
    not_yet_seen : steps that are right though no record has them
    page : the file it stands in
    """

    name: str
    title: str
    kind: str
    check: Check
    owner: str = ""
    why: str = ""
    steps: str = "phase"
    practices: Words = ()
    where: Rules = ()
    opened_from: date | None = None
    opened_to: date | None = None
    exceptions: tuple[Excused, ...] = ()
    not_yet_seen: Words = ()
    page: Page | None = field(default=None, compare=False, repr=False)

    @property
    def conditions(self) -> Rules:
        """What tickets must show for the rule to be theirs."""
        of = (Condition("practice", self.practices),) if self.practices else ()
        return (*of, *self.where)

    def words(self) -> Iterator[str]:
        """Return the steps it names, each as often as it does."""
        for value in vars(self.check).values():
            for each in value if isinstance(value, tuple) else ():
                yield from each.steps if isinstance(each, Duty) else (each,)

    @property
    def paragraph(self) -> str:
        """Its own lines of the file, as they are written."""
        return self.page.paragraph(self.name) if self.page else ""

    @property
    def hash(self) -> str:
        """SHA-256 of its paragraph."""
        return sha256(self.paragraph.encode()).hexdigest()

    @property
    def file(self) -> str:
        """The file it stands in, below the workspace."""
        return self.page.where if self.page else ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form, without what it excuses."""
        return {
            "id": self.name,
            "title": self.title,
            "kind": self.kind,
            "says": self.check.sentence(),
            "owner": self.owner,
            "why": self.why,
            "steps": self.steps,
            "where": [each.sentence() for each in self.conditions],
            "opened_from": self.opened_from.isoformat() if self.opened_from else None,
            "opened_to": self.opened_to.isoformat() if self.opened_to else None,
            "file": self.file,
        }


def any_of(words: Words) -> str:
    """Return steps in words.

    Examples
    --------
    >>> any_of(("A", "B", "C"))
    '‘A’, ‘B’ or ‘C’'
    """
    quoted = [f"‘{word}’" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
