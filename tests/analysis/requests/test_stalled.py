"""Approvals that stall: by hand, and each by itself in plain Python."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.analysis.requests.stalled import stalled_rows, stalls
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import unbound
from opsgauge.log.related import APPROVALS
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.portable import micros_at
from tests.analysis.requests.conftest import Shop, at

pytestmark = pytest.mark.row("MAP-05")
UNTIL, DAY = "31 00:00", 24


def stalled(shop: Shop, hours: float = 3 * DAY) -> list[dict[str, Any]]:
    """Return the rows of a desk."""
    asked = (micros_at(at(UNTIL)), int(hours * MICROS_PER_HOUR))
    rows: list[dict[str, Any]] = shop.run(
        stalled_rows(unbound(TICKETS), unbound(APPROVALS), *asked)
    ).to_pylist()
    return rows


def test_waits_of_days_are_told_answered_or_not(shop: Shop) -> None:
    """R1 waited three days, R2 a minute less, R3 waits since ten; R4 is done, and nobody knows.

    Of R1 two heads were asked, and both took long: it waited once, for the longer one.
    """
    for number in ("R1", "R2", "R3"):
        shop.has(number, "05 08:00 new Desk")
    shop.has("R4", "05 08:00 new Desk", "06 08:00 resolved Desk")
    shop.asks("R1", "05 09:00", "08 09:00", True, approver_group="Heads")
    shop.asks("R1", "05 09:00", "09 09:00", False, approver_group="Heads")
    shop.asks("R2", "05 09:00", "08 08:59", True, approver_group="Heads")
    shop.asks("R3", "21 00:00", None, None, approver_group="Heads")
    shop.asks("R4", "05 09:00", None, None, approver_group="Heads")
    [row] = stalled(shop)
    [told] = stalls([row], Thresholds(stalled_approvals=3))

    assert (told.tickets, told.hours, told.teams) == (2, (4 + 10) * DAY, ("Heads",))
    assert told.claim == (
        "3 of 4 approvals ‘Manager’ by Heads waited 3 days or longer for an answer, 75\u202f%, "
        "1 still do."
    )
    assert told.examples == (("shop", "R3"),)
    assert list(stalls([row], Thresholds(stalled_approvals=4))) == []


def test_steps_and_groups_are_told_apart(shop: Shop) -> None:
    """Where no group or step is written, none is named."""
    shop.has("R1", "05 08:00 new Desk")
    for step, group in (("Manager", "Heads"), ("Manager", None), (None, None)):
        shop.asks("R1", "05 09:00", "10 09:00", True, step=step, approver_group=group)
    told = [*stalls(stalled(shop), Thresholds(stalled_approvals=1))]

    assert [each.teams for each in told] == [(), (), ("Heads",)]
    assert ["without a step" in each.claim for each in told] == [True, False, False]


ASKED = st.tuples(
    st.integers(0, 2),  # whose
    st.integers(0, 99),  # asked after so many hours
    st.one_of(st.none(), st.integers(-5, 99)),  # answered after so many more
    st.sampled_from(["Manager", None]),
)


@settings(max_examples=50, deadline=None)
@given(every=st.lists(ASKED, min_size=1, max_size=8), hours=st.integers(1, 80))
def test_they_are_what_each_approval_says(every: list[Any], hours: int) -> None:
    """T0 and T1 are open, T2 is done."""
    shop = Shop()
    for number in ("T0", "T1"):
        shop.has(number, "01 00:00 new Desk")
    shop.has("T2", "01 00:00 new Desk", "02 00:00 resolved Desk")
    counts: dict[Any, list[Any]] = {}
    for whose, after, more, step in every:
        asked = _moment(after)
        decided = None if more is None else _moment(after + more)
        shop.asks(f"T{whose}", asked, decided, None if more is None else True, step=step)
        if more is None and whose == 2:
            continue
        waited = max(more, 0) if more is not None else 30 * DAY - after - 100
        one = counts.setdefault(step, [0, 0, 0, {}])
        one[0] += 1
        if waited >= hours:
            one[1] += 1
            one[2] += more is None
            one[3][whose] = max(one[3].get(whose, 0), waited)
    found = {
        row["step"]: (
            row["n"], row["stalled"], row["waiting"], row["tickets"],
            row["waited_us"] / MICROS_PER_HOUR,
        )
        for row in stalled(shop, hours)
    }  # fmt: skip

    assert found == {
        step: (n, many, still, len(longest), sum(longest.values()))
        for step, (n, many, still, longest) in counts.items()
    }


def _moment(hours: int) -> str:
    """Return so many hours after the first hundred of the month."""
    days, clock = divmod(hours + 100, DAY)
    return f"{1 + days:02} {clock:02}:00"
