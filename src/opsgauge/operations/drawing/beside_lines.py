"""What other tools recorded of a ticket, each record as one line of words.

Floor 5, drawing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsgauge.operations.drawing.words import at_brief, counted, elapsed, seconds
from opsgauge.operations.ticket_story import Beside

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line: when, what it is, what it says, and whose name is on it."""

    when: datetime | None
    kind: str
    words: str
    who: str


def lines(beside: tuple[Beside, ...], zone: str) -> list[Line]:
    """Return the lines of a ticket's related records, in their order."""
    made = []
    for each in beside:
        kind, words, who = WORDS[each.table](each.record, zone)
        made.append(Line(each.at, kind, words, who))
    return made


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _approval(row: Record, zone: str) -> tuple[str, str, str]:
    step = f"Approval, {row['step'].lower()}" if row["step"] else "Approval"
    if row["decided_at"] is None:
        return step, "asked, not answered yet", row["approver"] or ""
    taken = _between(row["asked_at"], row["decided_at"])
    return step, _joined((row["decision"] or "decided").lower(), taken), row["approver"] or ""


def _between(start: datetime | None, end: datetime | None) -> str:
    if start is None or end is None:
        return ""
    return f"after {elapsed((end - start).total_seconds() * 1_000_000)}"


def _contact(row: Record, zone: str) -> tuple[str, str, str]:
    waited = f"after {seconds(row['wait_seconds'])}" if row["wait_seconds"] is not None else ""
    if row["abandoned"]:
        return row["channel"] or "Contact", f"given up {waited}".strip(), ""
    answered = f"answered {waited}".strip() if row["answered_at"] else "not answered"
    talked = f"{seconds(row['talk_seconds'])} long" if row["talk_seconds"] is not None else ""
    solved = "resolved in it" if row["resolved"] else ""
    tied = "" if row["how"] == "number" else "tied to this ticket by person and time"
    return row["channel"] or "Contact", _joined(answered, talked, solved, tied), row["agent"] or ""


def _survey(row: Record, zone: str) -> tuple[str, str, str]:
    if row["score"] is None:
        return "Survey", "sent, not answered", ""
    best = f" of {row['scale_max']:g}" if row["scale_max"] is not None else ""
    return "Survey", f"answered {row['score']:g}{best}", row["respondent"] or ""


def _change(row: Record, zone: str) -> tuple[str, str, str]:
    window = ""
    if row["planned_start"] and row["planned_end"]:
        ends = (at_brief(row[name], zone) for name in ("planned_start", "planned_end"))
        window = f"window {' to '.join(ends)}"
    risk = f"risk {row['risk'].lower()}" if row["risk"] else ""
    tested = {True: "tested", False: "no test on record", None: ""}[row["tested"]]
    lost = f"{row['outage_minutes']:g} minutes of service lost" if row["outage_minutes"] else ""
    said = _joined(window, risk, tested, (row["outcome"] or "no outcome yet").lower(), lost)
    return row["type"] or "Change", said, ""


def _deployment(row: Record, zone: str) -> tuple[str, str, str]:
    went = {True: "succeeded", False: "failed", None: "not finished"}[row["succeeded"]]
    where = f"to {row['environment']}" if row["environment"] else ""
    what = " ".join(part for part in (row["service"], row["version"], where) if part)
    return "Deployment", _joined(what, went), ""


def _note(row: Record, zone: str) -> tuple[str, str, str]:
    read = "internal" if row["internal"] else ""
    sent = "from the one who asked" if row["from_requester"] else read
    long = counted(row["length"], "character") if row["length"] is not None else ""
    files = counted(row["attachments"], "file") if row["attachments"] else ""
    said = _joined(sent, long, files) or "nothing more is known"
    return row["kind"] or "Note", said, row["author"] or ""


def _use(row: Record, zone: str) -> tuple[str, str, str]:
    return "Article", _joined(row["article_id"], (row["kind"] or "").lower()), ""


WORDS: Mapping[str, Callable[[Record, str], tuple[str, str, str]]] = {
    "approvals": _approval,
    "contacts": _contact,
    "surveys": _survey,
    "notes": _note,
    "changes": _change,
    "deployments": _deployment,
    "article_uses": _use,
}
