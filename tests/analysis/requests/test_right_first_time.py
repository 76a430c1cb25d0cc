"""Right first time: each way to fail, and what is none."""

import pytest

from opsgauge.analysis.requests.right_first_time import REASONS, right_by, right_first_time
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-04")
DONE = "05 12:00 resolved Desk"


def failed(shop: Shop) -> set[str]:
    """Return for what the only order failed; it must be judged."""
    verdict = shop.judged()
    assert verdict.ripe.tolist() == [True]
    return {why for why in REASONS if verdict.faults[why].any()}


def test_straight_through_is_right(shop: Shop) -> None:
    """New, approved, worked on, handed on, done."""
    shop.has(
        "R1",
        "05 08:00 new Desk",
        "05 08:30 pending_approval Desk",
        "05 09:00 assigned Desk",
        "05 10:00 in_progress Desk",
        "05 10:30 assigned Field",
        "05 11:00 in_progress Field",
        "05 12:00 resolved Field",
        "07 12:00 closed Field",
    )

    assert failed(shop) == set()
    assert shop.judged().right.tolist() == [True]


def test_work_that_goes_on_after_a_pause_is_no_rework(shop: Shop) -> None:
    """It waited for a delivery, and for the user, which is a return by its own name."""
    shop.has(
        "R1",
        "05 08:00 in_progress Desk",
        "05 09:00 pending_vendor -",
        "05 10:00 in_progress Desk",
        DONE,
    )
    shop.has(
        "R2",
        "05 08:00 in_progress Desk",
        "05 09:00 pending_user Desk",
        "05 10:00 in_progress Desk",
        DONE,
    )
    verdict = shop.judged()

    assert not verdict.faults["rework"].any()
    assert verdict.faults["returned"].tolist() == [False, True]


@pytest.mark.parametrize(
    "way",
    [
        ("05 08:00 in_progress Desk", "05 09:00 assigned Desk", "05 10:00 in_progress Desk"),
        ("05 08:00 assigned Desk", "05 09:00 in_progress Field", "05 10:00 in_progress Desk"),
        ("05 08:00 assigned Desk", "05 09:00 pending_vendor Field", "05 10:00 in_progress Desk"),
    ],
    ids=["a step again", "a team again", "a team again after a pause elsewhere"],
)
def test_a_step_or_a_team_visited_again_is_rework(shop: Shop, way: tuple[str, ...]) -> None:
    """Once it was left for another."""
    shop.has("R1", *way, DONE)

    assert failed(shop) == {"rework"}


def test_a_reopened_order_fails_by_that_alone(shop: Shop) -> None:
    """What is visited again after the first completion is the reopening's doing."""
    shop.has(
        "R1",
        "05 08:00 in_progress Desk",
        "05 09:00 resolved Desk",
        "05 10:00 in_progress Desk",
        "05 12:00 resolved Desk",
        reopen_count=1,
    )

    assert failed(shop) == {"reopened"}


@pytest.mark.parametrize(
    ("opened", "about", "by", "counts"),
    [
        ("05 12:00", "Mail", "Ann", True),
        ("19 11:59", "Mail", "Ann", True),
        ("19 12:00", "Mail", "Ann", False),
        ("05 11:59", "Mail", "Ann", False),
        ("06 12:00", "Print", "Ann", False),
        ("06 12:00", "Mail", "Bob", False),
        ("06 12:00", None, "Ann", False),
    ],
)
def test_an_incident_of_the_requester_counts_within_days(
    shop: Shop, opened: str, about: str | None, by: str, counts: bool
) -> None:
    """Done on the fifth at noon; fourteen days later, to the minute, it is over."""
    shop.has("R1", "05 08:00 in_progress Desk", DONE, requester="Ann", service="Mail")
    shop.has("I1", f"{opened} new Desk", practice="incident", requester=by, service=about)

    assert failed(shop) == ({"incident"} if counts else set())


def test_the_catalogue_says_the_service_of_an_order_that_does_not(shop: Shop) -> None:
    """And an incident about the item itself counts as well."""
    shop.sells("Mailbox", service="Mail")
    shop.has("R1", "05 08:00 new Desk", DONE, requester="Ann", catalogue_item="Mailbox")
    shop.has("R2", "05 08:00 new Desk", DONE, requester="Bob", catalogue_item="Phone")
    shop.has("I1", "06 08:00 new Desk", practice="incident", requester="Ann", service="Mail")
    shop.has(
        "I2", "06 08:00 new Desk", practice="incident", requester="Bob", catalogue_item="Phone"
    )

    assert shop.judged().faults["incident"].tolist() == [True, True]


def test_an_order_is_judged_once_its_days_are_over(shop: Shop) -> None:
    """Done on the fifth at noon: with three days from the eighth at noon on."""
    shop.has("R1", "05 08:00 new Desk", DONE)

    assert shop.judged("08 11:59", days=3).ripe.tolist() == [False]
    assert shop.judged("08 12:00", days=3).ripe.tolist() == [True]


def test_shares_count_each_order_once_and_each_reason_by_itself(shop: Shop) -> None:
    """Of four, two are right; one failed for two reasons."""
    shop.has("R1", "05 08:00 new Desk", DONE, catalogue_item="Mouse")
    shop.has("R2", "05 08:00 new Desk", DONE, catalogue_item="Laptop")
    shop.has("R3", "05 08:00 new Desk", "05 09:00 pending_user Desk", DONE, reopen_count=2)
    shop.has("R4", "05 08:00 new Desk", DONE, reopen_count=1, catalogue_item="Laptop")
    orders, verdict = shop.orders(), shop.judged()
    found = right_first_time(orders, verdict)

    assert (found.n, found.right, found.share) == (4, 2, 0.5)
    assert found.failed == {"rework": 0, "returned": 1, "reopened": 2, "incident": 0}
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high
    by_item = {line.name: (line.n, line.right) for line in right_by(orders, verdict, "item")}
    assert by_item == {"Laptop": (2, 1), "Mouse": (1, 1), None: (1, 0)}


def test_without_orders_there_is_no_share(shop: Shop) -> None:
    """Nothing to divide by."""
    shop.has("R1", "05 08:00 new Desk")
    found = right_first_time(shop.orders(), shop.judged())

    assert (found.n, found.share, found.as_json()["low"]) == (0, None, None)
