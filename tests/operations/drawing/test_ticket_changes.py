"""What changed on a ticket, in words."""

from opsgauge.operations.drawing.ticket_changes import changes
from tests.operations.drawing.samples import HOSTILE, HOUR, story


def test_each_change_is_said_with_what_it_was_before() -> None:
    """A handover, a pause and a name given."""
    rows = changes(
        story(
            (1, "Desk", "new", "wait"),
            (2, "Group 20", "new", "wait"),
            (3, "Group 20", "pending_user", "hold"),
            (4, "Group 20", "in_progress", "work"),
        )
    )
    assert [row.what.striptags() for row in rows] == [
        "opened with Desk",
        "Desk → Group 20",
        "new → pending user",
        "pending user → in progress; named: Agent 17",
    ]


def test_an_update_that_changed_nothing_joins_the_one_before() -> None:
    """Two hours and three are five, and no time is lost."""
    told = story((2, "Desk", "new", "wait"), (3, "Desk", "new", "wait"), (1, "A", "new", "wait"))
    rows = changes(told)

    assert [row.us for row in rows] == [5 * HOUR, HOUR]
    assert sum(row.us for row in rows) == sum(one.elapsed_us for one in told.intervals)
    assert rows[0].per_mille == 1000


def test_a_reopening_is_called_one() -> None:
    """Resolved, then not resolved any more."""
    rows = changes(story((1, "A", "resolved", "done"), (1, "A", "in_progress", "work")))
    assert rows[1].what.striptags().startswith("reopened; resolved → in progress")


def test_a_ticket_without_history_has_no_changes() -> None:
    """An empty table says so itself."""
    assert changes(story()) == ()


def test_hostile_words_stay_words() -> None:
    """Teams and states come from the records."""
    rows = changes(story((1, "A", "new", "wait"), (1, HOSTILE, HOSTILE, "wait")))
    assert "<script" not in "".join(row.what for row in rows)
    assert HOSTILE in rows[1].what.unescape()
