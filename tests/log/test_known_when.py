"""When columns are known: every dimension is declared."""

import pytest

from opsgauge.log.known_when import OF_CHANGES, OF_TICKETS, Known, known_when
from opsgauge.log.related import CHANGES
from opsgauge.log.tables import HISTORY, TICKETS, Table

pytestmark = [pytest.mark.row("RCA-02")]


@pytest.mark.parametrize(("table", "told"), [(TICKETS, OF_TICKETS), (CHANGES, OF_CHANGES)])
def test_every_dimension_is_declared(table: Table, told: dict[str, Known]) -> None:
    """So that a new column is not taken for known at the opening by chance."""
    assert {column.name for column in table.columns if column.dimension} <= set(told)
    assert set(told) <= set(table.names)


def test_what_history_keeps_is_what_history_has() -> None:
    """Only what is there can be read as it stood."""
    kept = {name for name, when in OF_TICKETS.items() if when is Known.THEN}

    assert kept <= set(HISTORY.names)


def test_no_person_is_known_of() -> None:
    """A person explains no outcome."""
    assert not {column.name for column in TICKETS.columns if column.person} & set(OF_TICKETS)


def test_what_is_not_declared_counts_as_written_later() -> None:
    """Also of changes, whose service is known before."""
    assert known_when("attributes.floor") is Known.LATER
    assert known_when("service", change=True) is Known.GIVEN
    assert known_when("service") is Known.THEN
