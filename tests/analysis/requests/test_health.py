"""The catalogue's health, on orders with known answers."""

import numpy as np
import pytest

from opsgauge.analysis.requests.health import (
    as_incidents,
    automation,
    automation_findings,
    free_findings,
    free_text,
    incident_findings,
    never_findings,
    never_ordered,
    tied_incident_rows,
)
from opsgauge.foundation.finding import Evidence
from opsgauge.log.door import unbound
from opsgauge.log.tables import LINKS, TICKETS
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-06")
EVIDENCE = Evidence("asked", 1)


def sold(shop: Shop, item: str | None, n: int, hours: int = 1, **fixed: str) -> None:
    """Add n completed orders, each touched for so many hours."""
    for _ in range(n):
        number = f"R{len(shop.rows['tickets']):03}"
        end = f"05 {8 + hours:02}:00 resolved Desk"
        shop.has(number, "05 08:00 in_progress Desk", end, catalogue_item=item, **fixed)


def test_items_on_offer_that_nobody_ordered_are_named(shop: Shop) -> None:
    """Not the one that is ordered, nor the one no longer on offer; unknown counts as on offer."""
    sold(shop, "Mouse", 2)
    offered = {"Mouse": True, "Fax": True, "Pager": False, "Desk": None}
    never = never_ordered(shop.orders(), offered)

    assert never == ["Desk", "Fax"]
    claims = [each.claim for each in never_findings(never, 2, EVIDENCE)]
    assert claims[1] == "Fax is on offer and was never ordered: 0 of 2 orders."


def test_automation_ranks_by_touch_hours_and_stability(shop: Shop) -> None:
    """Twenty equal orders of an hour are worth all twenty; uneven ones less than their hours."""
    sold(shop, "Even", 20, hours=1)
    sold(shop, "Uneven", 19, hours=1)
    sold(shop, "Uneven", 1, hours=15)
    sold(shop, "Rare", 19, hours=9)
    orders = shop.orders()
    uneven, even = sorted(automation(orders, orders.parts()), key=lambda each: -each.touch_hours)

    assert (even.item, even.n, even.touch_hours, even.stability, even.score) == (
        *("Even", 20, 20.0, 1.0),
        20.0,
    )
    # Mean 1.7, spread 3.13: sqrt((19 * 0.7^2 + 13.3^2) / 19).
    assert uneven.touch_hours == pytest.approx(34.0)
    assert uneven.variation == pytest.approx(3.1305 / 1.7, rel=1e-4)
    assert uneven.score == pytest.approx(34.0 / (1 + 3.1305 / 1.7), rel=1e-4)
    first, *_ = automation_findings(automation(orders, orders.parts()), EVIDENCE)
    assert first.claim.startswith("Even is number 1 among candidates for automation: 20 orders")
    assert first.worth_hours == 20.0


def test_many_paths_make_an_item_less_stable(shop: Shop) -> None:
    """Half of the orders on each of two ways: the usual path holds a half."""
    sold(shop, "Split", 10, variant_phase="one")
    sold(shop, "Split", 10, variant_phase="two")
    orders = shop.orders()
    [split] = automation(orders, orders.parts())

    assert (split.paths, split.usual_path, split.stability) == (2, 0.5, 0.5)


def test_an_item_that_ends_as_incidents_stands_out(shop: Shop) -> None:
    """Ten of thirty, where two of sixty others do."""
    sold(shop, "Bad", 30)
    sold(shop, "Good", 60)
    orders = shop.orders()
    followed = np.zeros(90, dtype=np.bool_)
    followed[:10] = followed[30:32] = True
    bad, good = as_incidents(orders, np.ones(90, dtype=np.bool_), followed)

    assert (bad.item, bad.n, bad.incidents) == ("Bad", 30, 10)
    assert bad.others == pytest.approx(2 / 60)
    assert bad.stands_out
    assert not good.stands_out
    [finding] = incident_findings([bad, good], 14, EVIDENCE)
    assert finding.claim.startswith("10 of 30 orders of Bad were followed by an incident")


def test_orders_that_are_not_judged_do_not_count(shop: Shop) -> None:
    """Neither above nor below the line."""
    sold(shop, "Bad", 4)
    ripe = np.array([True, True, False, False])
    [bad] = as_incidents(shop.orders(), ripe, np.array([True, False, True, True]))

    assert (bad.n, bad.incidents) == (2, 1)


def test_free_text_about_a_service_with_items_is_found(shop: Shop) -> None:
    """Twenty of fifty about mail name no item, though there are two."""
    sold(shop, "Mailbox", 30, service="Mail")
    sold(shop, None, 20, service="Mail")
    sold(shop, None, 40, service="Coffee")
    about = {"Mailbox": ("Mail", "Messages"), "List": ("Mail", None), "Fax": ("Fax", None)}
    [found] = free_text(shop.orders(), about)

    assert (found.about, found.n, found.orders) == ("Mail", 20, 50)
    assert found.items == ("List", "Mailbox")
    [finding] = free_findings([found], EVIDENCE)
    assert finding.claim == (
        "20 of 50 requests about Mail name no item, though the catalogue has List, Mailbox."
    )


def test_few_or_rare_free_texts_are_no_finding(shop: Shop) -> None:
    """Nineteen are few; twenty of a hundred and one are rare."""
    sold(shop, None, 19, service="Mail")
    few = free_text(shop.orders(), {"Mailbox": ("Mail", None)})

    assert few[0].n == 19
    assert free_findings(few, EVIDENCE) == []


def test_orders_are_tied_to_incidents_either_way(shop: Shop) -> None:
    """By a link from the incident, or from the order; a link to another order is none."""
    sold(shop, "Mouse", 4)
    shop.has("I1", "05 08:00 new Desk", practice="incident")
    for one, other in (("I1", "R000"), ("R001", "I1"), ("R002", "R003")):
        shop.ties(one, other)
    rows = shop.run(tied_incident_rows(shop.asked, unbound(TICKETS), unbound(LINKS)))

    assert sorted(rows["ticket_id"].to_pylist()) == ["R000", "R001"]
