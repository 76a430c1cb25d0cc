"""Kinds of work whose times changed for good, against textbook numbers and made-up desks."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from opsgauge.analysis.mining.censored import median, odds_of_largest, scores
from opsgauge.analysis.mining.lasting_change_words import change_findings
from opsgauge.analysis.mining.lasting_changes import (
    PARTS,
    WHOLE,
    Kind,
    Work,
    lasting_changes,
)
from opsgauge.foundation.finding import Evidence

WEEKS, A_WEEK, FROM = 60, 4, 2900
MAIL = Kind("incident", "category", "Mail", "Mail and Chat")


def desk(factor: float, changed: int = 0, seed: int = 3) -> Work:
    """Return eight kinds of work with four tickets a week; the first changes halfway."""
    draws = np.random.default_rng(seed)
    kinds = (MAIL, *(Kind("incident", "category", f"C{n}", "Desk") for n in range(7)))
    kind = np.repeat(np.arange(8), WEEKS * A_WEEK)
    week = np.tile(np.repeat(np.arange(WEEKS), A_WEEK), 8)
    hours = draws.lognormal(2.0, 1.0, len(kind))
    late = (kind == changed) & (week >= WEEKS // 2)
    hours = np.where(late, hours * factor, hours)
    done = draws.random(len(kind)) > 0.02
    nothing = {part: np.zeros(len(kind)) for part in PARTS}
    return Work(kinds, kind, week + FROM, done, {WHOLE: hours, **nothing})


def test_slower_work_is_found_with_its_week() -> None:
    """Three times as long from the thirtieth week of sixty."""
    found, looked = lasting_changes(desk(3.0))
    [change] = found

    assert looked == 8
    assert change.kind == MAIL
    assert change.slower
    assert abs((change.since - date(2026, 2, 23)).days) <= 21
    assert change.earliest <= change.since <= change.latest
    assert change.low < change.after - change.before < change.high
    assert 2 < change.after / change.before < 4.5


def test_faster_work_is_told_as_such_and_has_no_hours_to_win() -> None:
    """A third of the time."""
    [finding] = change_findings(*lasting_changes(desk(1 / 3)), Evidence("", 1))

    assert finding.kind == "faster_service"
    assert finding.worth_hours is None
    assert finding.interval is not None
    assert finding.interval[0] < finding.size < finding.interval[1]
    assert "are resolved sooner since the week of" in finding.claim


def test_slower_work_is_worth_what_came_since() -> None:
    """The difference of the medians times the tickets."""
    changes, looked = lasting_changes(desk(3.0))
    [finding] = change_findings(changes, looked, Evidence("", 1))

    assert finding.worth_hours == pytest.approx(finding.size * changes[0].later)
    assert finding.about == ("practice=incident", "category=Mail", "team=Mail and Chat")


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_found_where_nothing_changed(seed: int) -> None:
    """Eight desks, eight kinds each."""
    assert lasting_changes(desk(1.0, seed=seed))[0] == []


def test_a_desk_that_slows_down_as_a_whole_blames_nobody() -> None:
    """Every kind takes three times as long."""
    still = desk(1.0)
    late = still.week >= FROM + WEEKS // 2
    hours = {**still.hours, WHOLE: np.where(late, still.hours[WHOLE] * 3, still.hours[WHOLE])}

    assert lasting_changes(Work(still.kinds, still.kind, still.week, still.done, hours))[0] == []


def test_what_was_waited_for_is_looked_at_by_itself() -> None:
    """A vendor is waited for in every second ticket since, which the whole time hardly shows."""
    still = desk(1.0)
    late = (still.kind == 0) & (still.week >= FROM + WEEKS // 2)
    waits = np.where(late & (np.arange(len(late)) % 2 == 0), 5.0, 0.0)
    hours = {**still.hours, "a vendor": waits}
    [change] = lasting_changes(Work(still.kinds, still.kind, still.week, still.done, hours))[0]

    assert change.part == "a vendor"
    assert change.after == pytest.approx(2.5, rel=0.1)
    told = change_findings([change], 8, Evidence("", 1))[0].claim
    assert "wait longer for a vendor since the week of" in told


def test_no_work_has_no_changes() -> None:
    """Such as where the tickets chosen are none."""
    still = desk(1.0)
    none = still.kind[:0]
    hours = {name: each[:0] for name, each in still.hours.items()}
    assert lasting_changes(Work((), none, none, still.done[:0], hours)) == ([], 0)


def test_one_forgotten_ticket_is_no_level() -> None:
    """It waited for a vendor for years before; since, every second ticket waits five hours."""
    still = desk(1.0)
    late = (still.kind == 0) & (still.week >= FROM + WEEKS // 2)
    waits = np.where(late & (np.arange(len(late)) % 2 == 0), 5.0, 0.0)
    waits[0] = 20_000.0  # a mean of 167 hours
    hours = {**still.hours, "a vendor": waits}
    [change] = lasting_changes(Work(still.kinds, still.kind, still.week, still.done, hours))[0]

    assert change.slower
    assert (round(change.before, 2), round(change.after, 2)) == (0.04, 2.5)


def test_open_tickets_that_did_not_wait_yet_are_not_slow() -> None:
    """One in six waits for a vendor, lately a little longer; of the newest most are open still."""
    still, draws = desk(1.0), np.random.default_rng(11)
    n, late = len(still.kind), still.week >= FROM + WEEKS - 12
    waits = np.where(draws.random(n) < 1 / 6, 5 * draws.lognormal(size=n), 0.0)
    waits = np.where(late & (still.kind == 0), 1.6 * waits, waits)
    open_ = late & (waits == 0) & (still.kind == 0)
    hours = {**still.hours, "a vendor": waits}

    for done in (np.ones(n, bool), ~open_):
        found, _ = lasting_changes(Work(still.kinds, still.kind, still.week, done, hours))
        assert [each for each in found if each.part == "a vendor"] == []


def test_work_told_to_be_faster_must_be_surer(monkeypatch: pytest.MonkeyPatch) -> None:
    """That something helped is soon believed; nothing else changes."""
    monkeypatch.setattr("opsgauge.analysis.mining.lasting_changes.SURE_FASTER", 1e-30)

    assert lasting_changes(desk(1 / 3))[0] == []
    assert [each.slower for each in lasting_changes(desk(3.0))[0]] == [True]


def test_without_censoring_scores_are_those_of_wilcoxon() -> None:
    """Their sum over one group is Mann and Whitney's statistic, as another program has it."""
    draws = np.random.default_rng(5)
    one, other = draws.lognormal(size=20), draws.lognormal(0.5, size=30)
    found = scores(np.concatenate([one, other]), np.ones(50, bool))
    u = mannwhitneyu(one, other).statistic

    assert found[:20].sum() == pytest.approx((2 * u - 20 * 30) / 50)


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=40))
def test_scores_sum_to_nought_and_keep_their_order(times: list[tuple[int, bool]]) -> None:
    """Whoever is over later is slower; whoever still runs is slower than who was over then."""
    hours = np.array([float(length) for length, _ in times])
    done = np.array([over for _, over in times])
    found = scores(hours, done)

    assert found.sum() == pytest.approx(0, abs=1e-9)
    assert np.all(np.abs(found) <= 1 + 1e-9)
    over = sorted(zip(hours[done].tolist(), found[done].tolist(), strict=True))
    assert all(one[1] <= other[1] + 1e-12 for one, other in pairwise(over))


def test_the_median_of_kaplan_and_meier() -> None:
    """Of Freireich's trial: half of the patients given 6-MP leave remission within 23 weeks."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

    assert median(np.array(weeks, float), np.array(ended, bool)) == 23


def test_the_largest_of_many_differences_is_rarer_the_larger_it_is() -> None:
    """Simulated: of white noise, and never more often than is said by more than chance."""
    draws = np.random.default_rng(7)
    steps = np.cumsum(draws.standard_normal((4_000, 200)), axis=1)
    at = np.arange(30, 171)
    gap = steps[:, at - 1] - at / 200 * steps[:, -1:]
    largest = np.abs(gap / np.sqrt(at * (1 - at / 200))).max(axis=1)

    for z in (2.5, 3.0, 3.5):
        assert 0.5 < (largest > z).mean() / odds_of_largest(z, 0.15) < 1.15
