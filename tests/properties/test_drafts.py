"""Whatever an export looks like, its draft parses, or one of our own errors says why not."""

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.log.mapping import parse_mapping
from opsgauge.sources.draft.drafting import Draft, draft
from opsgauge.sources.draft.preview import preview
from opsgauge.sources.registry import find_reader
from tests.lent import lent

TELLING = [
    "id",
    "number",
    "Ticket ID",
    "created_at",
    "Updated",
    "closed on",
    "Status",
    "State",
    "Type",
    "group",
    "Assigned to",
    "Requester",
    "field",
    "old",
    "new",
    "from",
    "to",
    "SLA met",
    "Reopen count",
    "parent",
    "problem",
    "Datum",
    "Uhrzeit",
    "Priorität",
    "e-mail",
    "note",
    "sys_mod_count",
    "Description",
    "channel",
    "category",
    "Activity",
    "?",
    "#",
    "a: b",
    "- c",
    "{d}",
    "[e]",
    "'f'",
    '"g"',
    "%h",
    "@i",
    "&j",
    "*k",
    "!l",
]
VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "New",
            "Closed",
            "Waiting for customer",
            "Nobody knows",
            "yes",
            "no",
            "SLA Violated",
            "-",
            "n/a",
            "1",
            "17",
            "2026-01-31 08:00",
            "2026-01-31T08:00:00Z",
            "31/01/2026",
            "01/02/2026 8:00 AM",
            "08:30",
            "1767600000",
            "status",
            "assignee",
            "Incident",
            "INC0012",
            "Anna Smith",
            "a@example.org",
            "a: b # c",
            "{x: [y]}",
            "*z",
            "'",
            '"',
            "%d",
            "the printer on the third floor has been burning since noon today",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
NAMES = st.one_of(
    st.sampled_from(TELLING),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)


@st.composite
def exports(draw: st.DrawFn) -> str:
    """Draw a table: any names, any values."""
    names = draw(
        st.lists(NAMES, min_size=1, max_size=9, unique_by=lambda name: name.strip().lower())
    )
    rows = draw(st.lists(st.tuples(*(VALUES for _ in names)), min_size=1, max_size=12))
    return written(names, rows)


@st.composite
def exports_of_tickets(draw: st.DrawFn, most: int = 7) -> str:
    """Draw a table that has a number and a moment among any other columns, so many at most."""
    names = draw(
        st.lists(NAMES, max_size=most, unique_by=lambda name: name.strip().lower()).filter(
            lambda names: not {n.strip().lower() for n in names} & {"ticket number", "opened at"}
        )
    )
    count = draw(st.integers(1, 12))
    rows = [
        (f"T-{n:04}", f"2026-02-{n + 1:02} 08:00", *draw(st.tuples(*(VALUES for _ in names))))
        for n in range(count)
    ]
    return written(["Ticket number", "Opened at", *names], rows)


def written(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Return a table as CSV, everything quoted."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([names, *rows])
    return text.getvalue()


def drafted(text: str, and_tried: bool = False) -> Draft:
    """Draft a mapping for an export, and perhaps try it."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        file = work / "export.csv"
        file.write_text(text, encoding="utf-8", newline="")
        with lent() as database:
            reader, ready = find_reader(file, work)
            opened = reader.open(database, ready, work)
            made = draft(database, opened, file.name)
            if and_tried:
                preview(database, opened, made.mapping, file.name, work)
    return made


def switched_on(text: str) -> list[str]:
    """Return the draft with each line that is off switched on, one at a time."""
    lines = text.splitlines()
    made = []
    for n, line in enumerate(lines):
        is_line = line.startswith(("  # ", "    # ")) and ": " in line
        sentence = (
            not line.lstrip("# ").startswith(('"', "- {"))
            and " " in line.lstrip("# ").split(":")[0]
        )
        head = next((h for h in range(n, -1, -1) if not lines[h].startswith(" ")), 0)
        if not is_line or sentence or lines[head] == "times:":  # which has no line that is off
            continue
        on = lines.copy()
        on[n] = line.replace("# ", "", 1)
        if lines[head].startswith("# ") and lines[head].partition("  # ")[0].rstrip().endswith(":"):
            on[head] = lines[head].replace("# ", "", 1)
        made.append("\n".join(on))
    return made


@pytest.mark.row("ING-01")
@given(exports_of_tickets())
def test_an_export_with_a_number_and_a_moment_has_a_draft_that_parses(text: str) -> None:
    """As it stands, and with any one line switched on."""
    made = drafted(text)

    assert parse_mapping(made.text, "draft") == made.mapping
    for other in switched_on(made.text):
        parse_mapping(other, "switched on")


@pytest.mark.row("ING-01")
@given(exports())
def test_a_draft_raises_nothing_but_our_own(text: str) -> None:
    """A file that holds no tickets is told so."""
    with suppress(OpsgaugeError):
        made = drafted(text)
        assert parse_mapping(made.text, "draft") == made.mapping


@pytest.mark.row("ING-01")
@settings(max_examples=20)
@given(exports_of_tickets(most=21))
def test_a_draft_can_be_tried_on_its_own_export(text: str) -> None:
    """Whatever it gives, it gives it without an error.

    A trial takes long whatever is in it, so there are fewer, each of more columns.
    """
    drafted(text, and_tried=True)
