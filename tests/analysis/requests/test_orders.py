"""Parts of an order's time: which moments belong to which, and that they add up."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.requests.orders import Parts, hours_at, whole_numbers
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.definition import Calendar, Slot
from opsgauge.log.calendars.stretches import stretches
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-01")
OFFICE = Calendar("office", "Office", "Europe/Berlin", ((Slot(540, 1020),),) * 5 + ((), ()))


def hours(parts: Parts) -> list[tuple[float, ...]]:
    """Return whole, touch, wait and approval of each order, in hours."""
    each = (parts.whole, parts.touch, parts.wait, parts.approval)
    return [tuple(float(us) / MICROS_PER_HOUR for us in row) for row in zip(*each, strict=True)]


def test_each_phase_has_its_part(shop: Shop) -> None:
    """New and pending are wait, assigned and in progress touch, pending approval approval."""
    shop.has(
        "R1",
        "05 08:00 new Desk",
        "05 09:00 pending_approval Desk",
        "05 11:00 assigned Desk",
        "05 12:00 pending_vendor Desk",
        "05 17:00 in_progress Desk",
        "05 18:00 resolved Desk",
        "07 18:00 closed Desk",
    )

    assert hours(shop.orders().parts()) == [(10.0, 2.0, 6.0, 2.0)]


def test_an_open_approval_is_approval_whatever_the_phase(shop: Shop) -> None:
    """Asked 08:30 and 10:00, decided 10:30 and 11:00: approval from 08:30 to 11:00, once."""
    shop.has("R1", "05 08:00 new Desk", "05 10:00 in_progress Desk", "05 12:00 resolved Desk")
    shop.asks("R1", "05 08:30", "05 10:30", True)
    shop.asks("R1", "05 10:00", "05 11:00", True)

    assert hours(shop.orders().parts()) == [(4.0, 1.0, 0.5, 2.5)]


def test_an_approval_of_which_only_the_asking_is_known_lasts_to_the_end(shop: Shop) -> None:
    """What was done meanwhile is no touch: nobody had said that it may be."""
    shop.has("R1", "05 08:00 new Desk", "05 09:00 in_progress Desk", "05 12:00 resolved Desk")
    shop.asks("R1", "05 10:00", None, None)

    assert hours(shop.orders().parts()) == [(4.0, 1.0, 1.0, 2.0)]


def test_approvals_before_opening_and_after_completion_do_not_count(shop: Shop) -> None:
    """Only the time from opening to completion is looked at."""
    shop.has("R1", "05 08:00 in_progress Desk", "05 12:00 resolved Desk")
    shop.asks("R1", "05 06:00", "05 09:00", True)
    shop.asks("R1", "05 13:00", "05 15:00", True)

    assert hours(shop.orders().parts()) == [(4.0, 3.0, 0.0, 1.0)]


def test_time_taken_for_done_is_wait(shop: Shop) -> None:
    """Resolved 09:00, reopened 12:00, resolved 13:00: three hours of five nobody did anything."""
    shop.has(
        "R1",
        "05 08:00 in_progress Desk",
        "05 09:00 resolved Desk",
        "05 12:00 in_progress Desk",
        "05 13:00 resolved Desk",
    )

    assert hours(shop.orders().parts()) == [(5.0, 2.0, 3.0, 0.0)]


def test_a_state_without_a_phase_is_wait(shop: Shop) -> None:
    """What a tool's word means is not known, so nothing is claimed about it."""
    shop.has("R1", "05 08:00 - Desk", "05 09:00 in_progress Desk", "05 12:00 resolved Desk")

    assert hours(shop.orders().parts()) == [(4.0, 3.0, 1.0, 0.0)]


def test_only_completed_orders_have_time(shop: Shop) -> None:
    """Open, cancelled and refused orders are orders, and incidents are none."""
    shop.has("R1", "05 08:00 new Desk")
    shop.has("R2", "05 08:00 new Desk", "05 09:00 cancelled Desk")
    shop.has("R3", "05 08:00 new Desk", "05 09:00 rejected Desk")
    shop.has("I1", "05 08:00 new Desk", "05 09:00 resolved Desk", practice="incident")
    orders = shop.orders()

    assert len(orders) == 3
    assert not orders.completed.any()
    assert hours(orders.parts()) == [(0.0, 0.0, 0.0, 0.0)] * 3


