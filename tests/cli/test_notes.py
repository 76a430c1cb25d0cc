"""The verbs about notes on maps and saved filters: made, listed, changed, ended."""

from collections.abc import Iterator

import pytest

from opsgauge.cli.exits import Exit
from tests.cli.conftest import Run
from tests.conftest import Intake

ROWS = """number,at,state,team,who
INC1,2026-01-05 08:00,New,A,a
INC1,2026-01-05 10:00,Done,A,a
INC2,2026-01-05 08:00,New,B,b
INC2,2026-01-05 12:00,Done,B,b
"""


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return the arguments that name a workspace with two tickets."""
    made = Intake(tmp_path_factory.mktemp("noted"))
    made.takes(ROWS)
    yield "--workspace", str(made.workspace.path)
    made.close()


@pytest.mark.row("MAP-17")
def test_a_note_is_pinned_listed_changed_and_removed(opsgauge: Run, where: tuple[str, str]) -> None:
    """In words and as JSON; the map tells it; what cannot be exits with what to do."""
    assert "No note stands" in opsgauge("notes", "list", *where).out
    made = opsgauge("notes", "pin", "new", "--then", "resolved", "--words", "By hand.", *where)
    assert (made.code, made.out.strip()) == (Exit.OK, "Note 1 stands on new → resolved.")
    assert "Note 1 on new → resolved: By hand." in opsgauge("map", *where).out
    opsgauge("notes", "change", "1", "--words", "By script.", *where)
    [told] = opsgauge("notes", "list", "--format", "json", *where).json["notes"]
    assert (told["words"], told["where"], told["made_by"]) == ("By script.", "here", "local")
    assert opsgauge("map", "--format", "json", *where).json["pinned"] == [told]
    assert "is removed from" in opsgauge("notes", "remove", "1", *where).out
    wrong = opsgauge("notes", "pin", "newer", "--words", "x", *where)
    assert (wrong.code, "Did you mean 'new'" in wrong.err) == (Exit.MISUSE, True)


@pytest.mark.row("MAP-17")
def test_a_filter_is_saved_listed_shown_and_taken_back(
    opsgauge: Run, where: tuple[str, str]
) -> None:
    """With its numbers of now; `find` tells it too."""
    assert "No filter is saved." in opsgauge("saved", "list", *where).out
    asked = ("Slow B", "/map?where=team=B", "--why", "It lags.")
    made = opsgauge("saved", "save", *asked, *where)
    assert made.out.strip() == "Saved as filter 1: /saved/1 leads to it."
    shown = opsgauge("saved", "show", "1", *where).out
    for words in ("Slow B: tickets, where team is B", "1 ticket, 50.0", "of the rest 2.0 h"):
        assert words in shown
    [line] = opsgauge("saved", "list", "--format", "json", *where).json["saved"]
    assert line["numbers"]["chosen"]["median"] == 4.0
    assert "Saved by local: Slow B. 1 ticket" in opsgauge("find", *where).out
    assert "median_hours" in opsgauge("saved", "list", "--format", "csv", *where).out
    assert "is taken back" in opsgauge("saved", "end", "1", *where).out
    wrong = opsgauge("saved", "save", "x", "/nowhere", "--why", "x", *where)
    assert (wrong.code, "/map" in wrong.err) == (Exit.MISUSE, True)
