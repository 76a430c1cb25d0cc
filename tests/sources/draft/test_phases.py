"""Words for states as lines, and what the records say of unknown ones."""

from opsgauge.sources.draft.decided import decided
from opsgauge.sources.draft.phases import Ends, changed_words, ends_of, phase_lines
from tests.sources.draft import exports
from tests.sources.draft.conftest import Desk


def lines(words: dict[str, int], **ends: Ends) -> dict[str, tuple[str, bool]]:
    """Return of each word its phase and whether its line is off."""
    return {
        line.key: (str(line.value), line.off) for line in phase_lines(words, ends, frozenset({"-"}))
    }


def test_each_word_has_its_line() -> None:
    """The most frequent first, as counted; words for nothing have none."""
    made = lines({"New": 9, "Zed": 3, "-": 2})

    assert made == {"New": ("new", False), "Zed": ("new", True)}


def test_records_suggest_what_an_unknown_word_means() -> None:
    """By whether they were resolved or closed, and whether they come first."""
    made = lines(
        {"a": 10, "b": 10, "c": 10, "d": 10, "e": 10},
        a=Ends(10, 10, 0),
        b=Ends(10, 10, 10),
        c=Ends(10, 0, 0),
        d=Ends(10, 0, 0, 10),
        e=Ends(10, 5, 0),
    )

    assert [made[word][0] for word in "abcde"] == [
        "resolved",
        "closed",
        "in_progress",
        "new",
        "new",
    ]
    assert all(off for _, off in made.values())


def test_ends_are_counted_from_the_records(desk: Desk) -> None:
    """Per word: how many, how many resolved, how many closed, how many begin a ticket."""
    with desk.sheet(exports.updates_log()) as sheet:
        found = decided(sheet)
        status = found.filled.column("original_status")
        assert status is not None
        ends = ends_of(sheet, status, found.filled, found.found)

    assert (ends["New"].rows, ends["New"].resolved) == (exports.MANY, 0)
    assert ends["New"].firsts >= 0.9 * exports.MANY
    assert ends["Closed"].closed == ends["Closed"].rows


def test_moments_that_every_row_carries_suggest_nothing(desk: Desk) -> None:
    """As where a log repeats in each row how the ticket ended."""
    rows = "".join(
        f"T{n},2026-01-0{5 + k},{('one', 'two')[k]},2026-01-09\n"
        for n in range(9)
        for k in range(2)
    )
    with desk.sheet("n,updated,state,resolved\n" + rows) as sheet:
        found = decided(sheet)
        status = found.filled.column("original_status")
        assert status is not None
        ends = ends_of(sheet, status, found.filled, found.found)

    assert {word: each.resolved for word, each in ends.items()} == {"one": 0, "two": 0}


def test_changed_words_are_those_before_and_after(desk: Desk) -> None:
    """Of the fields that stand for the state."""
    with desk.sheet(exports.changes_log()) as sheet:
        found = decided(sheet)
        assert found.found.changes is not None
        words = changed_words(sheet, found.found.changes, found.names)
        nothing = changed_words(sheet, found.found.changes, {})

    assert set(words) == {"Open", "In Progress", "Resolved", "Closed"}
    assert nothing == {}


def test_a_word_that_brings_tickets_back_is_taken_for_work(desk: Desk) -> None:
    """Whatever the order of the file; one that only comes after the end says nothing of that."""
    rows = [
        f"T{n},{1 + n:02}.{month:02}.2026 {8 + hour:02}:00,{state}\n"
        for n in range(8)
        for month, states in ((1, "New Solved"), (2, "Zurueck Working Solved Checked"))
        for hour, state in enumerate(states.split())
    ]
    with desk.sheet("n,updated,state\n" + "".join(sorted(rows, key=lambda row: row[5:]))) as sheet:
        found = decided(sheet)
        status = found.filled.column("original_status")
        assert status is not None
        ends = ends_of(sheet, status, found.filled, found.found, found.order)

    assert (ends["Zurueck"].returns, ends["Zurueck"].lasts) == (8, 0)
    assert (ends["Checked"].returns, ends["Checked"].lasts) == (0, 8)
    made = lines(dict.fromkeys(ends, 8), **ends)
    assert made["Zurueck"] == ("in_progress", False)
    assert made["Checked"][1]
