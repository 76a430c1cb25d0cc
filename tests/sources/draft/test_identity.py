"""What numbers the tickets, and what a row is."""

import pytest

from opsgauge.foundation.errors import MappingWrong
from opsgauge.sources.draft.identity import Identity, holds_change, identity, order_columns
from opsgauge.sources.draft.kinds import Seen, seen
from tests.sources.draft.conftest import Desk
from tests.sources.draft.test_kinds import column


def found(desk: Desk, text: str) -> tuple[Identity, list[str]]:
    """Return what a row of an export is, and what orders its rows."""
    with desk.sheet(text) as sheet:
        columns = [seen(each) for each in sheet.columns]
        what = identity(sheet, columns)
        return what, [each.name for each in order_columns(sheet, what, columns)]


@pytest.mark.parametrize(
    ("head", "row", "number"),
    [
        ("id,number,at", "{n},INC{n},2026-01-05", "number"),
        ("sys_id,ticket,at", "a{n}f,T-{n},2026-01-05", "ticket"),
        ("log_id,case_no,at", "{n},C{n},2026-01-05", "case_no"),
        ("id,requester_id,at", "{n},{n},2026-01-05", "id"),
        ("a,b,at", "word,X{n},2026-01-05", "b"),
        ("Parent ticket,Ticket,at", "P-{n},T-{n},2026-01-05", "Ticket"),
        ("Nº Pedido,Código,at", "{n},{n},2026-01-05", "Nº Pedido"),
        ("Phone,Ref,at", "0301234{n},R-{n},2026-01-05", "Ref"),
    ],
)
def test_the_number_is_found_by_name_and_values(
    desk: Desk, head: str, row: str, number: str
) -> None:
    """What numbers other things is passed over."""
    text = head + "\n" + "".join(row.format(n=n) + "\n" for n in range(10, 40))

    assert found(desk, text)[0].ticket_id.name == number


def test_a_row_per_ticket(desk: Desk) -> None:
    """No number comes twice."""
    what, order = found(desk, "n,at\n" + "".join(f"T{n},2026-01-05\n" for n in range(9)))

    assert (what.shape, what.moment, order) == ("tickets", None, [])
    assert "9 numbers in 9 rows" in what.why


UPDATES = "n,opened,changed,rev\n" + "".join(
    f"T{n},2026-01-05,2026-01-{5 + k:02} 08:00,{k}\n" for n in range(9) for k in range(3)
)


def test_a_row_per_update(desk: Desk) -> None:
    """The moment that differs within a ticket is the update's; a counter orders them."""
    what, order = found(desk, UPDATES)

    assert what.shape == "updates"
    assert what.moment is not None
    assert (what.moment.name, order) == ("changed", ["rev"])


def test_a_counter_may_run_down_the_file(desk: Desk) -> None:
    """The newest first, as many lists are."""
    head, *rows = UPDATES.splitlines()

    assert found(desk, "\n".join([head, *reversed(rows)]))[1] == ["rev"]


def test_a_number_that_does_not_count_orders_nothing(desk: Desk) -> None:
    """Such as one that is the same in two updates, or goes up and down."""
    same = UPDATES.replace(",2\n", ",1\n")
    assert found(desk, same)[1] == []
    wild = "n,changed,rev\n" + "".join(
        f"T{n},2026-01-{5 + k:02},{(k * 7 + n) % 5}\n" for n in range(9) for k in range(4)
    )
    assert found(desk, wild)[1] == []


def test_numbers_that_repeat_without_another_moment_are_tickets(desk: Desk) -> None:
    """As where a list holds a row for each attachment."""
    text = "n,at,file\n" + "".join(f"T{n},2026-01-05,{k}\n" for n in range(9) for k in range(2))
    what, _ = found(desk, text)

    assert what.shape == "tickets"
    assert "no moment tells a ticket's rows apart" in what.why


@pytest.mark.parametrize(
    "names",
    [
        "field,old,new",
        "Field name,Old value,New value",
        "attribute,from,to",
        "Feld,Alt,Neu",
        "Veld,Oud,Nieuw",
        "campo,anterior,nuevo",
    ],
)
def test_a_row_per_changed_field(desk: Desk, names: str) -> None:
    """By what its columns are called, and because a field's name is known."""
    rows = "".join(
        f"T{n},2026-01-0{5 + k},{('status', 'priority')[k]},a,b\n"
        for n in range(9)
        for k in range(2)
    )
    what, _ = found(desk, f"n,at,{names}\n" + rows)

    assert what.shape == "changes"
    assert what.changes is not None
    assert what.changes.old is not None


def test_other_columns_of_those_names_change_nothing(desk: Desk) -> None:
    """A list of parts has items that are new, too."""
    rows = "".join(f"T{n},2026-01-05,bolt,yes\n" for n in range(9))

    assert found(desk, "n,at,item,new\n" + rows)[0].shape == "tickets"


def test_a_column_of_what_was_or_became_is_told() -> None:
    """So that the numbers behind the words are left alone."""

    def each(name: str) -> Seen:
        return column(name, "a", "b")

    assert holds_change(each("from"))
    assert holds_change(each("New value"))
    assert not holds_change(each("tool"))


def test_without_a_number_or_a_moment_there_is_no_mapping(desk: Desk) -> None:
    """Each is told with the columns that are there."""
    with pytest.raises(MappingWrong, match="moments"):
        found(desk, "n,a\n1,b\n2,b\n")
    with pytest.raises(MappingWrong, match="number its tickets"):
        found(desk, "state,at\nopen,2026-01-05\nopen,2026-01-05\nopen,2026-01-06\n")


MOVEMENTS = "".join(
    f"{'PA/24-0' + str(n) + '/D'},{900 + 3 * n + k},2026-01-{5 + k:02} 08:00,{k}\n"
    for n in range(9)
    for k in range(3)
)


@pytest.mark.parametrize("head", ["code,mov,at,step", "code,no,at,old state"])
def test_a_movements_own_number_is_not_the_tickets(desk: Desk, head: str) -> None:
    """Where a column is named for movements or holds the state before, the ticket's repeats."""
    what, _ = found(desk, head + "\n" + MOVEMENTS)

    assert (what.ticket_id.name, what.shape) == ("code", "updates")
    assert what.moment is not None
    assert what.moment.name == "at"


def test_the_movements_number_is_told_as_a_doubt(desk: Desk) -> None:
    """Only where it would have been taken for the ticket's."""
    what, _ = found(desk, "code,no,at,old state\n" + MOVEMENTS)

    assert (what.ticket_id.name, what.doubt) == (
        "code",
        "'no' differs in every row, so it is taken as the movement's",
    )
    assert found(desk, UPDATES)[0].doubt == ""
