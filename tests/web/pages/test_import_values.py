"""What the import pages say of files and imports."""

from typing import Any

import pytest

from opsgauge.operations import sync
from opsgauge.operations.answers import Imported
from opsgauge.operations.drafting import Drafted, Fault
from opsgauge.operations.sync import Inbox, Synced, SyncedFile
from opsgauge.sources.draft.preview import Preview
from opsgauge.web.pages.import_values import STATES, draft_values, inbox_values, size


def preview(**changes: Any) -> Preview:
    """Return what a thousand records give."""
    given: dict[str, Any] = {
        "tried": 1000,
        "known": 0,
        "tickets": 900,
        "updates": 2000,
        "phases": {"new": 900, "pending_user": 3},
        "practices": {"incident": 900},
        "rejected": 0,
        "reasons": (),
        "unmapped": {"original_status": {"Odd": 7}},
        "earliest": None,
        "latest": None,
    }
    return Preview(**(given | changes))


@pytest.mark.parametrize(
    ("seen", "headline"),
    [
        (preview(more=True), "900 tickets from the first 1,000 records of a.csv"),
        (preview(), "900 tickets from the 1,000 records of a.csv"),
        (preview(tried=1, tickets=1), "1 ticket from the one record of a.csv"),
        (preview(tickets=0), "No record of a.csv can be used as it is mapped now"),
        (preview(beside=True, rejected=1), "999 records of a.csv can be used"),
    ],
)
def test_a_draft_says_what_it_gives(seen: Preview, headline: str) -> None:
    """In the page's one sentence."""
    values = draft_values(Drafted("a.csv", "source: x\n", "x", preview=seen), "x")

    assert values["headline"] == headline
    assert values["phases"] == [("new", 900), ("pending user", 3)]
    assert values["unmapped"] == [("original status", "Odd", 7)]


def test_a_fault_is_shown_with_the_line_it_is_in() -> None:
    """Where it is in one."""
    made = Drafted("a.csv", "source: x\nshape: y\n", "x", fault=Fault(2, "no shape", "tickets?"))
    fault = draft_values(made, "x")["fault"]
    assert (fault["line"], fault["text"]) == (2, "shape: y")

    nowhere = Drafted("a.csv", "", "x", fault=Fault(0, "nothing", ""))
    assert draft_values(nowhere, "x")["fault"]["text"] == ""


def test_every_state_of_a_synced_file_has_words() -> None:
    """And a waiting one."""
    assert set(STATES) == {*sync.STATES, ""}


@pytest.mark.parametrize(
    ("files", "headline"),
    [
        ((), "Nothing lies in the inbox"),
        ((SyncedFile("a", "m", "imported"),), "1 of 1 file in the inbox was new"),
        (
            (SyncedFile("a", "m", "known"), SyncedFile("b", "m", "known")),
            "0 of 2 files in the inbox were new",
        ),
    ],
)
def test_a_sync_is_said_in_one_sentence(files: tuple[SyncedFile, ...], headline: str) -> None:
    """How many were new."""
    assert inbox_values(Inbox((), ()), Synced(files), "", 10)["headline"] == headline


def test_a_size_is_said_in_words() -> None:
    """At most one decimal."""
    assert [size(n) for n in (0, 999, 1_000, 1_550_000)] == ["0 B", "999 B", "1 kB", "1.6 MB"]


def test_an_import_keeps_its_counts() -> None:
    """The published form holds what was refused and each file."""
    done = Imported(1, 2, 1, 0, 1, 1, {}, 0.1, reasons={"x": 1}, files=({"file": "a"},))

    assert done.as_json()["reasons"] == {"x": 1}
    assert done.as_json()["files"] == [{"file": "a"}]
