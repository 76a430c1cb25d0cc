"""Approvals: how long, how often no, and where never."""

import pytest

from opsgauge.analysis.requests.approval_free import Floor, approval_free, waited_hours
from opsgauge.analysis.requests.approvals import (
    Decided,
    by_chain,
    by_item,
    by_level,
    by_step,
    most_refused,
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


def levels(shop: Shop, **more: str) -> dict[str, Decided]:
    """Return how each level decides."""
    return {each.name: each for each in by_level(shop.approvals(**more))}


def test_a_level_begins_with_what_is_asked_once_one_before_is_answered(shop: Shop) -> None:
    """Manager and budget side by side, then the board, asked the moment budget said yes.

    R1  manager 08:00 to 12:00, budget 09:00 to 10:00, board 10:00 to 16:00 (level 2)
    R2  manager 08:00 to 09:00, board 11:00 to 12:00 (level 2), head 13:00 to 14:00 (level 3)
    """
    for name in ("R1", "R2"):
        shop.has(name, "05 08:00 new Desk")
    shop.asks("R1", "05 08:00", "05 12:00", True)
    shop.asks("R1", "05 09:00", "05 10:00", True, step="Budget")
    shop.asks("R1", "05 10:00", "05 16:00", False, step="Board")
    shop.asks("R2", "05 08:00", "05 09:00", True)
    shop.asks("R2", "05 11:00", "05 12:00", True, step="Board")
    shop.asks("R2", "05 13:00", "05 14:00", True, step="Head")
    found = levels(shop)

    assert list(found) == ["Level 1", "Level 2", "Level 3"]
    first, second, third = found.values()
    assert (first.orders, first.asked, first.median, first.hours) == (2, 3, 1.0, 6.0)
    assert first.steps == (("Manager", 2), ("Budget", 1))
    assert first.p90 == pytest.approx(1 + 0.8 * 3)
    assert (second.asked, second.refused, second.median) == (2, 1, 3.5)
    assert (third.asked, third.steps, third.unchanged) == (1, (("Head", 1),), 1)
    assert second.longest == (("shop", "R1"), ("shop", "R2"))


def test_what_is_asked_at_one_moment_shares_a_level_also_if_answered_at_once(shop: Shop) -> None:
    """Three of one group are asked at 08:00; a rule answers one at once, nobody the others."""
    shop.has("R1", "05 08:00 new Desk")
    for decided, said in (("05 08:00", True), (None, None), (None, None)):
        shop.asks("R1", "05 08:00", decided, said)
    shop.asks("R1", "05 09:00", "05 10:00", True)

    assert {name: each.asked for name, each in levels(shop).items()} == {"Level 1": 3, "Level 2": 1}


def test_an_approval_that_was_never_asked_has_no_level(shop: Shop) -> None:
    """It has a step, and tells of no time."""
    shop.has("R1", "05 08:00 new Desk")
    shop.asks("R1", "05 08:00", "05 10:00", True)
    shop.rows["approvals"][0]["asked_at"] = None

    assert levels(shop) == {}
    [step] = by_step(shop.approvals())
    assert (step.asked, step.decided, step.median) == (1, 1, None)


def test_what_waits_is_told_beside_while_its_order_is_open(shop: Shop) -> None:
    """R1 waits since two days; R2 was cancelled without an answer; R3 took an hour."""
    shop.has("R1", "05 08:00 new Desk")
    shop.has("R2", "05 08:00 new Desk", "05 20:00 cancelled Desk")
    shop.has("R3", "05 08:00 new Desk")
    for name, decided, said in (("R1", None, None), ("R2", None, None), ("R3", "05 09:00", True)):
        shop.asks(name, "05 08:00", decided, said)
    first = levels(shop, known_until="07 08:00")["Level 1"]

    assert (first.asked, first.decided, first.waiting, first.waiting_hours) == (3, 1, 1, 48.0)
    assert (first.median, first.hours) == (1.0, 1.0)
    assert first.longest == (("shop", "R1"), ("shop", "R3"))
    plain = first.as_json()
    assert (plain["unchanged_share"], plain["refused_share"]) == (1.0, 0.0)
    [chain] = by_chain(shop.approvals("07 08:00"))
    assert (chain.waiting, chain.waiting_hours) == (1, 48.0)


def test_changes_are_approved_by_levels_too(shop: Shop) -> None:
    """C1 moved to another category before the board said yes; the order beside it is none."""
    shop.has("R1", "05 08:00 new Desk")
    shop.asks("R1", "05 08:00", "05 09:00", True)
    steps = ("05 08:00 new Desk", "05 10:00 new Desk", "05 13:00 assigned Desk")
    for name in ("C1", "C2"):
        shop.has(name, *steps, practice="change")
        shop.asks(name, "05 09:00", "05 11:00", True, step="Board")
        shop.asks(name, "05 12:00", "05 15:00", True, step="Owner")
    for row in shop.rows["history"]:
        moved = row["ticket_id"] == "C1" and row["seq"] >= 2
        row["category"] = "New" if moved else "Old"
    found = levels(shop, practice="change")

    assert [(each.asked, each.unchanged, each.median) for each in found.values()] == [
        (2, 1, 2.0),
        (2, 2, 3.0),
    ]


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