def test_an_order_done_before_it_was_opened_took_no_time(shop: Shop) -> None:
    """It is counted as such, and never takes time away from the others."""
    shop.has("R1", "05 08:00 in_progress Desk", "05 09:00 resolved Desk", opened="05 10:00")
    orders = shop.orders()

    assert hours(orders.parts()) == [(0.0, 0.0, 0.0, 0.0)]
    assert whole_numbers(orders.rows["reversed"]).tolist() == [1]


def test_business_time_counts_open_hours_only(shop: Shop) -> None:
    """Friday 16:00 to Monday 10:00 in Berlin, open nine to five: one hour wait, one of touch."""
    shop.has("R1", "09 15:00 new Desk", "12 08:00 in_progress Desk", "12 09:00 resolved Desk")
    first, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    clock = stretches(OFFICE, first, last).open_at

    assert hours(shop.orders().parts(clock)) == [(2.0, 1.0, 1.0, 0.0)]


@settings(max_examples=15)
@given(st.integers(min_value=0, max_value=10_000))
def test_parts_add_up_and_agree_with_a_walk_minute_by_minute(seed: int) -> None:
    """By any clock, to the microsecond, however phases and approvals lie."""
    shop, minutes = random_shop(seed)
    orders = shop.orders()
    walked = [minutes[key] for key in sorted(minutes)]
    parts = orders.parts()

    found = zip(parts.whole, parts.touch, parts.wait, parts.approval, strict=True)
    assert [tuple(us / 60_000_000 for us in row) for row in found] == walked
    first, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    office = orders.parts(stretches(OFFICE, first, last).open_at)
    assert np.array_equal(office.touch + office.wait + office.approval, office.whole)
    for part in (office.touch, office.wait, office.approval):
        assert (part >= 0).all()


def random_shop(seed: int) -> tuple[Shop, dict[str, tuple[int, ...]]]:
    """Make a few orders, and count the minutes of their parts in plain Python."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    shop, minutes = Shop(), {}
    phases = ["new", "assigned", "in_progress", "pending_user", "pending_approval", "resolved"]
    for number in range(8):
        name = f"R{number}"
        opened = dice.randrange(60, 120)
        moments = sorted({opened, *(dice.randrange(opened, 400) for _ in range(5))})
        walk = [dice.choice(phases) for _ in moments[:-1]] + ["resolved"]
        shop.has(name, *(f"{text(m)} {phase} Desk" for m, phase in zip(moments, walk, strict=True)))
        asked = []
        for _ in range(dice.randrange(4)):
            one = dice.randrange(0, 420)
            end = dice.choice([None, one, one + dice.randrange(200)])
            asked.append((one, end))
            shop.asks(name, text(one), None if end is None else text(end), None)
        minutes[name] = walked(list(zip(moments, walk, strict=True)), asked)
    return shop, minutes


def walked(steps: list[tuple[int, str]], asked: list[tuple[int, Any]]) -> tuple[int, ...]:
    """Go through an order minute by minute."""
    counts = {"touch": 0, "wait": 0, "approval": 0}
    for minute in range(steps[0][0], steps[-1][0]):
        phase = [phase for since, phase in steps if since <= minute][-1]
        open_approval = any(one <= minute and (end is None or minute < end) for one, end in asked)
        if phase == "pending_approval" or open_approval:
            counts["approval"] += 1
        elif phase in ("assigned", "in_progress"):
            counts["touch"] += 1
        else:
            counts["wait"] += 1
    return sum(counts.values()), counts["touch"], counts["wait"], counts["approval"]


def text(minute: int) -> str:
    """Write a minute of the fifth of January."""
    moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minute)
    return f"{moment:%d %H:%M}"


def test_a_quantile_lies_between_neighbours() -> None:
    """By a straight line, as metrics have it."""
    assert hours_at(np.array([0, 10]) * MICROS_PER_HOUR, 0.9) == pytest.approx(9.0)


def test_orders_of_two_sources_with_one_number_stay_apart(shop: Shop) -> None:
    """The key is source and number."""
    shop.has("R1", "05 08:00 in_progress Desk", "05 09:00 resolved Desk")
    shop.has("R1", "05 08:00 new Desk", "05 11:00 resolved Desk", source="other")
    for row in shop.rows["history"][2:]:
        row["source"] = "other"
    orders = shop.orders()

    assert orders.rows["source"].to_pylist() == ["other", "shop"]
    assert hours(orders.parts()) == [(3.0, 0.0, 3.0, 0.0), (1.0, 1.0, 0.0, 0.0)]
