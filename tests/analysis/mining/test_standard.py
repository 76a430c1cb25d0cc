"""How standardised a process is."""

from datetime import timedelta

import pytest

from opsgauge.analysis.mining.standard import (
    Standard,
    Team,
    beyond_chance,
    effective_number,
    rank_correlation,
    rows_of,
    same_path,
    spread_rows,
    standards,
    trend,
    variant_counts,
)
from tests.analysis.waiting.logs import MONDAY, Log, tickets


def asked(log: Log) -> list[Standard]:
    """Return every practice of a log by week."""
    rows = rows_of(tickets, "practice", "phase", "week", log.periods.bucket_us)
    questions = (variant_counts(rows, "label"), variant_counts(rows, "team"), spread_rows(rows))
    return standards(*log.tables(*questions))


@pytest.mark.row("AUT-04")
def test_the_index_of_a_process() -> None:
    """Three of four finished tickets took one path: 3 of 6 pairs are alike, 75 % are standard."""
    log = Log()
    for number, team in enumerate(("Desk", "Desk", "Network")):
        log.has(f"INC{number}", f"08:00 new {team}", f"09:00 resolved {team}")
    log.has("INC8", "08:00 new Network", "09:00 pending_user -", "12:00 resolved Network")
    log.has("INC9", "08:00 new Network")  # not finished
    [found] = asked(log)

    assert (found.process, found.tickets, found.paths, found.on_standard) == ("incident", 4, 2, 3)
    assert (found.standard, found.index) == ("new>resolved", 0.5)
    assert found.effective_paths == pytest.approx(2**0.8112781245)
    assert found.teams == (Team("Desk", 2, 2), Team("Network", 2, 1))
    assert found.spread is None  # of teams with so few tickets nothing is said
    [week] = found.periods
    assert (week.label, week.tickets, week.on_standard, week.index) == ("2026-W02", 4, 3, 0.5)
    assert week.spread == pytest.approx((1 + 0.7 * 3) / 1)
    assert (found.trend, found.goes_with) == ("", None)


@pytest.mark.row("AUT-04")
def test_a_process_that_comes_apart_is_told_and_what_goes_with_it() -> None:
    """Week by week one more of twenty leaves the standard path, and times spread the more."""
    log = Log(end=MONDAY + timedelta(weeks=9))
    for week in range(8):
        for number in range(20):
            since = MONDAY + timedelta(weeks=week, hours=number)
            odd = number < week
            rows = [{"since": since, "phase": "new", "team": "Desk" if number % 2 else "Mail"}]
            if odd:
                rows.append({"since": since + timedelta(hours=1), "phase": "pending_user"})
            hours = 2 + 20 * week * odd
            rows.append({"since": since + timedelta(hours=hours), "phase": "resolved"})
            log.add(f"W{week}N{number}", rows)
    [found] = asked(log)

    assert found.trend == "falling"
    assert found.goes_with is not None
    assert found.goes_with < -0.8
    assert found.spread == 0.0  # both teams alike
    assert sum(each.tickets for each in found.periods) == found.tickets == 160
    assert sum(each.tickets for each in found.teams) == found.tickets


def test_the_numbers_of_diversity() -> None:
    """Four equal paths are four; one path is one; of one ticket all pairs are alike."""
    assert effective_number([25] * 4) == pytest.approx(4.0)
    assert (effective_number([9]), same_path([9]), same_path([1])) == (1.0, 1.0, 1.0)
    assert effective_number([]) == 0.0


def test_shares_that_chance_explains_have_no_spread() -> None:
    """50 and 52 of 100 do; 90 and 50 of 100 do not: variance 0.08 less 0.00172."""
    assert beyond_chance([(50, 100), (52, 100)]) == 0.0
    assert beyond_chance([(90, 100), (50, 100)]) == pytest.approx((0.08 - 0.17 / 99) ** 0.5)
    assert beyond_chance([(90, 100)]) is None


def test_ties_share_their_rank() -> None:
    """As scipy's spearmanr has it."""
    assert rank_correlation([1, 2, 2, 3, 4, 5], [1, 3, 2, 4, 5, 6]) == pytest.approx(0.98561076)
    assert rank_correlation([1, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6]) is None
    assert trend([1.0] * 9) == "level"
