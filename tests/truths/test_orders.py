"""What was planted in orders comes out: slow approvals, and the item that lost its own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from opsgauge.analysis.requests.fulfilment import Fulfilled
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.operations.approving import approvals
from opsgauge.operations.demo import TRUTHS
from opsgauge.operations.flow import Selection
from opsgauge.operations.requests import fulfilment
from opsgauge.sources.tools.demo import words
from tests.truths.conftest import MANY, Found

OFTEN, SELDOM = 0.8, 0.2  # of an item's orders are asked about
ENOUGH = 20  # orders

Made = Callable[..., Found]


def approval_hours(line: Fulfilled) -> float:
    """Return for how long an order lies for approval on average."""
    return line.elapsed.approval_us / line.elapsed.n / MICROS_PER_HOUR


@pytest.mark.row("REQ-01", "REQ-02")
@pytest.mark.parametrize("seed", [1, 2])
def test_items_that_are_asked_about_lie_for_approval_and_others_do_not(
    made: Made, seed: int
) -> None:
    """Half of the orders of each such item lie for hours; of the others none of the middle do."""
    asked = {item.name: item.approval for item in words.ITEMS}
    lines = {line.name: line for line in fulfilment(made(seed, (), MANY).context).lines}
    known = [line for name, line in lines.items() if name in asked and line.elapsed.n >= ENOUGH]
    often = [line for line in known if asked[line.name or ""] >= OFTEN]
    seldom = [line for line in known if asked[line.name or ""] <= SELDOM]

    assert often
    assert seldom
    assert min(line.elapsed.part_medians[2] for line in often) > 8.0
    assert max(line.elapsed.part_medians[2] for line in seldom) == 0.0


@pytest.mark.row("REQ-01", "REQ-02")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_item_whose_approvals_became_automatic_lost_that_part(made: Made, seed: int) -> None:
    """Before, its orders lay for approval for half a day or more; since, less than half as long."""
    found = made(seed, TRUTHS, MANY)
    where = found.truths["improvement_worked"]["where"]
    day = datetime.fromisoformat(where["since"]).date()
    item = (Condition("catalogue_item", (where["catalogue_item"],)),)
    before = Selection(item, to=day - timedelta(days=1))
    since = Selection(item, from_=day + timedelta(days=1))
    [old] = fulfilment(found.context, before).lines
    [new] = fulfilment(found.context, since).lines

    assert approval_hours(old) > 12.0
    assert approval_hours(new) < approval_hours(old) / 2
    [step] = approvals(found.context, before).steps
    assert step.decided > ENOUGH
