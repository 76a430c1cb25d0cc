"""Error budgets and burn rates, by the numbers of the Site Reliability Workbook."""

import pytest

from opsgauge.analysis.promises.error_budget import Budget, Counted, burn_limit, burn_rate


def test_a_budget_is_what_may_go_wrong() -> None:
    """Of 10,000 requests at 99.9 %, ten may fail."""
    budget = Budget(0.999, Counted(10_000, 4))

    assert budget.allowed == pytest.approx(10)
    assert budget.spent == pytest.approx(0.4)
    assert budget.left == pytest.approx(6)


def test_of_a_window_that_is_not_over_the_budget_is_that_of_all_it_will_hold() -> None:
    """A third of the month, a tenth of its budget: too little went wrong to worry."""
    budget = Budget(0.9, Counted(100, 3), elapsed=1 / 3)

    assert budget.spent == pytest.approx(0.1)
    assert budget.left == pytest.approx(27)


def test_without_records_nothing_is_spent_and_nothing_said() -> None:
    """Neither nought nor all of it."""
    empty = Budget(0.9, Counted())

    assert (empty.spent, empty.left, empty.counted.good_share) == (None, None, None)


@pytest.mark.row("SLA-12")
def test_the_workbooks_limits() -> None:
    """2 % in an hour, 5 % in six, 10 % in three days of a budget for thirty days."""
    assert burn_limit(0.02, 1, 30) == pytest.approx(14.4)
    assert burn_limit(0.05, 6, 30) == pytest.approx(6)
    assert burn_limit(0.10, 72, 30) == pytest.approx(1)


@pytest.mark.row("SLA-12")
def test_a_burn_is_told_while_it_lasts_and_not_once_it_is_over() -> None:
    """In both windows: the long one says that it matters, the short one that it goes on."""
    calm, bad = Counted(10, 0), Counted(10, 9)
    burning = burn_rate([calm] * 10 + [bad] * 2, 0.95, 12, 2.0)
    over = burn_rate([bad] * 2 + [calm] * 10, 0.95, 12, 2.0)

    assert burning.long == over.long == pytest.approx(18 / 120 / 0.05)
    assert burning.is_burning()
    assert not over.is_burning()
    assert not burning.is_burning(fewest_bad=19)


def test_hours_without_records_say_nothing() -> None:
    """No records are no burn."""
    quiet = burn_rate([Counted()] * 24, 0.95, 12, 1.0)

    assert (quiet.long, quiet.short) == (None, None)
    assert not quiet.is_burning()
