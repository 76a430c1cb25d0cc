"""Services, catalogue, configuration items, books and contracts fit each other and the log."""

import pytest

from tests.sources.tools.demo.beside.conftest import Asked


@pytest.mark.parametrize(
    ("column", "table", "name"),
    [
        ("service", "services", "name"),
        ("catalogue_item", "catalogue_items", "name"),
        ("configuration_item", "configuration_items", "name"),
        ("assignment_group", "services", "team"),
    ],
)
def test_words_of_the_log_are_in_the_lists(
    asked: Asked, column: str, table: str, name: str
) -> None:
    """Every service, item and machine on a ticket is known; owners of services hold tickets."""
    log = f"SELECT DISTINCT {column} FROM log WHERE {column} IS NOT NULL"
    listed = f"SELECT DISTINCT {name} FROM {table}"
    missing = f"{listed} EXCEPT {log}" if column == "assignment_group" else f"{log} EXCEPT {listed}"
    assert asked(missing) == []


def test_dependencies_tie_items_that_exist(asked: Asked) -> None:
    """Nothing needs itself."""
    assert asked(
        "SELECT count(*) FROM dependencies WHERE item = needs "
        "OR item NOT IN (SELECT name FROM configuration_items) "
        "OR needs NOT IN (SELECT name FROM configuration_items)"
    ) == [(0,)]


def test_a_vendors_year_is_twelve_bookings(asked: Asked) -> None:
    """What the books say of a contract adds up to its price, to the cent of rounding."""
    assert (
        asked(
            "SELECT c.service FROM contracts AS c JOIN costs AS b ON b.service = c.service "
            "AND b.kind = 'Vendor' GROUP BY c.service, c.yearly, c.\"yearly\" "
            "HAVING abs(avg(b.amount) * 12 - c.yearly) > 0.07"
        )
        == []
    )


def test_months_do_not_overlap(asked: Asked) -> None:
    """A booking is for one month from its first day to its last."""
    assert asked(
        'SELECT count(*) FROM costs WHERE day("from") <> 1 OR "to" <> last_day("from")'
    ) == [(0,)]
