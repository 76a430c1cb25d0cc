"""Comparisons at their edges, and as properties."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.comparison.fair import (
    Counted,
    Stratum,
    Valued,
    compare,
    compare_means,
    reversed_by,
)
from opsgauge.analysis.comparison.funnel import funnel
from opsgauge.analysis.comparison.mix_and_rate import Cell, Segment, decompose
from opsgauge.foundation.errors import QueryWrong

SEGMENTS: st.SearchStrategy[Segment] = st.sampled_from([(letter,) for letter in "abcdef"])
CELLS = st.dictionaries(
    SEGMENTS,
    st.builds(Cell, st.integers(1, 10**6), st.floats(-1e6, 1e6)),
    min_size=1,
)


@pytest.mark.row("RCA-09")
@settings(max_examples=200, deadline=None)
@given(CELLS, CELLS)
def test_parts_add_up_to_the_whole(before: dict[Segment, Cell], after: dict[Segment, Cell]) -> None:
    """Whatever the segments, also those of one period alone."""
    found = decompose(before, after)
    size = max(abs(each.value or 0) for each in (*before.values(), *after.values()))

    assert found.mix + found.rate == pytest.approx(found.change, abs=1e-9 * max(size, 1))
    assert sum(each.total for each in found.effects) == pytest.approx(
        found.change, abs=1e-9 * max(size, 1)
    )
    only = {key for key in before if key not in after} | {key for key in after if key not in before}
    assert all(each.rate == 0 for each in found.effects if each.segment in only)


def test_the_same_twice_is_no_change() -> None:
    """And nothing adds to it."""
    cells: dict[Segment, Cell] = {("a",): Cell(3, 0.2), (None,): Cell(7, 0.4)}
    found = decompose(cells, cells)

    assert (found.change, found.mix, found.rate) == (0, 0, 0)


def test_a_period_without_records_is_refused() -> None:
    """As is a segment with records and no value."""
    with pytest.raises(QueryWrong, match="no records"):
        decompose({("a",): Cell(0, None)}, {("a",): Cell(3, 0.2)})
    with pytest.raises(QueryWrong, match="a has records and no value"):
        decompose({("a",): Cell(2, None)}, {("a",): Cell(3, 0.2)})


def test_a_group_that_does_other_work_is_not_comparable() -> None:
    """Of what all do it does a tenth; its share is told, and no verdict on it."""
    a, b = compare({"A": {("x",): Counted(90, 9)}, "B": {("y",): Counted(10, 5)}})

    assert a.comparable
    assert not b.comparable
    assert (b.raw, b.direct) == (0.5, None)
    assert b.in_common == pytest.approx(0.1)


def test_a_group_of_other_work_is_no_measure_for_the_others() -> None:
    """Two channels alike in all are as expected, however little monitoring brings of the same."""
    desk: dict[Stratum, Counted] = {("low",): Counted(50, 20), ("high",): Counted(50, 30)}
    found = compare({"Chat": desk, "Phone": desk, "Monitoring": {("high",): Counted(40, 0)}})
    chat, phone, monitoring = found

    assert [each.comparable for each in found] == [True, True, False]
    assert chat.ratio == phone.ratio == pytest.approx(1.0)
    assert chat.adjusted == phone.adjusted == pytest.approx(0.5)
    assert [chat.in_common, monitoring.in_common] == pytest.approx([1.0, 140 / 240])


def test_a_mean_of_other_work_is_no_measure_for_the_others() -> None:
    """As with shares."""
    desk: dict[Stratum, Valued] = {("low",): Valued(50, 8.0, 0.2), ("high",): Valued(50, 4.0, 0.2)}
    chat, other, phone = compare_means(
        {"Chat": desk, "Monitoring": {("high",): Valued(40, 1.0, 0.1)}, "Phone": desk}
    )

    assert [chat.difference, phone.difference] == pytest.approx([0.0, 0.0])
    assert not other.comparable


@given(
    st.dictionaries(
        st.sampled_from("ABCDE"),
        st.dictionaries(
            st.sampled_from([("x",), ("y",), ("z",)]),
            st.tuples(st.integers(1, 60), st.floats(0, 1)).map(
                lambda cell: Counted(cell[0], round(cell[0] * cell[1]))
            ),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_those_compared_have_as_many_hits_as_expected(
    groups: dict[str | None, dict[Stratum, Counted]],
) -> None:
    """Whoever is set aside: among the others the whole is the sum of its parts."""
    judged = [each for each in compare(groups) if each.comparable]

    assert sum(each.expected for each in judged) == pytest.approx(
        sum(each.hits for each in judged), abs=1e-9
    )


def test_groups_without_hits_or_records() -> None:
    """No hit anywhere is no ratio; no record is no group."""
    a, b = compare({"A": {("x",): Counted(10, 0)}, "B": {("x",): Counted(10, 0)}, "C": {}})
    zero, _ = compare({"A": {("x",): Counted(30, 0)}, "B": {("x",): Counted(30, 6)}})

    assert (a.ratio, b.ratio) == (None, None)
    assert (zero.ratio, zero.low) == (0.0, 0.0)
    assert zero.high is not None
    assert zero.high > 1
    assert zero.direct_high is not None
    assert zero.direct_high > 0
    assert compare({}) == []


def test_means_are_adjusted_as_shares_are() -> None:
    """Two groups that differ only in their mix differ in nothing."""
    cells = {("easy",): 2.0, ("hard",): 9.0}
    a, b = compare_means(
        {
            group: {key: Valued(n, cells[key], 0.5) for key, n in mix.items()}
            for group, mix in (
                ("A", {("easy",): 10, ("hard",): 90}),
                ("B", {("easy",): 90, ("hard",): 10}),
            )
        }
    )

    assert a.raw > b.raw
    assert a.difference == pytest.approx(0)
    assert b.difference == pytest.approx(0)
    assert a.direct == pytest.approx(b.direct)
    assert a.low < 0 < a.high


def test_a_reversal_needs_more_than_one_stratum_in_common() -> None:
    """And as many records in each as are asked for."""
    a: dict[Stratum, Counted] = {("x",): Counted(10, 9), ("y",): Counted(100, 50)}
    b: dict[Stratum, Counted] = {("x",): Counted(100, 80), ("y",): Counted(10, 4)}

    assert reversed_by(a, b)
    assert not reversed_by(a, b, fewest=20)
    assert not reversed_by({("x",): Counted(9, 9)}, b)


@pytest.mark.row("DSH-06")
def test_where_all_vary_more_than_chance_the_funnel_widens() -> None:
    """Forty groups that truly differ: few lie beyond, where chance alone would call most so."""
    dice = random.Random(1)  # noqa: S311 - not for secrets
    shares = [(2_000, min(max(dice.gauss(0.5, 0.05), 0), 1)) for _ in range(40)]
    wide = funnel(shares, 0.5)
    calm = funnel(
        [(200, sum(dice.random() < 0.5 for _ in range(200)) / 200) for _ in range(40)], 0.5
    )

    assert wide.overdispersion > 5
    assert sum(each.beyond != 0 for each in wide.placed) <= 4
    assert sum(abs(each.z * wide.overdispersion**0.5) > 1.96 for each in wide.placed) > 20
    assert calm.overdispersion < 1.6
    assert sum(each.beyond != 0 for each in calm.placed) <= 4
