"""Drafts a mapping: decides what the columns are, and writes it down with the reasons.

Floor 3. Start here; `decided.py` holds the order of the decisions, `writing.py` the YAML.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from opsgauge.foundation.units import whole
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.sources.connector import Opened
from opsgauge.sources.draft import lines
from opsgauge.sources.draft.changed import machines
from opsgauge.sources.draft.columns import Sheet
from opsgauge.sources.draft.decided import Decided, decided
from opsgauge.sources.draft.encodings import UTF_8
from opsgauge.sources.draft.encodings import Written as Encoded
from opsgauge.sources.draft.ends import end_asks, end_lines
from opsgauge.sources.draft.kinds import Seen
from opsgauge.sources.draft.names import folded
from opsgauge.sources.draft.outline import Line, Outline
from opsgauge.sources.draft.phases import changed_words, ends_of, phase_lines
from opsgauge.sources.draft.times import Written
from opsgauge.sources.draft.times import written as written_times
from opsgauge.sources.draft.writing import shown, written

LONGEST_SOURCE = 40
MOST_UNNAMED = 20
SUFFIXES = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{1,6})+$")
HOW_TO_READ = (
    "Every line says why it is there. What is in doubt is switched off: take its '# ' away to "
    "switch it on. Words in CAPITALS are for you to decide."
)


@dataclass(frozen=True)
class Draft:
    """A drafted mapping: its text, what the text means, and what a person should look at first."""

    text: str
    mapping: Mapping
    asks: tuple[str, ...]


def draft(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    file: str,
    encoding: Encoded = UTF_8,
) -> Draft:
    """Draft the mapping of an export.

    Parameters
    ----------
    connection : where the export was opened
    file : its name, from which the source's name is made
    encoding : in which it was opened, where that had to be guessed

    Raises
    ------
    MappingWrong : no column can be the ticket's number, or none holds moments
    FileUnreadable : it holds no records, or they cannot be read
    """
    outline = _outline(decided(Sheet(connection, opened, file)), file, encoding)
    text = written(outline)
    return Draft(text, parse_mapping(text, f"the draft for {file}"), outline.asks)


def source_name(file: str) -> str:
    """Return a name for the source of a file.

    Examples
    --------
    >>> source_name("Zendesk Export 2026-01.csv.gz"), source_name("2026.csv"), source_name("表.csv")
    ('zendesk_export', 'export', 'export')
    """
    bare = folded(SUFFIXES.sub("", file)).encode("ascii", "ignore").decode()
    parts = [part for part in bare.split() if not any(c.isdigit() for c in part)]
    return "_".join(parts)[:LONGEST_SOURCE].strip("_") or "export"


def _outline(of: Decided, file: str, encoding: Encoded) -> Outline:
    written_in = [Line("encoding", encoding.name, encoding.why)] if encoding.name else []
    times = written_times(of.sheet, _moments(of))
    practice, types = lines.practice_lines(of)
    one = [] if practice else [lines.one_practice(of, file)]
    phases = _phases(of)
    ends = end_lines(of, phases)
    return Outline(
        head=(f"Drafted from {shown(file)}: {_size(of)}.", HOW_TO_READ),
        top=(
            Line("source", source_name(file), "from the file's name; it stays the same"),
            *written_in,
            Line("shape", of.found.shape, of.found.why),
            Line("ticket_id", of.found.ticket_id.name, _why_number(of)),
            *one,
        ),
        practice=practice,
        types=types,
        times=_time_lines(times),
        plain=_plain(of),
        changes=_change_lines(of),
        names=_name_lines(of),
        fields=tuple(lines.field_lines(of)),
        phases=tuple(phases),
        ends=tuple(ends),
        links=tuple(lines.link_lines(of)),
        attributes=tuple(lines.split_lines(of)),
        kept_out=tuple(lines.kept_out_lines(of)),
        loose=tuple(shown(each.name) for each in of.loose),
        asks=(
            *(f"encoding: {line.why.removeprefix('CHECK THIS: ')}" for line in written_in),
            *_time_asks(times),
            *_practice_asks(practice or one),
            *_asks(of, phases, types),
            *end_asks(ends),
        ),
    )


def _moments(of: Decided) -> list[Seen]:
    """Return the columns of moments that are read, and those that are proposed."""
    pairs = [*of.filled.filled.values(), *of.filled.proposed]
    return [pair.seen for pair in pairs if pair.seen.moments is not None]


def _size(of: Decided) -> str:
    rows = f"{whole(of.sheet.rows)} records"
    looked = rows if of.sheet.whole else f"the first {rows} looked at closely"
    return f"{looked}, {len(of.sheet.columns)} columns"


def _why_number(of: Decided) -> str:
    ticket = of.found.ticket_id
    example = shown(next(iter(ticket.words)))
    counting = {each.name for each in of.order}  # they number updates
    others = ", ".join(shown(name) for name in of.found.others if name not in counting)
    why = f"such as {example}" + (f"; or {others}" if others else "")
    return f"CHECK THIS: {why}; {of.found.doubt}" if of.found.doubt else why


def _time_lines(times: Written) -> tuple[Line, ...]:
    made = []
    if times.zone:
        why = times.zone_why or (
            "CHECK THIS: the moments carry no zone. Name the one the tool's clock shows, such as "
            "Europe/Amsterdam; a wrong one moves every moment by hours"
        )
        made.append(Line("zone", times.zone, why))
    why = f"CHECK THIS: {times.why}" if times.doubt else times.why
    made.append(Line("formats", times.formats, why))
    return tuple(made)


def _time_asks(times: Written) -> list[str]:
    asks = []
    if times.zone and not times.zone_why:
        asks.append("zone: the moments carry none; name the zone that the tool's clock shows")
    if times.doubt:
        asks.append(f"formats: {times.why}")
    return asks


def _plain(of: Decided) -> tuple[Line, ...]:
    missing = lines.missing_words(of)
    made = []
    if missing:
        made.append(Line("missing", tuple(missing), "words that say that nothing is written there"))
    if of.order:
        names = tuple(each.name for each in of.order)
        made.append(
            Line("order", names, "another number in each row of a ticket, rising with time")
        )
    return tuple(made)


def _change_lines(of: Decided) -> tuple[Line, ...]:
    told = of.found.changes
    if told is None:
        return ()
    old = [Line("old", told.old.name)] if told.old else []
    return (Line("field", told.field.name), *old, Line("new", told.new.name))


def _name_lines(of: Decided) -> tuple[Line, ...]:
    known = [Line(theirs, ours, "by its name") for theirs, ours in of.names.items()]
    left = [_unnamed_line(of, *each) for each in list(of.unnamed.items())[:MOST_UNNAMED]]
    return (*known, *left)


def _unnamed_line(of: Decided, theirs: str, times: int) -> Line:
    """Return the line of a field that nothing explains; switched off, its values stay hidden."""
    changed = f"changed {whole(times)} times"
    if theirs not in of.changed.people:
        return Line(theirs, "category", f"{changed}; WHICH FIELD IS THIS, if any?", off=True)
    why = f"{changed}, NAMES PEOPLE: who works on the ticket, who asked, or neither?"
    return Line(theirs, "assignee", why, off=True)


def _phases(of: Decided) -> list[Line]:
    missing = frozenset(lines.missing_words(of))
    if of.found.changes is not None:
        return phase_lines(changed_words(of.sheet, of.found.changes, of.names), {}, missing)
    status = of.filled.column("original_status")
    if status is None:
        return []
    ends = ends_of(of.sheet, status, of.filled, of.found, of.order)
    return phase_lines(of.sheet.words_everywhere(status.column), ends, missing)


def _practice_asks(practice: Sequence[Line]) -> list[str]:
    """Return what is to be asked about the practice of rows that say none, or of all."""
    told = {
        "blank": "practice: rows that say nothing are taken as {}",
        "practice": "practice: no column says it, so every ticket is taken as {}",
    }
    return [
        told[line.key].format(shown(str(line.value)))
        for line in practice
        if line.key in told and "CHECK THIS" in line.why
    ]


def _asks(of: Decided, phases: list[Line], types: Sequence[Line]) -> list[str]:
    asks = []
    for name, part in (("practice", types), ("phases", phases)):
        unknown = [shown(line.key) for line in part if line.off]
        if unknown:
            asks.append(f"{name}: say what these mean: {', '.join(unknown)}")
    asks += _people_asks(of)
    if not phases:
        asks.append("phases: no column was found that says in which state a ticket is")
    days = [
        name
        for name in ("opened_at", "resolved_at", "closed_at")
        if (seen := of.filled.column(name)) and lines.has_no_clock(seen)
    ]
    if days:
        asks.append(f"{', '.join(days)}: days without a clock, so durations are off by up to a day")
    opened = of.filled.filled.get("opened_at")
    if opened is not None and not opened.by_name:
        asks.append(f"opened_at: no column is named for it; {shown(opened.seen.name)} was taken")
    return asks


def _people_asks(of: Decided) -> list[str]:
    """Return what is to be asked about changed fields without a name, and who is who."""
    asks = []
    people = [shown(theirs) for theirs in of.unnamed if theirs in of.changed.people]
    if people:
        asks.append(
            f"changes: {', '.join(people)} name people; say whether one is the assignee or the "
            "requester, else leave them off: nobody's name is kept"
        )
    others = [shown(theirs) for theirs in of.unnamed if theirs not in of.changed.people]
    if others:
        asks.append(
            f"changes: say which fields these are, or leave them off: "
            f"{', '.join(others[:MOST_UNNAMED])}"
        )
    assignee = of.filled.filled.get("assignee")
    if assignee is not None and machines(assignee.seen):
        asks.append(
            f"assignee: {shown(assignee.seen.name)} also names what reads like machines; if it is "
            "who made each change, it is the actor"
        )
    return asks
