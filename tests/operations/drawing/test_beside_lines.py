"""Related records as lines of words."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from opsgauge.log.related import RELATED, TO_TICKETS
from opsgauge.operations.drawing.beside_lines import WORDS, lines
from opsgauge.operations.ticket_story import Beside

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)


def record(**known: Any) -> dict[str, Any]:
    """Return a record of which only this is known."""
    return defaultdict(lambda: None, known)


@pytest.mark.parametrize(
    ("table", "known", "words"),
    [
        ("contacts", {"abandoned": True, "wait_seconds": 95.0}, "given up after 2 min"),
        ("contacts", {"how": "person"}, "not answered, tied to this ticket by person and time"),
        ("deployments", {"service": "Portal", "succeeded": False}, "Portal, failed"),
        ("article_uses", {"article_id": "KB1", "kind": "Attached"}, "KB1, attached"),
        ("approvals", {}, "asked, not answered yet"),
        ("surveys", {"score": 3.0}, "answered 3"),
        ("changes", {}, "no outcome yet"),
        ("notes", {"internal": True, "length": 1}, "internal, 1 character"),
        ("notes", {"from_requester": True, "attachments": 2}, "from the one who asked, 2 files"),
        ("notes", {"internal": False, "attachments": 0}, "nothing more is known"),
    ],
)
def test_what_is_not_known_is_left_out(table: str, known: dict[str, Any], words: str) -> None:
    """A line says what it can; nothing is made up."""
    [line] = lines((Beside(table, record(**known), AT),), "UTC")
    assert line.words == words
    assert line.when == AT


def test_every_table_that_names_tickets_has_words() -> None:
    """A new one cannot be forgotten."""
    tied = {table.name for table in RELATED if any(map(table.column, TO_TICKETS))}
    assert tied == set(WORDS)
