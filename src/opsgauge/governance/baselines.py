"""Baselines: numbers of a series frozen over a stretch of time, and what people said of them.

Floor 4. A baseline is provisional until an owner and somebody who does the work have signed it, two
people; objections are kept beside. Nothing in it is changed: a newer one takes its place, a
provisional one at once, a signed one when the newer is signed. Each step leaves its audit line in
the same transaction.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Series
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import json_text
from opsgauge.governance.charted_series import columns_of, of_the_series, series_of
from opsgauge.governance.charted_series import subject as subject_of
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import BaselineRow, BaselineVoiceRow
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import LONGEST_REASON, Register, check_reason

FREEZE, OWN, SIGN = "baseline:freeze", "baseline:own", "baseline:sign"
OWNER, FRONTLINE, OBJECTION = "owner", "frontline", "objection"
SIGNATURES = (OWNER, FRONTLINE)
LONGEST_NAME = 200
Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Voice:
    """What somebody said of a baseline.

    Attributes
    ----------
    part : owner or frontline: they signed; objection: what they have against it is `why`
    signed_in : False of a name that was typed where nobody signs in
    """

    baseline: int
    part: str
    person: str
    signed_in: bool
    why: str = ""
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def sentence(self) -> str:
        """Say who it is.

        Examples
        --------
        >>> Voice(1, "owner", "Ana", False).sentence()
        'Ana (owner, named, not signed in)'
        """
        return f"{self.person} ({self.part}{'' if self.signed_in else ', named, not signed in'})"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Baseline:
    """A baseline as the records keep it.

    Attributes
    ----------
    first, last : labels of its first and last period
    numbers : what was frozen, as JSON values
    accepted_why : why it was taken although it is not stable; "" where it is
    """

    series: Series
    first: str
    last: str
    numbers: Numbers
    data_version: int
    definition: str
    accepted_why: str = ""
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None
    voices: tuple[Voice, ...] = ()

    def signed_as(self, part: str) -> Voice | None:
        """Return who signed it in a part."""
        return next((each for each in self.voices if each.part == part), None)

    @property
    def signed(self) -> bool:
        """Whether both have signed it."""
        return all(self.signed_as(part) for part in SIGNATURES)

    @property
    def objections(self) -> tuple[Voice, ...]:
        """What people have against it."""
        return tuple(each for each in self.voices if each.part == OBJECTION)

    @property
    def signatures(self) -> tuple[str, ...]:
        """Who signed it, in words."""
        found = [self.signed_as(part) for part in SIGNATURES]
        return tuple(each.sentence() for each in found if each)

    @property
    def state(self) -> str:
        """How far it has come: provisional, signed or superseded."""
        if self.ended_at is not None:
            return "superseded"
        return "signed" if self.signed else "provisional"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {name: value for name, value in vars(self).items() if name != "series"}
        return {
            **self.series.as_json(),
            **told,
            "numbers": dict(self.numbers),
            "state": self.state,
            "voices": [each.as_json() for each in self.voices],
        }


def freeze(database: Database, clock: Clock, actor: Actor, wanted: Baseline) -> Baseline:
    """Keep a baseline; one of the same series that is still provisional ends.

    Raises
    ------
    QueryWrong : its reason is too long
    """
    if len(wanted.accepted_why) > LONGEST_REASON:
        raise QueryWrong(f"The reason is longer than {LONGEST_REASON:,} characters.")
    row = BaselineRow(
        **columns_of(wanted.series),
        first=wanted.first,
        last=wanted.last,
        numbers=json_text(dict(wanted.numbers)) or "",
        data_version=wanted.data_version,
        definition=wanted.definition,
        accepted_why=wanted.accepted_why.strip(),
    )
    with database.writing() as session:
        before = [
            each
            for each in session.scalars(of_the_series(BaselineRow, wanted.series))
            if not _with_voices(session, _baseline(each)).signed
        ]
        return _REGISTER.put(session, clock, actor, row, before)


def sign(database: Database, clock: Clock, actor: Actor, wanted: Voice) -> Baseline:
    """Sign a baseline as its owner, or for those who do the work; the second makes it count.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it stands no more, is signed in that part, or by one who may not sign it
    """
    if wanted.part not in SIGNATURES:
        raise QueryWrong(f"Nobody signs as {wanted.part!r}.", hint="Sign as owner or frontline.")
    with database.writing() as session:
        found = _standing(session, wanted.baseline)
        _check_signature(found, wanted)
        _say(session, clock, actor, wanted, SIGN if wanted.part == FRONTLINE else OWN)
        found = _with_voices(session, found)
        if found.signed:
            for each in session.scalars(of_the_series(BaselineRow, found.series)).all():
                earlier = _with_voices(session, _baseline(each))
                if each.id != found.number and earlier.signed:
                    why = f"Baseline {found.number} is signed."
                    ended = {"ended_at": text_of(clock())}
                    _REGISTER.change(session, clock, actor, each, ended, why)
        return found


def object_to(database: Database, clock: Clock, actor: Actor, wanted: Voice) -> Baseline:
    """Keep what somebody has against a baseline.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it stands no more, or nothing is said
    """
    check_reason(wanted.why, "An objection needs its words.", "Say what is wrong with it.")
    _check_name(wanted.person)
    with database.writing() as session:
        found = _standing(session, wanted.baseline)
        _say(session, clock, actor, replace(wanted, part=OBJECTION), SIGN)
        return _with_voices(session, found)


def baselines(database: Database, metric: str | None = None, ended: bool = False) -> list[Baseline]:
    """Return the baselines that stand, of one metric where it is named; oldest first.

    Parameters
    ----------
    ended : also those that were superseded
    """
    query = select(BaselineRow).order_by(BaselineRow.id)
    if metric is not None:
        query = query.where(BaselineRow.metric == metric)
    if not ended:
        query = query.where(BaselineRow.ended_at.is_(None))
    with database.reading() as session:
        found = [_baseline(row) for row in session.scalars(query)]
        numbers = [each.number for each in found]
        voices = _voices(session, numbers)
    return [replace(each, voices=tuple(voices.get(each.number, ()))) for each in found]


def baseline_of(database: Database, number: int) -> Baseline:
    """Return the baseline of a number; raises UnknownRecord where there is none."""
    found = _REGISTER.line(database, number)
    with database.reading() as session:
        return _with_voices(session, found)


def _standing(session: Session, number: int) -> Baseline:
    row = _REGISTER.row_of(session, number)
    if row.ended_at is not None:
        raise QueryWrong(
            f"Baseline {number} was superseded: {row.ended_at}.", hint="Take the one that stands."
        )
    return _with_voices(session, _baseline(row))


def _check_signature(found: Baseline, wanted: Voice) -> None:
    _check_name(wanted.person)
    there = found.signed_as(wanted.part)
    if there is not None:
        raise QueryWrong(f"Baseline {found.number} is signed already by {there.sentence()}.")
    other = found.signed_as(FRONTLINE if wanted.part == OWNER else OWNER)
    if other is not None and same_person(other.person, wanted.person):
        raise QueryWrong(
            f"{wanted.person} has signed baseline {found.number} as {other.part}.",
            hint="The other signature is another person’s.",
        )
    if wanted.part == FRONTLINE and same_person(found.made_by, wanted.person):
        raise QueryWrong(
            f"{wanted.person} froze baseline {found.number}, and so cannot sign it as frontline.",
            hint="Ask somebody who does the work.",
        )


def _check_name(person: str) -> None:
    if not person.strip():
        raise QueryWrong("Whose word it is has to be named.", hint="Give the person's name.")
    if len(person) > LONGEST_NAME:
        raise QueryWrong(f"A name is longer than {LONGEST_NAME} characters.")


def same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's, however they are written.

    Examples
    --------
    >>> same_person("Ana  Lima", "ana lima "), same_person("Ana", "Bo")
    (True, False)
    """
    first, second = (
        " ".join(unicodedata.normalize("NFKC", each).casefold().split()) for each in (one, other)
    )
    return first == second


