"""Parts add up to the whole, however records are split: by columns, levels and bands at random."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsgauge.metrics.groupings import NUMBER, TIME, Band, Banded
from opsgauge.metrics.placing import Placed
from tests.metrics.desks import Opened, desk_of, open_desk, random_lives

COUNTED = ("tickets_opened", "reopened_share", "pending_share", "time_to_resolve", "backlog")
PLAIN = ("priority", "team", "channel", "major", "category", "opened_hour", "resolved_weekday")
SUMMED = ("numerator", "denominator")


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk."""
    opened = open_desk(desk_of(random_lives(11, tickets=60)), "Europe/Amsterdam")
    yield opened
    opened.engine.close()


@st.composite
def levels(draw: st.DrawFn) -> Placed:
    """Draw a level: each team in one of three groups, or in none."""
    places = {t: draw(st.sampled_from(["A", "B", "C", ""])) for t in ("Desk", "Network", "Void")}
    groups = tuple((g, tuple(t for t, its in places.items() if its == g)) for g in "ABC")
    return Placed("team.unit", "team", groups)


@st.composite
def bands(draw: st.DrawFn) -> Banded:
    """Draw bands of a number or of a time, open at the ends or not."""
    bounds = sorted(draw(st.sets(st.integers(0, 200), min_size=2, max_size=5)))
    ends: list[float | None] = [*bounds]
    if draw(st.booleans()):
        ends = [None, *ends, None]
    pairs = pairwise(ends)
    made = tuple(Band(f"b{place}", *pair) for place, pair in enumerate(pairs))
    if draw(st.booleans()):
        return Banded("own_band", TIME, ("opened_at", "resolved_at"), "minutes", made)
    return Banded("own_band", NUMBER, ("handoff_count",), "", made)


@pytest.mark.row("CAT-06")
@pytest.mark.row("CAT-11")
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    name=st.sampled_from(COUNTED),
    level=levels(),
    band=bands(),
    by=st.sets(st.sampled_from(PLAIN), max_size=3),
    asked=st.sampled_from(
        [
            {},
            {"period": "month"},
            {"period": "month", "rolling": "28d"},
            {"period": "month", "shift": "previous"},
            {"period": "week", "to_date": True},
        ]
    ),
)
def test_parts_add_up_to_the_whole(
    desk: Opened, name: str, level: Placed, band: Banded, by: set[str], asked: dict[str, Any]
) -> None:
    """Records, numerators and denominators; the whole is a quotient of sums, never a mean."""
    if name == "backlog" and "rolling" in asked:
        asked = {}
    split = (*sorted(by), "team.unit", "own_band")
    parts = desk.measure(name, by=split, groupings=(level, band), **asked)
    for whole in desk.measure(name, **asked):
        own = [part for part in parts if part.period == whole.period]

        assert sum(part.n for part in own) == whole.n
        for side in SUMMED:
            if getattr(whole, side) is not None:
                total = sum(getattr(part, side) for part in own)
                assert total == pytest.approx(getattr(whole, side), rel=1e-9)
        if whole.denominator:
            above, below = (sum(getattr(part, side) for part in own) for side in SUMMED)
            assert above / below == pytest.approx(whole.value, rel=1e-9)
