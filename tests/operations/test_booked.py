"""The vital few by what was booked, on an invented desk, and what is refused of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.settings import open_workspace
from opsgauge.log.related import COSTS
from opsgauge.operations.booked import BOOKED_BY, has_bookings
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.operations.vital_few import vital_few
from tests.conftest import Intake

pytestmark = [pytest.mark.row("RCA-05")]
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
ALL = Selection()


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Invent a desk, whose costs and contacts come with it, and open it."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(NOW), 1500, 5, ())
    made = Context(open_workspace(folder), readers=Readers(remember=True))
    yield made
    made.database.close()


def booked_in_all(ctx: Context) -> float:
    """Return all bookings, added up from the rows themselves."""
    costs = ctx.tables.related[COSTS.name]
    rows = ctx.opened().engine.run(costs.select("amount")).to_pylist()
    return sum(row["amount"] or 0.0 for row in rows)


@pytest.mark.parametrize("by", BOOKED_BY)
def test_whatever_they_are_grouped_by_costs_add_up_to_all_bookings(ctx: Context, by: str) -> None:
    """Those without a group too; in the currency of the records, whatever rates there are."""
    found = vital_few(ctx, ALL, by, "cost")
    published = found.as_json()

    assert sum(row["value"] for row in published["rows"]) == pytest.approx(booked_in_all(ctx))
    assert published["currency"] == "EUR"
    assert "costs booked" in found.sentence()
    assert found.value_words(found.found.rows[0]).startswith("EUR\u00a0")


def test_bookings_are_chosen_by_their_own_columns_and_days(ctx: Context) -> None:
    """One service and one month are less than all."""
    service = vital_few(ctx, ALL, "service", "cost").found.rows[0]
    alone = Selection((Condition("service", (service.group,)),))
    month = Selection(from_=date(2026, 1, 1), to=date(2026, 1, 31))

    assert vital_few(ctx, alone, "kind", "cost").found.total == pytest.approx(service.value)
    assert 0 < vital_few(ctx, month, "kind", "cost").found.total < booked_in_all(ctx) / 4


@pytest.mark.parametrize(
    ("chosen", "by", "words"),
    [
        (ALL, "category", "Costs are not booked by 'category'"),
        (ALL, "nonsense", "Choose service, team, vendor, kind"),
        (Selection((Condition("practice", ("incident",)),)), "team", "Costs have no 'practice'"),
    ],
)
def test_what_bookings_do_not_have_is_refused(
    ctx: Context, chosen: Selection, by: str, words: str
) -> None:
    """With what there is."""
    with pytest.raises(QueryWrong, match=words):
        vital_few(ctx, chosen, by, "cost")


COSTLY = """
source: desk
table: costs
times: {zone: UTC, formats: ["%Y-%m-%d"]}
fields:
  cost_id: id
  period_start: day
  service: service
  amount: amount
  currency: currency
"""


def test_amounts_of_two_currencies_are_not_added_up(tmp_path: Any) -> None:
    """One of them alone is told; and where nothing was ever booked, nothing is offered."""
    made = Intake(tmp_path)
    made.takes("number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n")
    assert not has_bookings(made.context)
    lines = "id,day,service,amount,currency\nB1,2026-01-01,Mail,5,EUR\nB2,2026-01-01,Mail,7,USD\n"
    made.takes(lines, mapping=COSTLY, name="costs.csv")

    assert has_bookings(made.context)
    with pytest.raises(QueryWrong, match=r"several currencies \(EUR, USD\)"):
        vital_few(made.context, ALL, "service", "cost")
    euros = Selection((Condition("currency", ("EUR",)),))
    assert vital_few(made.context, euros, "service", "cost").found.total == 5.0
    made.close()