def _say(session: Session, clock: Clock, actor: Actor, voice: Voice, action: str) -> None:
    row = BaselineVoiceRow(
        baseline=voice.baseline,
        part=voice.part,
        person=" ".join(voice.person.split()),
        signed_in=voice.signed_in,
        why=voice.why.strip(),
    )
    replace(_VOICES, action=action).put(session, clock, actor, row)


def _with_voices(session: Session, found: Baseline) -> Baseline:
    voices = _voices(session, [found.number]).get(found.number, ())
    return replace(found, voices=tuple(voices))


def _voices(session: Session, numbers: Sequence[int]) -> dict[int, list[Voice]]:
    query = select(BaselineVoiceRow).order_by(BaselineVoiceRow.id)
    if len(numbers) == 1:
        query = query.where(BaselineVoiceRow.baseline == numbers[0])
    found: dict[int, list[Voice]] = {}
    for row in session.scalars(query) if numbers else ():
        found.setdefault(row.baseline, []).append(_voice(row))
    return found


def _baseline(row: BaselineRow) -> Baseline:
    return Baseline(
        series=series_of(row),
        first=row.first,
        last=row.last,
        numbers=json.loads(row.numbers),
        data_version=row.data_version,
        definition=row.definition,
        accepted_why=row.accepted_why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


def _voice(row: BaselineVoiceRow) -> Voice:
    return Voice(
        baseline=row.baseline,
        part=row.part,
        person=row.person,
        signed_in=row.signed_in,
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER: Register[BaselineRow, Baseline] = Register(
    *(BaselineRow, _baseline, lambda line: subject_of(line.series), FREEZE, "Baseline {}"),
    unknown="There is no baseline {}.",
    hint="opsgauge baseline list",
)
_VOICES: Register[BaselineVoiceRow, Voice] = Register(
    *(BaselineVoiceRow, _voice, lambda line: f"baseline {line.baseline}", SIGN, "Signature {}"),
    unknown="There is no signature {}.",
)
