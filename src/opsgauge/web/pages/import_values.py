"""What the templates of the import pages ask for, from what the operations answer.

Floor 6.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from opsgauge.foundation.units import whole
from opsgauge.operations.answers import Imported
from opsgauge.operations.drafting import Drafted
from opsgauge.operations.drawing.words import Said, plain
from opsgauge.operations.sync import (
    AMBIGUOUS,
    FAILED,
    IMPORTED,
    KNOWN,
    LEFT,
    UNKNOWN,
    Inbox,
    Synced,
    SyncedFile,
)
from opsgauge.sources.draft.preview import Preview
from opsgauge.web.pages.frame import Values, View, link

STATES = {
    IMPORTED: Said("improve", "Imported"),
    KNOWN: Said("steady", "Known already"),
    LEFT: Said("held", "Left for now"),
    UNKNOWN: Said("concern", "No mapping"),
    AMBIGUOUS: Said("concern", "Several mappings"),
    FAILED: Said("concern", "Not imported"),
    "": Said("steady", "Waits"),
}
MOST_WORDS = 20
WHY = "An export becomes a mapping that you can read, try and mend before anything is kept."


def inbox_values(found: Inbox, synced: Synced | None, fault: str, limit: int) -> Values:
    """Return what `import.html` asks for, but the frame."""
    became = {each.file: each for each in synced.files} if synced else {}
    rows = [_row(became.get(each.name, of), each.size, each.changed) for each, of in found.files]
    return {
        "headline": _inbox_headline(found, synced, fault),
        "why": fault or ("" if synced else WHY),
        "crumbs": [],
        "fault": bool(fault),
        "files": rows,
        "synced": synced is not None,
        "faults": list(synced.faults) if synced else [],
        "limit": size(limit),
        "limit_bytes": limit,
    }


def _inbox_headline(found: Inbox, synced: Synced | None, fault: str) -> str:
    if fault:
        return "That could not be imported"
    if synced is None:
        return "Bring in an export"
    new = sum(each.state == IMPORTED for each in synced.files)
    if not synced.files:
        return "Nothing lies in the inbox"
    files = "file" if len(synced.files) == 1 else "files"
    return f"{new} of {len(synced.files)} {files} in the inbox {'was' if new == 1 else 'were'} new"


def _row(of: SyncedFile, bytes_: int, changed: int) -> Values:
    return {
        "name": of.file,
        "size": size(bytes_),
        "changed": datetime.fromtimestamp(changed / 1e9, UTC),
        "mapping": of.mapping,
        "said": STATES[of.state],
        "message": of.message,
        "read": of.read,
        "accepted": of.accepted,
        "known": of.duplicate,
        "rejected": of.rejected,
        "version": of.data_version,
    }


def size(bytes_: int) -> str:
    """Return a file's size in words.

    Examples
    --------
    >>> size(900), size(2_400_000), size(2_000_000_000)
    ('900 B', '2.4 MB', '2 GB')
    """
    for unit, worth in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if bytes_ >= worth:
            return f"{bytes_ / worth:.1f}".removesuffix(".0") + f" {unit}"
    return f"{bytes_} B"


def draft_values(made: Drafted, name: str) -> Values:
    """Return what `import_mapping.html` asks for of a mapping and what it gives."""
    seen = made.preview
    lines = made.text.splitlines()
    fault = None
    if made.fault is not None:
        line = made.fault.line
        fault = {
            "line": line,
            "text": lines[line - 1].strip() if 0 < line <= len(lines) else "",
            "message": made.fault.message,
            "hint": made.fault.hint,
        }
    return {
        "headline": _draft_headline(made.file, seen),
        "why": "Nothing is imported yet. Read the mapping through, try it, then keep it.",
        "file": made.file,
        "text": made.text,
        "name": name,
        "asks": list(made.asks),
        "fault": fault,
        "facts": _facts(seen) if seen else [],
        "phases": [(plain(phase), n) for phase, n in seen.phases.items()] if seen else [],
        "practices": [(plain(kind), n) for kind, n in seen.practices.items()] if seen else [],
        "tickets": seen.tickets if seen else 0,
        "reasons": list(seen.reasons) if seen else [],
        "unmapped": _unmapped(seen.unmapped) if seen else [],
    }


def _draft_headline(file: str, seen: Preview | None) -> str:
    if seen is None:
        return f"The mapping for {file} has a fault"
    if seen.beside:
        return f"{whole(seen.tried - seen.rejected)} records of {file} can be used"
    if not seen.tickets:
        return f"No record of {file} can be used as it is mapped now"
    tickets = "ticket" if seen.tickets == 1 else "tickets"
    first = "the first" if seen.more else "the"
    records = "one record" if seen.tried == 1 else f"{whole(seen.tried)} records"
    return f"{whole(seen.tickets)} {tickets} from {first} {records} of {file}"


def _facts(seen: Preview) -> list[tuple[str, str]]:
    words = sum(sum(counts.values()) for counts in seen.unmapped.values())
    span = "none"
    if seen.earliest and seen.latest:
        span = f"{seen.earliest:%Y-%m-%d} to {seen.latest:%Y-%m-%d}"
    return [
        ("Records tried", whole(seen.tried)),
        ("Tickets", whole(seen.tickets)),
        ("Updates", whole(seen.updates)),
        ("Refused", whole(seen.rejected)),
        ("Unknown words", whole(words)),
        ("From, to", span),
    ]


def _unmapped(unmapped: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    return [
        (plain(field), word, count)
        for field, words in unmapped.items()
        for word, count in list(words.items())[:MOST_WORDS]
    ]


def imported_values(seen: View, file: str, done: Imported, name: str) -> Values:
    """Return what `imported.html` asks for, but the frame."""
    to = seen.address.to
    return {
        "headline": _imported_headline(file, done),
        "why": " ".join(done.notes)
        or f"The mapping {name} is kept: the next export of this kind needs no more than an "
        "upload, or a place in the inbox.",
        "crumbs": [link("Import", to("/import")), link(file, "")],
        "facts": [
            ("Read", whole(done.read)),
            ("Accepted", whole(done.accepted)),
            ("Known before", whole(done.duplicate)),
            ("Refused", whole(done.rejected)),
            ("Tickets touched", whole(done.tickets_touched)),
            ("Took", f"{done.seconds:.1f} s"),
        ],
        "reasons": list(done.reasons.items()),
        "unmapped": _unmapped(done.unmapped),
        "rejected_href": str(to("/checks")) + "#rejected_records",
        "words_href": str(to("/checks")) + "#unmapped_words",
        "links": [
            link("See what matters now", to("/")),
            link("See what the checks found", to("/checks")),
            link("Import another file", to("/import")),
        ],
    }


def _imported_headline(file: str, done: Imported) -> str:
    if not done.accepted:
        return f"{file} held nothing new"
    records = "record" if done.accepted == 1 else "records"
    return f"{whole(done.accepted)} {records} of {file} are data version {done.data_version} now"
