"""Links, people, free text, and columns that split numbers."""

import pytest

from opsgauge.sources.draft.kinds import seen
from opsgauge.sources.draft.ties import (
    attribute_names,
    best_splits,
    is_free_text,
    link_kind,
    names_people,
    splits_well,
)
from tests.sources.draft.conftest import Desk
from tests.sources.draft.test_kinds import column

ROWS = "n,parent,Problem,rfc,Caused by change,Change count,Related,old,note\n" + "".join(
    f"{n},{n - 1},PRB{n},CHG{n},CHG{n},{n},{n + 9_000_000},,word\n" for n in range(1000, 1040)
)


def test_links_are_known_by_name_and_numbers(desk: Desk) -> None:
    """Bare numbers must be those of tickets; counts are none; blanks go by their name."""
    with desk.sheet(ROWS) as sheet:
        columns = {each.name: seen(each) for each in sheet.columns}
        kinds = {name: link_kind(sheet, columns["n"], each) for name, each in columns.items()}

    assert kinds == {
        "n": None,
        "parent": "child_of",
        "Problem": "problem_of",
        "rfc": "fixed_by",
        "Caused by change": "caused_by",
        "Change count": None,
        "Related": None,
        "old": None,
        "note": None,
    }


@pytest.mark.parametrize(
    ("name", "values", "people"),
    [
        ("x", ["Anna Smith", "John Doe"], True),
        ("x", ["a@example.org"], True),
        ("Requester id", ["1", "2"], True),
        ("Updated by", ["admin", "bot", "asm"], True),
        ("Phone", ["123", "456", "789"], True),
        ("Agent replies", ["1", "2", "3"], False),
        ("Requester location", ["Berlin", "Paris"], False),
        ("Resolved by time", ["1", "2", "3"], False),
        ("Team", ["Desk", "Net"], False),
        ("Contact date", ["2026-01-05", "2026-01-06"], False),
        ("Owner", [""], False),
    ],
)
def test_people_are_found_rather_than_missed(name: str, values: list[str], people: bool) -> None:
    """By their values or by what their column is called."""
    assert names_people(column(name, *values)) is people


def test_free_text_is_long_or_a_title() -> None:
    """Short titles too, where each is another."""
    assert is_free_text(
        column("x", "The printer on the third floor has been burning since noon today")
    )
    assert is_free_text(column("Subject", *(f"Mail {n} down" for n in range(9))))
    assert not is_free_text(column("Subject", *["Mail"] * 9))
    assert is_free_text(column("Remark", "see the mail of the customer", "called back twice"))
    assert not is_free_text(column("Team", *(f"Team {n} down" for n in range(9))))


def test_a_column_splits_well_by_few_words() -> None:
    """More than one, fifty at most."""
    assert splits_well(column("Region", "EU", "US"))
    assert not splits_well(column("Region", "EU", "EU"))
    assert not splits_well(column("Serial", *(f"word {n}" for n in range(60))))
    many = [column(f"c{n}", "a", "b", *[""] * n) for n in range(30)]
    assert [each.name for each in best_splits(many)][:2] == ["c0", "c1"]


def test_attributes_have_names_that_fit_and_differ() -> None:
    """Whatever the columns are called."""
    columns = [column(name, "a", "b") for name in ("Größe", "größe!", "状態")]

    assert list(attribute_names(columns)) == ["groesse", "groesse_2", "column"]


def test_a_count_of_people_is_nobody(desk: Desk) -> None:
    """A column of small whole numbers cannot name anybody, whatever it is called."""
    names = ("Anna Schmidt", "Peter Braun", "Julia Weber")
    rows = "".join(
        f"T-{n},2026-01-05 08:{n:02},New,{n % 4 + 1},{n % 7 + 1},{names[n % 3]}\n"
        for n in range(20)
    )
    header = "Ticket,Created,Status,Affected users [int],Requester id,Requester\n"
    made = desk.draft(header + rows)

    assert made.mapping.fields["requester"].column == "Requester"
    assert made.mapping.persons == ("Requester id",)
