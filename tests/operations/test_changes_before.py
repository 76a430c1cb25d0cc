"""Changes before an incident: which, how they are tied, and how many incidents are usual there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, UnknownTicket
from opsgauge.operations.changes_before import changes_before, how_words, usual_words
from opsgauge.operations.context import Context
from tests.conftest import Intake, seeing
from tests.operations.changed_desk import make_changed_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import the desk with its changes."""
    made = make_changed_desk(tmp_path_factory.mktemp("changed"))
    yield made
    made.close()


@pytest.mark.row("ING-07")
def test_the_changes_before_an_incident_are_listed_the_closest_first(desk: Intake) -> None:
    """On its item, on the item it needs, on its service; with how long before."""
    answer = changes_before(desk.context, "I9")

    assert answer.compared
    assert answer.words.startswith("3 changes were made within 72 hours before it was opened")
    assert "Before is not because" in answer.words
    assert [
        (e.change_id, how_words(e), e.hours_before, e.by_plan, e.named, e.here)
        for e in answer.changes
    ] == [
        ("C1", "the same item", 10.0, False, True, True),
        ("C2", "an item it needs", 45.0, False, False, False),
        ("C3", "the same service", 1.0, True, False, False),
    ]
    assert answer.changes[0].details["outcome"] == "Successful"
    assert answer.as_json()["changes"][0]["began_at"] == "2026-02-09T20:00:00Z"


@pytest.mark.row("ING-07")
def test_beside_each_stands_how_many_incidents_are_usual(desk: Intake) -> None:
    """C1 lasts two hours and has I9 and I7 within 74 h; before it came four in 38 days and a half.

    The records begin on 2 January at 08:00, 38.5 days before it: 4 x 74 / (38.5 x 24) are usual.
    """
    first = changes_before(desk.context, "I9").changes[0]

    assert first.others == 1
    assert first.usual == pytest.approx(4 * 74 / (38.5 * 24))
    assert usual_words(first) == "1 other, 0.3 are usual"


def test_a_window_is_a_choice(desk: Intake) -> None:
    """Of this question, or of the settings; both ends count."""
    found = {
        hours: [each.change_id for each in changes_before(desk.context, "I9", hours=hours).changes]
        for hours in (0.5, 10, 45, 24 * 9)
    }
    assert found == {
        0.5: [],
        10: ["C1", "C3"],
        45: ["C1", "C2", "C3"],
        24 * 9: ["C1", "C4", "C2", "C3"],
    }
    for wrong in (0, -1, 8_761, float("nan"), float("inf")):
        with pytest.raises(QueryWrong, match="cannot be looked at"):
            changes_before(desk.context, "I9", hours=wrong)


def test_where_nothing_was_changed_it_says_so(desk: Intake) -> None:
    """That is an answer too."""
    answer = changes_before(desk.context, "L2")

    assert (answer.compared, answer.changes) == (True, ())
    assert answer.words == (
        "No change is on record on its item or service within 72 hours before it was opened."
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [("R1", "only incidents"), ("C1", "only incidents"), ("L1", "neither a configuration item")],
)
def test_what_cannot_be_compared_finds_nothing(desk: Intake, number: str, words: str) -> None:
    """And says why."""
    answer = changes_before(desk.context, number)

    assert (answer.compared, answer.changes) == (False, ())
    assert answer.words.startswith("Not compared: ")
    assert words in answer.words


def test_without_changes_nothing_is_compared(tmp_path: Path) -> None:
    """The settings' window is taken; a ticket that is not there is told."""
    made = make_changed_desk(tmp_path, "change_window_hours = 10\n", changes=False)
    answer = changes_before(made.context, "I9")
    made.close()

    assert (answer.compared, answer.hours) == (False, 10)
    assert "no changes are imported" in answer.words
    with pytest.raises(UnknownTicket):
        changes_before(made.context, "I99")


def test_small_counts_of_others_are_withheld(tmp_path: Path) -> None:
    """As every other number of so few."""
    made = make_changed_desk(tmp_path, "suppress_below = 5\n")
    first = changes_before(made.context, "I9").changes[0]
    made.close()

    assert (first.others, first.usual) == (None, None)
    assert usual_words(first) == "too few to be shown"


def test_what_a_scope_hides_is_not_told(desk: Intake) -> None:
    """An actor who may not see changes sees none, though the incident is theirs."""
    ctx = Context(desk.workspace, actor=seeing(Condition("practice", ("incident",))))

    assert changes_before(ctx, "I9").changes == ()
