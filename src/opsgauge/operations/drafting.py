"""Drafting a mapping for an export, and trying one on it; nothing is kept.

Floor 5. Works without a workspace: whoever can read the file may ask what is in it.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from opsgauge.foundation.errors import MappingWrong
from opsgauge.foundation.units import duration
from opsgauge.log.changed_fields import told_of_unnamed
from opsgauge.log.mapping import parse_mapping
from opsgauge.operations.answers import iso
from opsgauge.operations.context import Context
from opsgauge.sources.draft.drafting import draft, source_name
from opsgauge.sources.draft.encodings import opened_in
from opsgauge.sources.draft.preview import Preview, preview
from opsgauge.sources.registry import find_reader
from opsgauge.warehouse.engine import connect

ACTION = "import:run"
MEMORY = "1GB"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a mapping, in which line of its text (0: in none alone), what to do."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True)
class Drafted:
    """A mapping's text beside what it makes of an export's first records.

    Attributes
    ----------
    file : the export's name
    text : the mapping as written
    name : a name for the mapping, made from the file's
    asks : what a person should look at first
    preview : what the first records become; None where the mapping has a fault
    """

    file: str
    text: str
    name: str = ""
    asks: tuple[str, ...] = ()
    preview: Preview | None = None
    fault: Fault | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "file": self.file,
            "name": self.name,
            "mapping": self.text,
            "asks": list(self.asks),
            "preview": _published(self.preview) if self.preview else None,
            "fault": vars(self.fault) if self.fault else None,
        }


def _published(seen: Preview) -> dict[str, Any]:
    return {
        **vars(seen),
        "reasons": [vars(reason) for reason in seen.reasons],
        "earliest": iso(seen.earliest),
        "latest": iso(seen.latest),
    }


def draft_file(file: Path, name: str = "") -> Drafted:
    """Draft the mapping of an export, and try the draft on its first records.

    Parameters
    ----------
    name : what to call the file, where it lies under another name

    Raises
    ------
    FileUnreadable : it cannot be read, or holds no records
    MappingWrong : no column can be the ticket's number, or none holds moments
    """
    called = name or file.name
    with _database() as (database, work):
        opened, encoding = opened_in(database, file, work)
        made = draft(database, opened, called, encoding)
        seen = preview(database, opened, made.mapping, called, work)
    return Drafted(called, made.text, source_name(called), made.asks, seen)


def try_mapping(file: Path, text: str, where: str, name: str = "") -> Drafted:
    """Try a mapping on an export's first records; its faults are told, not raised.

    Parameters
    ----------
    where : what to call the mapping in its faults

    Raises
    ------
    FileUnreadable : the export cannot be read
    """
    called = name or file.name
    try:
        mapping = parse_mapping(text, where)
        with _database() as (database, work):
            reader, ready = find_reader(file, work, mapping.encoding)
            opened = reader.open(database, ready, work)
            seen = preview(database, opened, mapping, called, work)
    except MappingWrong as wrong:
        fault = _fault(wrong, text, where)
        return Drafted(called, text, source_name(called), fault=fault)
    return Drafted(called, text, source_name(called), preview=seen)


def drafted(ctx: Context, file: Path, name: str) -> Drafted:
    """Draft the mapping of a file that was given to a workspace; needs `import:run`."""
    ctx.require(ACTION)
    return draft_file(file, name)


def tried(ctx: Context, file: Path, text: str, name: str) -> Drafted:
    """Try a mapping on a file that was given to a workspace; needs `import:run`."""
    ctx.require(ACTION)
    return try_mapping(file, text, "the mapping", name)


@contextmanager
def _database() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    with tempfile.TemporaryDirectory(prefix="opsgauge-draft-") as folder:
        work = Path(folder)
        database = connect(MEMORY, spill_to=work / "spill")
        try:
            yield database, work
        finally:
            database.close()


def _fault(wrong: MappingWrong, text: str, where: str) -> Fault:
    """Return a fault with its line: the one named, else the first with the word at fault."""
    told = re.match(rf"{re.escape(where)}, line (\d+),? ?(: )?", wrong.message)
    if told:
        return Fault(int(told[1]), wrong.message[told.end() :], wrong.hint)
    for word in re.findall(r"'([^']+)'", wrong.message):
        for number, line in enumerate(text.splitlines(), start=1):
            if word in line.partition("  # ")[0] and not line.lstrip().startswith("#"):
                return Fault(number, wrong.message, wrong.hint)
    return Fault(0, wrong.message, wrong.hint)


def to_check(made: Drafted) -> list[str]:
    """Return what a person should look at, each as a sentence."""
    return [f"To check: {ask}" + ("" if ask.endswith("?") else ".") for ask in made.asks]


def told(made: Drafted) -> list[str]:
    """Return what came of the first records as sentences, the most important first."""
    if made.fault is not None:
        return [f"{made.fault.message} {made.fault.hint}".strip()]
    seen = made.preview
    assert seen is not None  # noqa: S101 - without a fault there is one
    span = (
        f", from {seen.earliest:%Y-%m-%d %H:%M} to {seen.latest:%Y-%m-%d %H:%M} UTC"
        if seen.earliest and seen.latest
        else ""
    )
    first = "records, the first of the file," if seen.more else "records"
    found = f"{seen.tickets:,} tickets with {seen.updates:,} updates{span}"
    if seen.beside:
        lines = [f"{seen.tried - seen.rejected:,} of {seen.tried:,} {first} can be used."]
        return [*lines, *_refused(seen)]
    lines = [f"{seen.tried:,} {first} give {found}."]
    if len(seen.practices) > 1:
        lines.append(f"Tickets by practice: {_counts(seen.practices)}.")
    reached = _counts(seen.phases) if seen.phases else "none, so no time in a phase can be measured"
    lines.append(f"Tickets that were in a phase: {reached}.")
    if seen.filled:
        lines.append(f"Tickets that have a field: {_counts(seen.filled)}.")
    lines.append(_first_numbers(seen))
    return [*lines, *_doubts(seen), *_refused(seen)]


def _doubts(seen: Preview) -> list[str]:
    """Return what in the numbers may be otherwise than a person means it."""
    lines = []
    if seen.more:
        lines.append("The rest of the file was not read, so what follows in it is not counted.")
    if seen.closed_unresolved:
        lines.append(_closed_at_once(seen.closed_unresolved))
    if seen.blanked:
        lines.append(
            f"Blank in the last row, though written before: {_counts(seen.blanked)} tickets. Where "
            "a blank means that nothing changed, name the field under  carry: [...]"
        )
    if seen.alone:
        lines.append(
            "No ticket has a second update: is ticket_id the ticket's number, or the record's?"
        )
    return lines


def _first_numbers(seen: Preview) -> str:
    reopened = "reopenings not known" if seen.reopened is None else f"reopened {seen.reopened:,}"
    taken = (
        "none resolved"
        if seen.resolve_hours is None
        else f"half of the resolved took up to {duration(seen.resolve_hours)}"
    )
    return f"Of these open {seen.open:,}; {reopened}; {taken}."


def _closed_at_once(many: int) -> str:
    one = "1 ticket is closed and was never resolved; it counts"
    more = f"{many:,} tickets are closed and were never resolved; they count"
    told = one if many == 1 else more
    return f"{told} as not resolved. If closing resolves a ticket, add  closing_resolves: yes"


def _refused(seen: Preview) -> list[str]:
    lines = []
    for reason in seen.reasons:
        example = f", such as {reason.example!r}" if reason.example else ""
        column = f"{reason.column}: " if reason.column else ""
        lines.append(f"Refused: {column}{reason.reason}, {reason.count:,} times{example}.")
    for field, words in seen.unmapped.items():
        shown = ", ".join(f"{word!r} {count:,} times" for word, count in words.items())
        lines.append(f"No mapping for {field}: {shown}.")
    if seen.people:
        shown = ", ".join(map(repr, seen.people))
        lines.append(
            f"Kept in clear, though it names people: {shown}. Name it as a person, or leave it out."
        )
    return [*lines, *told_of_unnamed(seen.unnamed)]


def _counts(counts: Any) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
