"""How good a rule is: against known events, and by what people did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.alerting.judging import against, covered, score

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
