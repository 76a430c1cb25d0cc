"""How good a rule is: against known events, and by what people did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.alerting.judging import (
    LEVEL,
    against,
    as_good_by_chance,
    covered,
    fitting_window,
    score,
)

DAY = 24


@pytest.mark.row("ALR-03")
def test_firings_are_set_against_events() -> None:
    """One belongs to the other where they lie near; the lead is from the first firing near.

    firings   10    12           50          200
    events       11                     80        203 (after its firing)
    """
    found = against([10, 12, 50, 200], [11, 80, 203], within=5)
    assert (found.true, found.precision) == (3, 0.75)
    assert (found.found, found.recall) == (2, 2 / 3)
    assert found.leads == (1, 3)
    assert found.lead == 2.0


def test_nothing_is_said_without_firings_or_events() -> None:
    """No precision of nothing, and none where nobody knows what was real."""
    assert against([], [5], 1).precision is None
    assert against([5], [], 1).precision is None
    assert against([5], [], 1).recall is None
    assert against([], [], 1).lead is None


@given(st.lists(st.integers(0, 500)), st.lists(st.integers(0, 500)), st.integers(1, 50))
def test_shares_are_shares(firings: list[int], events: list[int], within: int) -> None:
    """And looking further never finds less."""
    near, far = against(firings, events, within), against(firings, events, 2 * within)
    assert 0 <= near.true <= far.true <= len(firings)
    assert 0 <= near.found <= far.found <= len(events)
    assert len(near.leads) == near.found


@given(st.lists(st.integers(-50, 550)), st.integers(0, 60))
def test_chance_is_the_share_of_the_time_near_an_event(events: list[int], within: int) -> None:
    """As counted moment by moment, where events overlap or lie beyond the ends."""
    near = sum(
        any(abs(2 * event - at) < 2 * within for event in events) for at in range(1, 1000, 2)
    )
    assert covered(events, within, (0, 500)) == pytest.approx(near / 500)
    assert covered(events, within, (5, 5)) == 0


@pytest.mark.row("ALR-03")
def test_where_chance_is_high_nothing_beats_it() -> None:
    """Three firings of three near an event say nothing where nearly all of the time is near one."""
    events, span = list(range(5, 1000, 20)), (0, 1000)
    assert covered(events, 10, span) > 0.98
    assert as_good_by_chance([100, 500, 900], events, 10, span) > LEVEL
    assert as_good_by_chance([100, 500, 900], [101, 502, 903], 3, span) <= LEVEL


@pytest.mark.row("ALR-03")
def test_firings_that_cluster_are_one_lucky_hit_and_no_proof() -> None:
    """Ten firings within ten hours of one event are as likely by chance as one: 2 in 100."""
    cluster = list(range(500, 510))
    alone = as_good_by_chance([505], [505], 50, (0, 1000))
    assert as_good_by_chance(cluster, [505], 50, (0, 1000)) == pytest.approx(alone, abs=0.011)
    assert alone == pytest.approx(0.1, abs=0.002)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=30),
    st.lists(st.integers(0, 500), min_size=1, max_size=9),
    st.integers(1, 50),
)
def test_by_chance_is_a_share_and_never_none(
    firings: list[int], events: list[int], within: int
) -> None:
    """However many there are; where none lies near, chance alone is always as good."""
    found = as_good_by_chance(firings, events, within, (0, 500))
    assert 0 < found <= 1
    if not against(firings, events, within).true:
        assert found == 1


@pytest.mark.row("ALR-03")
@pytest.mark.parametrize(("many", "days"), [(0, 14), (1, 14), (13, 7), (20, 3), (42, 2), (365, 1)])
def test_the_more_events_are_known_the_shorter_the_window(many: int, days: int) -> None:
    """So that half of the year or more lies far from any, where a day is enough for that."""
    events = [round((place + 0.5) * 365 * DAY / many) for place in range(many)]
    assert fitting_window(events, (0, 365 * DAY), DAY) == days


@pytest.mark.row("ALR-04")
@pytest.mark.parametrize(
    ("fates", "proposed"),
    [
        ([("ignored", None)] * 4, False),  # too few to say anything
        ([("ignored", None)] * 5, True),
        ([("false", None)] * 3 + [("ignored", None)] * 2, True),
        ([("acted", 60.0)] + [("ignored", None)] * 4, False),  # one of five is a fifth
        ([("acted", 60.0)] + [("ignored", None)] * 5, True),
        ([("waiting", None)] * 50, False),  # nobody had the time yet
    ],
)
def test_when_a_rule_should_be_retired(
    fates: list[tuple[str, float | None]], proposed: bool
) -> None:
    """By evidence: of five firings or more, less than a fifth was acted on."""
    assert bool(score(fates).retire) is proposed


def test_the_time_to_act_is_the_median_of_those_acted_on() -> None:
    """The others have none."""
    found = score([("acted", 60.0), ("acted", 600.0), ("acted", 90.0), ("false", None)])
    assert (found.fired, found.acted, found.false, found.seconds_to_act) == (4, 3, 1, 90.0)
