"""In a log of changes it is told apart who made a change, who works on a ticket, and whom else."""

import pytest

from opsgauge.sources.draft.changed import machines
from opsgauge.sources.draft.drafting import Draft
from opsgauge.sources.draft.kinds import seen
from tests.sources.draft.conftest import Desk

HEADER = "Ticket,When,Changed by,Field,Old value,New value\n"
PEOPLE = ("Anna Schmidt", "Peter Braun", "Julia Weber")


def log(*more: str, by: tuple[str, ...] = PEOPLE) -> str:
    """Return a log of 20 tickets, each with some changes."""
    rows = []
    for n in range(20):
        who, next_one = by[n % len(by)], PEOPLE[(n + 1) % len(PEOPLE)]
        at = f"T-{n:03},2026-01-{n + 5:02}"
        rows += [
            f"{at} 08:00,{who},Status,New,In progress",
            f"{at} 09:00,{who},Assigned to,,{next_one}",
            f"{at} 10:00,{who},Clerk,{who if who in PEOPLE else ''},{next_one}",
            f"{at} 11:00,{who},Rank,{n},{n + 1}",
            f"{at} 12:00,{who},Status,In progress,Resolved",
        ]
    return HEADER + "\n".join([*rows, *more]) + "\n"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """Return the draft for the log, whose column of people is named for the assignee."""
    content = log().replace("Changed by", "Bearbeiter")
    return Desk(tmp_path_factory.mktemp("changed")).draft(content)


def test_who_stands_in_every_row_made_the_change(drafted: Draft) -> None:
    """The column is named for the assignee, but that is a field that changes."""
    assert drafted.mapping.fields["actor"].column == "Bearbeiter"
    assert "assignee" not in drafted.mapping.fields
    assert drafted.mapping.changes is not None
    assert drafted.mapping.changes.names["Assigned to"] == "assignee"


def test_a_field_of_people_is_never_taken_for_a_category(drafted: Draft) -> None:
    """Its values stand in the column of people; it is asked about, and stays off."""
    [line] = [line for line in drafted.text.splitlines() if "# Clerk:" in line]
    [above] = [line for line in drafted.text.splitlines() if "NAMES PEOPLE" in line]

    assert "# Clerk: assignee" in line
    assert "changed 20 times" in above
    assert any("'Clerk' name people" in ask for ask in drafted.asks)
    assert any("'Rank'" in ask and "leave them off" in ask for ask in drafted.asks)
    assert not any(name in drafted.text for name in PEOPLE)


def test_a_word_counts_as_often_as_a_ticket_came_to_it(drafted: Draft) -> None:
    """Not once more where a ticket left it; a word that was only left says so."""
    told = {line.split(":")[0].strip(): line for line in drafted.text.splitlines()}

    assert "20 times" in told["In progress"]
    assert "only as an old value" in told["New"]


def test_columns_that_hold_the_changes_once_more_are_dropped(desk: Desk) -> None:
    """Log-ins beside names: they would stay as they are."""
    rows = log().splitlines()
    twice = [
        f"{rows[0]},From id,To id",
        *(f"{row},u{n},u{n + 1}" for n, row in enumerate(rows[1:])),
    ]
    made = desk.draft("\n".join(twice) + "\n")

    assert made.mapping.changes is not None
    told = {made.mapping.changes.old, made.mapping.changes.new}
    beside = {"From id", "To id", "Old value", "New value"} - told
    assert set(made.mapping.drop) == beside
    assert "once more" in made.text


def test_names_of_machines_are_asked_about_and_not_shown(desk: Desk) -> None:
    """Only where the column is taken for the assignee."""
    by = (*PEOPLE, "Mail Import", "Webformular", "System")
    content = log(by=by).replace("Changed by", "Bearbeiter").replace("Assigned to", "Hue")
    made = desk.draft(content)

    with desk.sheet(content) as sheet:
        [agent] = [seen(column) for column in sheet.columns if column.name == "Bearbeiter"]
    assert machines(agent) == 3
    assert any("what reads like machines" in ask for ask in made.asks)
    assert "Webformular" not in made.text


def test_what_counts_the_updates_is_not_proposed_as_the_tickets_number(desk: Desk) -> None:
    """It stands under `order`, and is another in each row."""
    rows = log().splitlines()
    numbered = [f"No.,{rows[0]}", *(f"{n},{row}" for n, row in enumerate(rows[1:], start=1))]
    made = desk.draft("\n".join(numbered) + "\n")
    [line] = [each for each in made.text.splitlines() if each.startswith("ticket_id:")]

    assert made.mapping.order == ("No.",)
    assert "No." not in line
