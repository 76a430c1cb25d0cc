"""Columns looked at: the first rows closely, the others where it matters."""

import pytest

from opsgauge.sources.draft import columns
from tests.sources.draft.conftest import Desk

ROWS = "n,at,state\n" + "".join(f"{n},0{1 + n % 9}/01/2026,{'ab'[n % 2]}\n" for n in range(30))


def test_a_column_is_counted(desk: Desk) -> None:
    """Filled, different, its words, its length."""
    with desk.sheet("n,state\n1,New\n2, New \n3,\n4,Done\n") as sheet:
        number, state = sheet.columns

    assert (number.rows, number.filled, number.distinct, number.unique) == (4, 4, 4, True)
    assert (state.filled, state.distinct, state.share) == (3, 2, 0.75)
    assert state.words == {"New": 2, "Done": 1}


def test_what_was_not_looked_at_closely_is_counted_when_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words over the whole file, and values that formats cannot read."""
    monkeypatch.setattr(columns, "CLOSELY", 10)
    late = ROWS + "99,31/01/2026,c\n"
    with desk.sheet(late) as sheet:
        state, at = sheet.columns[2], sheet.columns[1]
        assert not sheet.whole
        assert (sheet.rows, state.words) == (10, {"a": 5, "b": 5})
        assert sheet.words_everywhere(state) == {"a": 15, "b": 15, "c": 1}
        assert sheet.unread([at], ["%d/%m/%Y"]) == 0
        assert sheet.unread([at], ["%m/%d/%Y"]) == 1
        assert sheet.unread([at], ["iso"]) == 31


def test_values_are_cut_and_names_may_be_anything(desk: Desk) -> None:
    """A letter that SQL knows, a million letters, a name of blanks and quotes."""
    with desk.sheet('"n""1","a b;c"\n1,' + "x" * 1_000_000 + "\n2,y\n") as sheet:
        assert [column.name for column in sheet.columns] == ['n"1', "a b;c"]
        assert max(map(len, sheet.columns[1].words)) == columns.LONGEST
