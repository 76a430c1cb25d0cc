"""Which column fills which field."""

from opsgauge.sources.draft.evidence import by_values
from opsgauge.sources.draft.fields import Fields, fields, named_for
from opsgauge.sources.draft.identity import identity
from opsgauge.sources.draft.kinds import seen
from tests.sources.draft.conftest import Desk
from tests.sources.draft.test_kinds import column


def filled(desk: Desk, text: str) -> Fields:
    """Return how the fields of an export are filled."""
    with desk.sheet(text) as sheet:
        columns = [seen(each) for each in sheet.columns]
        found = identity(sheet, columns)
        return fields([each for each in columns if each is not found.ticket_id], found)


def told(made: Fields) -> dict[str, str]:
    """Return the column of each field that is filled."""
    return {name: pair.seen.name for name, pair in made.filled.items()}


def test_each_column_goes_where_it_fits_best(desk: Desk) -> None:
    """And fills one field alone."""
    made = filled(
        desk,
        "n,Created,Group,Agent,Sub category,Category\n"
        "T1,2026-01-05,Desk,Anna Smith,Mail,Software\n"
        "T2,2026-01-06,Net,John Doe,Printer,Hardware\n",
    )

    assert told(made) == {
        "opened_at": "Created",
        "team": "Group",
        "assignee": "Agent",
        "subcategory": "Sub category",
        "category": "Category",
    }


def test_a_state_is_known_by_its_words_alone(desk: Desk) -> None:
    """Whatever the column is called."""
    made = filled(desk, "n,at,Lage\nT1,2026-01-05,New\nT2,2026-01-06,Closed\n")

    assert told(made)["original_status"] == "Lage"
    assert not made.filled["original_status"].by_name


def test_what_would_fit_as_well_is_named(desk: Desk) -> None:
    """So that a person can choose otherwise."""
    rows = "T1,2026-01-05,Anna Smith,a@example.org\nT2,2026-01-06,John Doe,j@example.org\n"
    made = filled(desk, "n,at,Requester,Requester email\n" + rows)

    assert made.filled["requester"].others == ("Requester email",)


def test_a_weak_name_is_only_proposed(desk: Desk) -> None:
    """And an empty column, however it is called."""
    made = filled(desk, "n,at,Item,Closed at\nT1,2026-01-05,Dell,\nT2,2026-01-06,HP,\n")

    assert "catalogue_item" not in told(made)
    assert {pair.field for pair in made.proposed} == {"catalogue_item", "closed_at"}


def test_a_row_per_ticket_always_has_an_opening(desk: Desk) -> None:
    """Where no name says so, the fullest moment; even one that spoke of something else."""
    made = filled(desk, "n,alpha,omega\nT1,2026-01-05,2026-01-09\nT2,2026-01-06,\n")
    assert told(made)["opened_at"] == "alpha"
    assert not made.filled["opened_at"].by_name

    alone = filled(desk, "n,Closed\nT1,2026-01-05\nT2,2026-01-06\n")
    assert told(alone) == {"opened_at": "Closed"}


def test_a_state_that_never_changes_is_none_in_a_log(desk: Desk) -> None:
    """Such as "complete" in a log that was written as one line per finished step."""
    rows = "".join(f"T{n},2026-01-0{k},complete\n" for n in range(9) for k in (5, 6))

    assert "original_status" not in told(filled(desk, "n,updated,lifecycle\n" + rows))


def test_a_name_alone_must_speak_outright() -> None:
    """For the fields that a log of changes names."""
    allowed = ["original_status", "team", "assignee", "priority"]
    names = ("Status", "assigned_to", "Assignment group", "Rank", "")
    assert [named_for(name, allowed) for name in names] == [
        "original_status",
        "assignee",
        "team",
        None,
        None,
    ]


def test_values_weigh_for_and_against() -> None:
    """States, channels, people, numbers that never repeat."""
    assert by_values("original_status", column("x", "New", "Closed")) > 1
    assert by_values("original_status", column("x", "1", "2")) < 0
    assert by_values("original_status", column("x", "Anna Smith", "John Doe")) < 0
    assert by_values("channel", column("x", "Phone", "Portal")) > 1
    assert by_values("channel", column("x", "see the mail that came after the phone call")) < 0
    assert by_values("team", column("x", *(f"Word {n}" for n in range(80)))) < 0
    assert by_values("assignee", column("x", "Anna Smith", "John Doe")) > 0
    assert by_values("service", column("x", "ERP")) == 0
