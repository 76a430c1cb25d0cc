"""Fulfilment time by item and the like."""

import numpy as np
import pytest

from opsgauge.analysis.requests.fulfilment import (
    fulfilled,
    fulfilled_at,
    grouped,
    median_interval,
    timed,
    times,
)
from opsgauge.analysis.requests.orders import elapsed
from opsgauge.foundation.units import MICROS_PER_HOUR
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-01")


def three(shop: Shop) -> None:
    """Laptops that took 2, 4 and 9 hours, one hour of each in progress; a mouse still open."""
    for number, end in enumerate(("10", "12", "17"), start=1):
        shop.has(
            f"R{number}",
            "05 08:00 new Desk",
            "05 09:00 in_progress Desk",
            "05 10:00 pending_vendor Desk",
            f"05 {end}:00 resolved Desk",
            catalogue_item="Laptop",
            channel="Portal" if number < 3 else None,
        )
    shop.has("R4", "05 08:00 new Desk", catalogue_item="Mouse")


def test_an_item_has_its_median_p90_and_parts(shop: Shop) -> None:
    """Half of three laptops within 4 hours; sums are whole microseconds and add up."""
    three(shop)
    orders = shop.orders()
    [laptop] = fulfilled(orders, timed(orders, None, {}), "item")

    assert (laptop.name, laptop.elapsed.n) == ("Laptop", 3)
    assert laptop.elapsed.median == 4.0
    assert laptop.elapsed.p90 == pytest.approx(8.0)
    parts = (laptop.elapsed.touch_us, laptop.elapsed.wait_us, laptop.elapsed.approval_us)
    assert parts == tuple(h * MICROS_PER_HOUR for h in (3, 12, 0))
    assert sum(parts) == laptop.elapsed.whole_us
    assert laptop.business is None
    assert laptop.chosen is laptop.elapsed


def test_orders_that_say_nothing_are_a_group_of_their_own(shop: Shop) -> None:
    """By channel: two by the portal, one by nobody knows what."""
    three(shop)
    orders = shop.orders()
    lines = fulfilled(orders, timed(orders, None, {}), "channel")

    assert [(line.name, line.elapsed.n) for line in lines] == [("Portal", 2), (None, 1)]


def test_each_order_is_held_against_the_promise_of_its_item(shop: Shop) -> None:
    """Four hours were promised: kept by two of three, the one at four hours included."""
    three(shop)
    orders = shop.orders()
    [laptop] = fulfilled(orders, timed(orders, None, {"Laptop": 4.0, "Mouse": 1.0}), "item")

    assert laptop.promise is not None
    assert (laptop.promise.hours, laptop.promise.kept, laptop.promise.n) == (4.0, 2, 3)
    assert laptop.promise.share == pytest.approx(2 / 3)
    assert laptop.as_json()["promise"]["low"] < 2 / 3 < laptop.as_json()["promise"]["high"]


def test_a_promise_is_held_by_the_clock_of_the_calendar(shop: Shop) -> None:
    """By a clock at half speed, nine hours are four and a half."""
    three(shop)
    orders = shop.orders()
    slow = timed(orders, lambda moments: moments // 2, {"Laptop": 4.0})
    line = fulfilled_at(slow, "Laptop", np.flatnonzero(orders.completed))

    assert line.business is not None
    assert line.business.median == 2.0
    assert line.promise is not None
    assert line.promise.kept == 2
    assert line.as_json()["business"]["whole_us"] * 2 == line.as_json()["elapsed"]["whole_us"]


def test_places_of_a_word_are_those_of_its_orders(shop: Shop) -> None:
    """Also of orders that are not completed, where they are asked for."""
    three(shop)
    orders = shop.orders()
    everyone = np.ones(4, dtype=np.bool_)

    assert [(word, at.tolist()) for word, at in grouped(orders, "item", everyone)] == [
        ("Laptop", [0, 1, 2]),
        ("Mouse", [3]),
    ]


def test_a_median_of_few_has_no_interval_and_of_many_a_narrow_one() -> None:
    """Three say too little; of 1 to 99 hours the median lies between the 40th and the 60th."""
    one_each = np.arange(1, 100) * MICROS_PER_HOUR

    assert median_interval(one_each[:3]) == (None, None)
    assert median_interval(one_each[:12]) == (3.0, 10.0)
    assert median_interval(one_each) == (40.0, 60.0)
    assert median_interval(np.arange(1, 3000, dtype=np.int64))[0] is not None


def test_times_of_one_order(shop: Shop) -> None:
    """Median and p90 are the order's own."""
    three(shop)
    found = times(shop.orders().parts(elapsed), np.array([2]))

    assert (found.median, found.p90, found.n) == (9.0, 9.0, 1)
    assert found.part_medians == (1.0, 8.0, 0.0)
    assert found.as_json()["wait_median_hours"] == 8.0
