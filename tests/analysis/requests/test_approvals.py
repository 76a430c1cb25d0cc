"""Approvals: how long, how often no, and where never."""

import pytest

from opsgauge.analysis.requests.approvals import (
    Floor,
    approval_free,
    by_chain,
    by_item,
    by_step,
    most_refused,
    waited_hours,
)
from opsgauge.foundation.finding import Evidence
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-02", "MAP-10")
EVIDENCE = Evidence("asked", 1)


def test_a_step_has_its_answers_and_waits(shop: Shop) -> None:
    """Three decided within 1, 2 and 6 hours, one of them a no; one still waits."""
    for number, (decided, said) in enumerate(
        [("05 09:00", True), ("05 10:00", True), ("05 14:00", False), (None, None)]
    ):
        shop.has(f"R{number}", "05 08:00 new Desk")
        shop.asks(f"R{number}", "05 08:00", decided, said, approver_group="Heads")
    [step] = by_step(shop.approvals())

    assert (step.name, step.group, step.orders) == ("Manager", "Heads", 4)
    assert (step.asked, step.decided, step.refused, step.unchanged) == (4, 3, 1, 2)
    assert (step.median, step.hours) == (2.0, 9.0)
    assert step.p90 == pytest.approx(5.2)
    assert not step.never_no


def test_a_yes_counts_as_unchanged_unless_the_order_was_changed_meanwhile(shop: Shop) -> None:
    """R1 as it was; R2 moved to another category before the yes; R3 after it; R4 asked twice."""
    for name in ("R1", "R2", "R3", "R4"):
        shop.has(name, "05 08:00 new Desk", "05 10:00 new Desk", "05 13:00 assigned Desk")
        shop.asks(name, "05 09:00", "05 11:00", True)
    shop.asks("R4", "05 12:00", "05 12:30", True)
    for row in shop.rows["history"]:
        moved = {"R2": 2, "R3": 3}.get(row["ticket_id"], 9)
        row["category"] = "New" if row["seq"] >= moved else "Old"
    found = {(each.place, each.asked_us): each.unchanged for each in shop.approvals()}

    assert [found[key] for key in sorted(found)] == [True, False, True, False, False]


def test_a_chain_is_the_steps_of_an_order_in_turn(shop: Shop) -> None:
    """Manager, then budget; refused where one of them says no; it waits from first to last."""
    for name, said in (("R1", True), ("R2", False)):
        shop.has(name, "05 08:00 new Desk")
        shop.asks(name, "05 10:00", "05 11:00", said, step="Budget")
        shop.asks(name, "05 08:00", "05 09:00", True)
    shop.has("R3", "05 08:00 new Desk")
    shop.asks("R3", "05 08:00", "05 09:00", True)
    chains = {chain.name: chain for chain in by_chain(shop.approvals())}

    assert set(chains) == {"Manager → Budget", "Manager"}
    both = chains["Manager → Budget"]
    assert (both.orders, both.decided, both.refused, both.hours) == (2, 2, 1, 6.0)


def test_no_no_in_212_means_at_most_one_point_four_percent() -> None:
    """Exact, close to 3 of 212; with noes it is higher, and all noes are all there may be."""
    assert most_refused(0, 212) == pytest.approx(1 - 0.05 ** (1 / 212))
    assert most_refused(0, 212) == pytest.approx(3 / 212, rel=0.01)
    assert most_refused(1, 212) > most_refused(0, 212)
    assert most_refused(4, 4) == 1.0


def cheap_shop(shop: Shop, n: int, refused: int = 0) -> None:
    """Sell folders: n orders, each waiting an hour for approval and an hour for work."""
    for number in range(n):
        name = f"R{number}"
        shop.has(name, "05 08:00 new Desk", "05 10:00 resolved Desk", catalogue_item="Folder")
        shop.asks(name, "05 08:00", "05 09:00", number >= refused)


def test_a_cheap_item_that_was_never_refused_is_found(shop: Shop) -> None:
    """Of 40 orders none was refused, and each waited an hour."""
    cheap_shop(shop, 40)
    orders, items = shop.orders(), by_item(shop.approvals(), shop.orders())
    waited = waited_hours(orders, orders.parts())
    [found] = approval_free(items, waited, {"Folder": 0.0}, Floor(), EVIDENCE)

    assert found.n == 40
    assert found.worth_hours == pytest.approx(40.0)
    assert found.interval is not None
    assert found.interval[1] == pytest.approx(1 - 0.05 ** (1 / 40))
    assert found.claim.startswith("Folder may need no approval: 0 of 40 were refused, at most 7.2")
    assert items[0].never_no


@pytest.mark.parametrize(("n", "refused", "price"), [(29, 0, 0.0), (40, 1, 0.0), (40, 0, 50.01)])
def test_few_orders_a_single_no_or_a_price_keep_the_approval(
    shop: Shop, n: int, refused: int, price: float
) -> None:
    """Each alone is enough."""
    cheap_shop(shop, n, refused)
    items = by_item(shop.approvals(), shop.orders())

    assert not approval_free(items, {}, {"Folder": price}, Floor(), EVIDENCE)


def test_an_item_without_a_price_is_found_with_a_caveat(shop: Shop) -> None:
    """What is not on record is not taken for nothing."""
    cheap_shop(shop, 30)
    items = by_item(shop.approvals(), shop.orders())
    [found] = approval_free(items, {}, {}, Floor(), EVIDENCE)

    assert "Its price is not on record." in found.caveats
