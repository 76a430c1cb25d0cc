"""What becomes of every column."""

from opsgauge.sources.draft.decided import Decided, decided
from tests.sources.draft import exports
from tests.sources.draft.conftest import Desk


def of(desk: Desk, text: str) -> Decided:
    """Decide."""
    with desk.sheet(text) as sheet:
        return decided(sheet)


def test_every_column_is_accounted_for_once(desk: Desk) -> None:
    """Read, a person's, free text, worth a split, proposed, or left."""
    for export in (exports.support_desk(), exports.service_list(), exports.updates_log()):
        found = of(desk, export)
        names = [found.found.ticket_id.name, *(each.name for each in found.order)]
        names += [found.practice.name] if found.practice else []
        names += [each.name for _, each in found.links]
        names += [pair.seen.name for pair in found.filled.filled.values()]
        names += [pair.seen.name for pair in found.filled.proposed]
        for part in (found.persons, found.texts, found.splits, found.loose):
            names += [each.name for each in part]
        assert sorted(names) == sorted(each.name for each in found.sheet.columns)


def test_the_type_is_the_column_named_for_it(desk: Desk) -> None:
    """Before one whose words would do as well."""
    rows = "".join(f"{n},2026-01-05,{['Incident', 'Request'][n % 2]},Incident\n" for n in range(9))
    found = of(desk, "n,at,Ticket type,Class of asset\n" + rows)

    assert found.practice is not None
    assert found.practice.name == "Ticket type"


def test_a_category_is_no_type(desk: Desk) -> None:
    """Some of its words speak of requests; most do not."""
    rows = "".join(f"{n},2026-01-05,{('Access', 'Mail', 'Network')[n % 3]}\n" for n in range(9))

    assert of(desk, "n,at,Category\n" + rows).practice is None


def test_an_opening_that_changes_from_update_to_update_is_only_proposed(desk: Desk) -> None:
    """It is the row's own, not the ticket's."""
    rows = "".join(
        f"T{n},2026-01-0{5 + k},2026-01-0{5 + k},{('new', 'done')[k]}\n"
        for n in range(9)
        for k in range(2)
    )
    found = of(desk, "n,updated,created,state\n" + rows)

    assert "opened_at" not in found.filled.filled
    assert "opened_at" in {pair.field for pair in found.filled.proposed}


def test_changed_fields_get_our_names_once_each(desk: Desk) -> None:
    """Two of theirs for one of ours would mix their values."""
    rows = "".join(
        f"T{n},2026-01-0{5 + k},{('Status', 'Sub status', 'Rank')[k]},a,b\n"
        for n in range(9)
        for k in range(3)
    )
    found = of(desk, "n,at,field,old,new\n" + rows)

    assert found.names == {"Status": "original_status"}
    assert set(found.unnamed) == {"Sub status", "Rank"}


def test_words_that_tell_of_people_are_not_kept(desk: Desk) -> None:
    """Who was assigned stands in the sentence too: it would be in every process map."""
    people = ("Ana Lima", "Rui Melo", "Eva Brandt", "John Doe")
    rows = "".join(
        f"T{n},2026-01-{5 + k:02d} 08:00,Open,{people[n % 4]},gave the ticket to {people[n % 4]}\n"
        for n in range(10, 22)
        for k in range(3)
    )
    with desk.sheet("Ticket,Time,Status,Agent,Activity\n" + rows) as sheet:
        found = decided(sheet)

    assert "Activity" in [each.name for each in found.texts]
    assert "activity" not in found.filled.filled
