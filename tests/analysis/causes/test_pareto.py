"""The vital few: by hand, and how surely."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.causes.pareto import COUNT, HOURS, LINE, USERS, pareto

pytestmark = [pytest.mark.row("RCA-05")]
AN_HOUR = 3_600_000_000
Row = tuple[str | None, int, int, int]  # group, week, tickets, microseconds


def rows(told: Sequence[Row], who: Sequence[str | None] = ()) -> pa.Table:
    """Return rows as the query gives them."""
    group, week, n, life = zip(*told, strict=True) if told else ((), (), (), ())
    columns = {
        "grp": pa.array(group, pa.string()),
        "week": pa.array(week, pa.int64()),
        "n": pa.array(n, pa.int64()),
        "life_us": pa.array(life, pa.int64()),
    }
    return pa.table(columns | ({"who": pa.array(who, pa.string())} if who else {}))


def test_the_fewest_groups_that_hold_four_fifths() -> None:
    """70 and 10 of 100 are just four fifths."""
    told = [("a", 1, 70, 0), ("b", 1, 10, 0), ("c", 1, 9, 0), ("d", 2, 6, 0), (None, 2, 5, 0)]
    found = pareto(rows(told), COUNT, 1)

    assert [each.group for each in found.rows] == ["a", "b", "c", "d", None]
    assert [each.vital for each in found.rows] == [True, True, False, False, False]
    assert [each.so_far for each in found.rows] == pytest.approx([0.7, 0.8, 0.89, 0.95, 1.0])
    assert (found.vital, found.total, found.weeks) == (2, 100, 2)


def test_hours_rank_otherwise_than_tickets() -> None:
    """Few long ones hold the hours."""
    told = [("many", 1, 90, 10 * AN_HOUR), ("long", 1, 10, 90 * AN_HOUR)]

    assert pareto(rows(told), COUNT, 1).rows[0].group == "many"
    found = pareto(rows(told), HOURS, 1)
    assert [(each.group, each.n, each.value) for each in found.rows] == [
        ("long", 10, 90),
        ("many", 90, 10),
    ]


def test_a_user_counts_once_in_a_group() -> None:
    """However often, and in whichever week; a ticket without one has none."""
    told = [("a", 1, 5, 0), ("a", 2, 5, 0), ("a", 2, 1, 0), ("b", 1, 1, 0), ("b", 2, 9, 0)]
    found = pareto(rows(told, ["x", "x", "y", "x", None]), USERS, 1)

    assert [(each.group, each.value, each.n) for each in found.rows] == [("a", 2, 11), ("b", 1, 10)]
    assert found.total == 3


def test_a_group_of_one_bad_week_is_less_sure() -> None:
    """Of draws of ten weeks two in three hold a given week; what comes every week is in all."""
    told = [("steady", week, 20, 0) for week in range(10)] + [("burst", 3, 60, 0)]
    found = {each.group: each for each in pareto(rows(told), COUNT, 1).rows}

    assert found["burst"].vital
    assert found["steady"].stays == 1.0
    assert 0.4 < found["burst"].stays < 0.75


def test_the_same_seed_draws_the_same() -> None:
    """So that a page says twice what it said once."""
    told = [
        (name, week, week * 3 % 7 + place, 0)
        for week in range(8)
        for place, name in enumerate("abcdef")
    ]

    assert pareto(rows(told), COUNT, 4) == pareto(rows(told), COUNT, 4)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"), st.integers(0, 9), st.integers(1, 99), st.just(AN_HOUR)
        ),
        min_size=1,
        max_size=30,
    )
)
def test_parts_add_up_and_no_group_could_be_spared(told: list[Row]) -> None:
    """Without its last one the set holds less than four fifths."""
    found = pareto(rows(told), COUNT, 1)

    assert sum(each.value for each in found.rows) == found.total
    assert found.rows[-1].so_far == pytest.approx(1.0)
    vital = [each.value for each in found.rows if each.vital]
    assert sum(vital) >= LINE * found.total - 1e-6
    assert sum(vital) - min(vital) < LINE * found.total
