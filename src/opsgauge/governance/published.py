"""Numbers that were published: kept under a short ref, each with a line in the audit.

Floor 4. The audit's line holds the hash of what is kept, so that a row changed afterwards is found.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import RecordsDamaged, UnknownName
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import Json, append_within, hash_of, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import PublishedRow
from opsgauge.governance.tables import AuditRow

ACTION = "published:make"
PREFIX = "N-"


@dataclass(frozen=True)
class Kept:
    """What is kept of a published number.

    Attributes
    ----------
    place : where it was published, such as "cli"
    question, answer, definition : JSON objects
    code : of the program that computed it
    """

    place: str
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    data_version: int
    definition: Mapping[str, Any]
    code: str


@dataclass(frozen=True)
class PublishedNumber:
    """A published number: its ref, when, by whom, and what is kept of it."""

    ref: str
    at: datetime
    actor: str
    kept: Kept


def keep(database: Database, clock: Clock, actor: Actor, kept: Kept) -> PublishedNumber:
    """Keep a number under the next ref, with a line in the audit; both or neither."""
    with database.writing() as session:
        count = session.scalar(select(func.count()).select_from(PublishedRow)) or 0
        ref = f"{PREFIX}{count + 1}"
        row = PublishedRow(
            ref=ref,
            place=kept.place,
            question=json_text(dict(kept.question)),
            answer=json_text(dict(kept.answer)),
            data_version=kept.data_version,
            definition=json_text(dict(kept.definition)),
            code=kept.code,
        )
        told: dict[str, Json] = {
            "question": dict(kept.question),
            "data_version": kept.data_version,
            "sha256": _fingerprint(row),
        }
        line = append_within(session, clock, actor, ACTION, _subject(ref), after=told)
        row.at, row.actor = line.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), line.actor
        session.add(row)
        return PublishedNumber(ref, line.at, line.actor, kept)


def get(database: Database, ref: str) -> PublishedNumber:
    """Return a published number.

    Raises
    ------
    UnknownName : nothing was published under that ref
    RecordsDamaged : what is kept is not what was published
    """
    with database.reading() as session:
        row = session.get(PublishedRow, ref)
        if row is None:
            raise UnknownName(
                f"No number was published as {ref!r}.", hint="opsgauge published lists them."
            )
        _must_be_as_published(session, row)
        return _read(row)


def newest(database: Database, limit: int, metric: str = "") -> list[PublishedNumber]:
    """Return the newest published numbers first, of one metric where one is named."""
    query = select(PublishedRow).order_by(PublishedRow.at.desc(), PublishedRow.ref).limit(limit)
    if metric:
        said = json_text({"metric": metric}) or ""  # as the question says it, among other words
        query = query.where(PublishedRow.question.contains(said[1:-1], autoescape=True))
    with database.reading() as session:
        return [_read(row) for row in session.scalars(query)]


def _must_be_as_published(session: Session, row: PublishedRow) -> None:
    query = select(AuditRow.after).where(
        AuditRow.subject == _subject(row.ref), AuditRow.action == ACTION
    )
    told = [json.loads(after or "{}") for after in session.scalars(query)]
    if [each.get("sha256") for each in told] != [_fingerprint(row)]:
        raise RecordsDamaged(
            f"What is kept of {row.ref} is not what the audit says was published.",
            hint="See opsgauge verify, and restore the records from a backup.",
        )


def _subject(ref: str) -> str:
    return f"published {ref}"


def _fingerprint(row: PublishedRow) -> str:
    parts = (row.ref, row.place, row.question, row.answer, row.definition, row.code)
    return hash_of(json_text([*parts, row.data_version]) or "")


def _read(row: PublishedRow) -> PublishedNumber:
    kept = Kept(
        place=row.place,
        question=json.loads(row.question),
        answer=json.loads(row.answer),
        data_version=row.data_version,
        definition=json.loads(row.definition),
        code=row.code,
    )
    return PublishedNumber(row.ref, datetime.fromisoformat(row.at), row.actor, kept)
