"""The audit: one line for each thing done, each chained to the one before by its hash.

Floor 4. A line's hash is the SHA-256 of its canonical text, which holds the hash of the line
before, so a change anywhere breaks the chain from there on. Whoever can write to the database file
could make the whole chain anew: keep `ChainVerdict.last_hash` elsewhere to see even that.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.tables import ONLY_ROW, AuditEnd, AuditRow

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

BEFORE_THE_FIRST = "0" * 64  # what the first line holds in the place of a previous hash
_COLUMNS = tuple(AuditRow.__table__.columns)
_HASHED = tuple(column.name for column in _COLUMNS if column.name != "hash")
_PAGE = 1000


@dataclass(frozen=True)
class AuditLine:
    """One thing that was done, with what it was done to and how that looked before and after."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: Json
    after: Json
    why: str
    previous_hash: str
    hash: str


class Break(StrEnum):
    """What is wrong at the first line that does not hold."""

    ALTERED = "altered"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    CUT_OFF = "cut off"
    ADDED = "added"
    UNREADABLE = "unreadable"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class ChainVerdict:
    """Whether the chain holds; if not, the first line that does not and what is wrong with it.

    `lines` counts the lines that follow from each other, from the first on; `last_hash` is the
    hash of the last of them.
    """

    lines: int
    last_hash: str
    words: str
    broken_line: int | None = None
    fault: Break | None = None

    @property
    def holds(self) -> bool:
        """Say whether every line is as it was written."""
        return self.fault is None


class Told(TypedDict, total=False):
    """What a line may say beside who did what to which thing."""

    before: Json
    after: Json
    why: str


def append(
    database: Database, clock: Clock, actor: Actor, action: str, subject: str, **told: Unpack[Told]
) -> AuditLine:
    """Write one line at the end of the chain; processes that do so at once take turns.

    Parameters
    ----------
    action : such as "import:run", a key of `access.ACTIONS`
    subject : what it was done to, such as a file's name
    before, after : how it looked, as JSON values; None where there was or is nothing
    why : the reason given, if one was

    Raises
    ------
    RecordsDamaged : the chain has no end to go on from
    Fault : another process kept writing for too long
    """
    with database.writing() as session:
        return append_within(session, clock, actor, action, subject, **told)


def append_within(
    session: Session, clock: Clock, actor: Actor, action: str, subject: str, **told: Unpack[Told]
) -> AuditLine:
    """Do as `append`, in the transaction of a change, so that both happen or neither does.

    The session comes from `Database.writing`.
    """
    end = session.get(AuditEnd, ONLY_ROW, with_for_update=True, populate_existing=True)
    if end is None:
        raise RecordsDamaged(
            "The audit has lost the record of its end.", hint="Restore the records from a backup."
        )
    line: dict[str, Any] = {
        "number": end.lines + 1,
        "at": text_of(clock()),
        "actor": _storable(actor.name),
        "action": _storable(action),
        "subject": _storable(subject),
        "before": json_text(told.get("before")),
        "after": json_text(told.get("after")),
        "why": _storable(told.get("why", "")),
        "previous_hash": end.last_hash,
    }
    line["hash"] = hash_of(canonical(line))
    try:
        session.execute(insert(AuditRow).values(line))
        session.execute(
            update(AuditEnd).values(lines=line["number"], last_hash=line["hash"]),
            execution_options={"synchronize_session": False},
        )
    except (IntegrityError, ProgrammingError) as refused:  # SQLite's guards, PostgreSQL's
        raise RecordsDamaged(
            f"The audit refuses line {line['number']}: {refused.orig}.",
            hint="Restore the records from a backup.",
        ) from refused
    return _as_line(line)


def lines(
    database: Database,
    limit: int = 100,
    before_number: int | None = None,
    action: str | None = None,
    subject: str | None = None,
    actor: str | None = None,
) -> list[AuditLine]:
    """Return the newest lines first.

    Parameters
    ----------
    limit : at most so many
    before_number : only lines with a lower number, to read on from an earlier answer
    action, subject, actor : only lines that name exactly these

    Raises
    ------
    RecordsDamaged : a line does not read as it was written
    """
    query = select(*_COLUMNS).order_by(AuditRow.number.desc()).limit(limit)
    if before_number is not None:
        query = query.where(AuditRow.number < before_number)
    named = {"action": action, "subject": subject, "actor": actor}
    query = query.filter_by(**{name: value for name, value in named.items() if value is not None})
    try:
        with database.reading() as session:
            return [_as_line(row._asdict()) for row in session.execute(query)]
    except (DBAPIError, ValueError, TypeError) as damage:
        raise RecordsDamaged(
            f"A line of the audit does not read as it was written: {damage}.",
            hint="Restore the records from a backup.",
        ) from damage


