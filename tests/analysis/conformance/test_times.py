"""The temporal profile: what is usual is robust, and what is far out is counted by pair."""

from dataclasses import replace
from math import exp, log

import pytest

from opsgauge.analysis.conformance.times import (
    EARLY,
    LATE,
    QUARTILES_OF_NORMAL,
    PairTime,
    by_chance,
    pair_counts,
    pairs_of,
    placed_rows,
    time_rows,
    unusual_times,
)
from opsgauge.foundation.finding import Evidence
from tests.analysis.conformance.conftest import Cases


def times_of(cases: Cases, k: float = 3.0) -> list[PairTime]:
    """Return the pairs of steps by state."""
    engine = cases.engine()
    placed = placed_rows(time_rows(cases.tables.history, "original_status"), k)
    found = pairs_of(engine.run(pair_counts(placed)).to_pylist())
    engine.close()
    return found


@pytest.mark.row("CON-03")
def test_one_late_ticket_is_found_and_does_not_say_what_is_usual(cases: Cases) -> None:
    """Forty tickets take 10 to 49 minutes; one takes ten hours, one a minute is not far out."""
    minutes = list(range(10, 50))
    for n, each in enumerate(minutes):
        cases.has(str(n), "08:00 New", f"08:{each} Work", "20:00 Done")
    cases.has("late", "08:00 New", "18:00 Work", "20:00 Done")

    [pair] = [each for each in times_of(cases, k=2.0) if (each.from_, each.to) == ("New", "Work")]
    logs = sorted(log(each) for each in (*minutes, 600))
    middle, spread = logs[20], (logs[30] - logs[10]) / QUARTILES_OF_NORMAL
    assert pair.median == pytest.approx(exp(middle) / 60, rel=1e-6)
    assert pair.high == pytest.approx(exp(middle + 2 * spread) / 60, rel=1e-6)
    assert pair.low == pytest.approx(exp(middle - 2 * spread) / 60, rel=1e-6)
    assert (pair.n, pair.late) == (41, 1)
    assert pair.over_hours == pytest.approx(10 - (pair.high or 0))


@pytest.mark.row("CON-03")
def test_the_first_of_each_step_counts_and_same_times_have_no_far_out(cases: Cases) -> None:
    """From New to Done always ten hours; few pairs are not told of."""
    for n in range(30):
        cases.has(str(n), "08:00 New", "09:00 Work", "10:00 New", "11:00 Work", "18:00 Done")
    cases.has("few", "08:00 New", "09:00 Odd")

    found = {(each.from_, each.to): each for each in times_of(cases)}
    assert set(found) == {("New", "Work"), ("New", "Done"), ("Work", "Done")}
    done = found["New", "Done"]
    assert (done.n, done.low, done.high, done.late) == (30, None, None, 0)
    assert done.median == pytest.approx(10)


@pytest.mark.row("CON-03")
def test_a_finding_is_more_than_chance_over_all_pairs() -> None:
    """Three in a thousand may be chance, thirty are not."""
    calm = PairTime("A", "B", 1000, 1.0, 0.1, 10.0, late=3, over_hours=50.0)
    loud = replace(calm, to="C", late=30, over_hours=900.0)
    found = unusual_times([calm, loud], 3.0, Evidence("", 1))

    assert [each.id for each in found] == ["unusual_time-A-C"]
    assert found[0].worth_hours == 900.0
    assert by_chance(3.0) == pytest.approx(0.00135, abs=1e-5)


def test_places_have_names_of_their_own() -> None:
    """As addresses have them."""
    assert (LATE, EARLY) == ("late", "early")
