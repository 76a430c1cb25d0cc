"""The lines of a draft and their reasons."""

from opsgauge.sources.draft.decided import decided
from opsgauge.sources.draft.lines import (
    field_lines,
    kept_out_lines,
    link_lines,
    missing_words,
    one_practice,
    practice_lines,
    split_lines,
)
from tests.sources.draft.conftest import Desk

LIST = (
    "Number,Type,Created,State,Group,Agent,Caller,SLA result,Parent,Region,Notes\n"
    "T1000,Incident,2026-01-05,New,Desk,Unassigned,Anna Smith,yes,,EU,"
    "The printer on the third floor has been burning since noon\n"
    "T1001,,2026-01-06,Closed,Unassigned,John Doe,John Doe,no,T1000,US,"
    "It was put out by the man who stood next to it at that time\n"
    "T1002,Weird,2026-01-07,Unassigned,Net,Li Wei,Sara Conti,no,-,EU,"
    "Nobody knows why this happens again and again on every Monday\n"
)


def test_a_type_that_says_nothing_or_too_much_is_told(desk: Desk) -> None:
    """Blanks get a word; an unknown one is off, and would be refused."""
    with desk.sheet(LIST.replace("Weird", "Incident") + LIST.split("\n", 1)[1]) as sheet:
        top, types = practice_lines(decided(sheet))

    assert {line.key: line.value for line in top} == {"column": "Type", "blank": "Incident"}
    assert {line.key: (line.value, line.off) for line in types} == {
        "Incident": ("incident", False),
        "Weird": ("incident", True),
    }
    assert "REFUSED" in next(line.why for line in types if line.off)


def test_without_a_type_the_numbers_or_the_file_say_it(desk: Desk) -> None:
    """Else incident, to be checked."""
    rows = "".join(f"{{}}{n},2026-01-05\n" for n in range(9))
    for mark, file, practice in (
        ("CHG", "list.csv", "change"),
        ("", "problems.csv", "problem"),
        ("", "list.csv", "incident"),
    ):
        with desk.sheet("n,at\n" + rows.replace("{}", mark)) as sheet:
            assert one_practice(decided(sheet), file).value == practice


def test_fields_show_values_but_none_of_people(desk: Desk) -> None:
    """Moments first, as the guide lists them."""
    with desk.sheet(LIST) as sheet:
        lines = field_lines(decided(sheet))

    told = {line.key: line for line in lines}
    assert [line.key for line in lines][:2] == ["opened_at", "original_status"]
    assert "'New'" in told["original_status"].why
    assert told["assignee"].why == "by its name; 3 people"
    assert "CHECK THIS: does yes mean that it was kept?" in told["sla_met"].why


def test_words_for_nobody_are_missing_unless_they_are_states(desk: Desk) -> None:
    """Else a person called Unassigned would do much of the work."""
    with desk.sheet(LIST) as sheet:
        assert missing_words(decided(sheet)) == ["-"]
    with desk.sheet(LIST.replace("07,Unassigned", "07,New")) as sheet:
        assert set(missing_words(decided(sheet))) == {"-", "Unassigned"}


def test_what_is_left_is_tied_kept_out_or_proposed(desk: Desk) -> None:
    """Links, free text, and columns to split by, which are off."""
    text = LIST.replace("Region,Notes", "Colour,Work notes,Description,Opened by")
    text = text.replace("\n", ",short,asm\n").replace("Opened by,short,asm", "Opened by")
    with desk.sheet(text) as sheet:
        found = decided(sheet)

    assert [(line.key, line.value) for line in link_lines(found)] == [("child_of", "Parent")]
    assert [(line.key, line.off) for line in split_lines(found)] == [("colour", True)]
    assert {line.key: line.value for line in kept_out_lines(found)} == {
        "drop": ("Work notes",),
        "persons": ("Opened by",),
    }
