"""What comes in beside incidents."""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.coming import IMPROVING, RELEASING, WHOLE_BUNDLE
from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.errands import FIRST_TASK, LEAD, SUBMITTED
from opsgauge.sources.tools.demo.plot import truth_mark


def test_a_bundle_has_six_tasks_that_open_with_the_yes(desk: Desk) -> None:
    """The tasks of a new starter come when the order is approved, each for its own team."""
    t = desk.tickets
    bundles = np.flatnonzero(t.item == WHOLE_BUNDLE)
    tasks = np.flatnonzero(np.isin(t.parent, bundles))
    parents = t.parent[tasks]

    assert len(tasks) == len(bundles) * len(words.BUNDLE_TASKS) > 0
    yes = t.opened[parents] + SUBMITTED + t.approval[parents]
    assert (t.opened[tasks] == yes + FIRST_TASK).all()
    assert len(set(t.owner[tasks[parents == bundles[0]]])) == len(words.BUNDLE_TASKS)


def test_truths_have_their_change_records(desk: Desk) -> None:
    """Two improvements and a release are records of changes that come with their truths alone."""
    t, plot = desk.tickets, desk.plot
    special = np.flatnonzero(np.isin(t.kind, (IMPROVING, RELEASING)) & (t.practice == words.CHANGE))
    told = {int(t.only_with[k]): int(t.opened[k]) for k in special}

    assert told == {
        truth_mark("improvement_worked"): plot.improved_at - 86_400,
        truth_mark("improvement_failed"): plot.checked_at - 86_400,
        truth_mark("release_incidents"): plot.release_at - LEAD,
    }


def test_orders_of_some_items_need_no_yes(desk: Desk) -> None:
    """An item's share of approvals is what its words say, roughly."""
    t = desk.tickets
    orders = t.practice == words.REQUEST
    free = orders & (t.item == [i.name for i in words.ITEMS].index("Install approved software"))
    bound = orders & (t.item == [i.name for i in words.ITEMS].index("Access to order management"))

    assert (t.approval[free] >= 0).mean() < 0.25
    assert (t.approval[bound] >= 0).mean() > 0.7
