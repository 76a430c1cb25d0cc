"""Tables of related records: what a row is, what dates it, what ties it to tickets."""

import pytest

from opsgauge.log.related import RELATED, RELATED_BY_NAME, TO_TICKETS
from opsgauge.log.tables import Table

EACH = pytest.mark.parametrize("table", RELATED, ids=lambda table: str(table.name))


@EACH
def test_a_row_is_dated_by_a_moment_or_a_day_of_its_own(table: Table) -> None:
    """What has no moment, such as a service, is dated by nothing."""
    dated = table.column(table.dated_by) if table.dated_by else None
    assert (dated is None) == (not table.dated_by)
    assert dated is None or dated.type in {"instant", "day"}


@EACH
def test_amounts_of_money_say_their_currency(table: Table) -> None:
    """No number of money stands without the column that says of which."""
    money = [c for c in table.columns if c.name in {"amount", "yearly_amount", "price"}]
    assert not money or table.column("currency")


@EACH
def test_lengths_of_time_carry_their_unit_in_the_name(table: Table) -> None:
    """Seconds, minutes, hours or days; the meaning says it too."""
    for column in table.columns:
        unit = column.name.rpartition("_")[2]
        if unit in {"seconds", "minutes", "hours", "days"}:
            assert unit in column.meaning.lower()


def test_tables_of_the_plan_are_there() -> None:
    """Every table that the data model names has its columns."""
    assert set(RELATED_BY_NAME) >= {
        "changes",
        "services",
        "approvals",
        "deployments",
        "contacts",
        "surveys",
        "notes",
        "articles",
        "article_uses",
        "catalogue_items",
        "configuration_items",
        "costs",
        "contracts",
    }
    named = {column.name for table in RELATED for column in table.columns}
    assert set(TO_TICKETS) <= named