def verify(database: Database, kept_hash: str = "") -> ChainVerdict:
    """Walk the chain from its first line and say whether every line is as it was written.

    Parameters
    ----------
    kept_hash : the `last_hash` of an earlier verdict, kept elsewhere: a chain that does not hold it
        was made anew or cut since
    """
    found_kept = kept_hash in ("", BEFORE_THE_FIRST)
    with database.reading() as session:
        good, last_hash = 0, BEFORE_THE_FIRST
        for row in _stored(session):
            if row is None:
                fault = _Fault(good + 1, Break.UNREADABLE, f"Line {good + 1} cannot be read.")
                return _broken(good, last_hash, fault)
            found = _fault(session, row, good + 1, last_hash)
            if found is not None:
                return _broken(good, last_hash, found)
            good, last_hash = row.number, row.hash
            found_kept = found_kept or last_hash == kept_hash
        found = _fault_at_the_end(session, good, last_hash)
        if found is not None:
            return _broken(good, last_hash, found)
    if not found_kept:
        words = (
            f"The {good} lines follow from each other, but none has the hash {kept_hash[:12]} that "
            "was kept: the chain was made anew, or cut, since."
        )
        return ChainVerdict(good, last_hash, words, None, Break.REWRITTEN)
    return ChainVerdict(good, last_hash, f"All {good} lines are as they were written.")


def canonical(line: Mapping[str, Any]) -> str:
    """Return the text that a line's hash is taken of.

    It is one JSON object of every column but `hash`, keys sorted, no spaces, ASCII only; `before`
    and `after` stand in it as the text that is stored, or null.
    """
    return _compact({name: line[name] for name in _HASHED})


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_text(value: Json) -> str | None:
    """Return a JSON value in its one canonical form; None stays None.

    Examples
    --------
    >>> json_text({"zone": "UTC", "keep_text": False})
    '{"keep_text":false,"zone":"UTC"}'
    """
    return None if value is None else _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _storable(text: str) -> str:
    # Names of files may hold bytes that are no UTF-8, and PostgreSQL takes no NUL.
    return text.encode(errors="replace").decode().replace("\0", "?")


def _as_line(row: Mapping[str, Any]) -> AuditLine:
    read: dict[str, Any] = dict(row)
    read["at"] = moment_of(read["at"])
    for name in ("before", "after"):
        read[name] = None if read[name] is None else json.loads(read[name])
    return AuditLine(**read)


@dataclass(frozen=True)
class _Fault:
    line: int
    kind: Break
    words: str


def _broken(good: int, last_hash: str, fault: _Fault) -> ChainVerdict:
    return ChainVerdict(good, last_hash, fault.words, fault.line, fault.kind)


def _stored(session: Session) -> Iterator[Row[Any] | None]:
    """Yield the lines in order; None in the place of one that the database cannot hand out."""
    query, page = select(*_COLUMNS).order_by(AuditRow.number), _PAGE
    ahead = query
    while True:
        try:
            with session.begin_nested():  # PostgreSQL answers nothing more after a fault without it
                rows = session.execute(ahead.limit(page)).all()
        except DBAPIError:
            if page == 1:
                yield None
                return
            page = 1  # somewhere in this page: go on line by line
            continue
        yield from rows
        if not rows:
            return
        ahead = query.where(AuditRow.number > rows[-1].number)


def _fault(session: Session, row: Row[Any], expected: int, previous: str) -> _Fault | None:
    if row.number == expected and _holds(row) and row.previous_hash == previous:
        return None
    if not isinstance(row.number, int):  # somebody gave the column another type
        return _Fault(expected, Break.ALTERED, f"Line {expected} is numbered {row.number!r}.")
    if row.number < expected:
        return _Fault(row.number, Break.ADDED, f"Line {row.number} was put before the first.")
    found_at = _where_one_follows(session, previous)
    if found_at not in (None, expected):
        words = f"The line that belongs at {expected} stands at {found_at}."
        return _Fault(expected, Break.OUT_OF_ORDER, words)
    if row.number > expected:
        return _Fault(expected, Break.MISSING, f"Line {expected} is missing.")
    words = f"Line {expected} is not as it was written."
    if _holds(row):
        words = f"Line {expected} does not follow from {expected - 1}: one of them was replaced."
    return _Fault(expected, Break.ALTERED, words)


def _where_one_follows(session: Session, previous: str) -> int | None:
    query = select(AuditRow.number).where(AuditRow.previous_hash == previous).limit(1)
    try:
        with session.begin_nested():
            return session.scalar(query)
    except DBAPIError:
        return None


def _holds(row: Row[Any]) -> bool:
    try:
        return bool(row.hash == hash_of(canonical(row._asdict())))
    except (TypeError, ValueError):
        return False  # SQLite lets a column hold what its type does not


def _fault_at_the_end(session: Session, good: int, last_hash: str) -> _Fault | None:
    try:
        with session.begin_nested():
            end = session.get(AuditEnd, ONLY_ROW)
    except DBAPIError:
        end = None
    if end is None:
        words = "The record of the chain's end cannot be read, so lines may be cut off."
        return _Fault(good + 1, Break.UNREADABLE, words)
    if end.lines > good:
        words = f"Lines {good + 1} to {end.lines} are cut off the end."
        return _Fault(good + 1, Break.CUT_OFF, words)
    if end.lines < good:
        words = f"Line {end.lines + 1} stands behind the recorded end."
        return _Fault(end.lines + 1, Break.ADDED, words)
    if end.last_hash != last_hash:
        words = f"Line {good} is not the one recorded as the last."
        return _Fault(good, Break.ALTERED, words)
    return None
