"""Where a ticket's time went."""

from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.drawing.ticket_parts import (
    clock_bar,
    clock_labels,
    hours_and_minutes,
    largest_remainder,
    part_rows,
    whole_clock,
)
from opsgauge.operations.ticket_story import TimePart
from tests.operations.drawing.samples import HOSTILE, HOUR, story

MICROS = st.integers(0, 10**14)
KINDS = st.sampled_from(["wait", "work", "hold", "done"])
PARTS = st.builds(
    TimePart, KINDS, st.none() | st.sampled_from("AB"), st.none() | st.just("new"), MICROS
)


@given(st.lists(MICROS, min_size=1, max_size=40), st.integers(0, 10**7))
def test_shares_add_up_to_the_whole(weights: list[int], whole: int) -> None:
    """To the last one, and each is less than one away from its exact share."""
    shares = largest_remainder(weights, whole)
    total = sum(weights)

    assert sum(shares) == (whole if total else 0)
    assert all(
        abs(share * total - weight * whole) < total
        for share, weight in zip(shares, weights, strict=True)
        if total
    )


@given(st.lists(PARTS, max_size=30))
def test_the_parts_of_a_ticket_add_up_to_the_minute(parts: list[TimePart]) -> None:
    """Minutes to the rounded whole, shares to a hundred per cent, microseconds exactly."""
    rows = part_rows(parts)
    total = sum(part.us for part in parts)

    assert sum(row.us for row in rows) == total
    assert sum(row.minutes for row in rows) == (total + 30_000_000) // 60_000_000
    assert sum(row.per_mille for row in rows) == (1000 if total else 0)
    assert whole_clock(rows) == hours_and_minutes(sum(row.minutes for row in rows))


def test_rounding_each_part_alone_would_lose_a_minute() -> None:
    """Three parts of 20 min 30 s are 61 min 30 s: shown as 62, so they show 21, 21 and 20.

    Rounded one by one they would show three times 20 (or 21) and not add up.
    """
    us = 20 * 60_000_000 + 30_000_000
    rows = part_rows([TimePart("wait", team, None, us) for team in "ABC"])
    assert sorted(row.minutes for row in rows) == [20, 21, 21]
    assert whole_clock(rows) == "1:02"


def test_waiting_is_gathered_by_team_and_pauses_by_reason() -> None:
    """Two waits with one team are one row; two reasons to pause are two."""
    rows = part_rows(
        [
            TimePart("wait", "Group 20", "new", HOUR),
            TimePart("hold", "Group 20", "pending_user", HOUR),
            TimePart("wait", "Group 20", "assigned", HOUR),
            TimePart("hold", "Group 20", "pending_vendor", 2 * HOUR),
            TimePart("done", "Group 20", "resolved", HOUR),
            TimePart("done", "Group 9", "closed", HOUR),
        ]
    )
    assert [(row.words, row.clock) for row in rows] == [
        ("Waits with Group 20", "2:00"),
        ("Paused with Group 20: waits for the vendor", "2:00"),
        ("Paused with Group 20: waits for the user", "1:00"),
        ("Resolved or closed", "2:00"),
    ]


def test_the_bar_shows_each_part_in_its_own_fill() -> None:
    """Waiting, pause and work can be told apart without colour by their order and hatching."""
    rows = part_rows(story((5, "A", "new", "wait"), (3, "A", "pending_user", "hold")).parts)
    bar = clock_bar(rows)

    assert 'class="k-wait" x="0%" width="62.5%"' in bar
    assert bar.count("k-hold-o") == 1


def test_a_name_stands_over_its_part_only_where_it_fits() -> None:
    """A part of a hundredth has no room for a name; the table has."""
    rows = part_rows(story((99, "Wide", "new", "wait"), (1, "Thin", "new", "work")).parts)
    labels = clock_labels(rows)
    assert "Wide" in labels
    assert "Thin" not in labels


def test_hostile_teams_stay_teams() -> None:
    """In titles and labels."""
    rows = part_rows(story((99, HOSTILE, "new", "wait")).parts)
    assert "<script" not in clock_bar(rows) + clock_labels(rows)
