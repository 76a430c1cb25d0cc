"""Isolated or repeated: what comes as always is not told, what comes more often is."""

import numpy as np
import pyarrow as pa
import pytest

from opsgauge.analysis.causes.recurrence import (
    MORE,
    NAMED,
    USUAL,
    Position,
    Recurrence,
    recurrence,
)

pytestmark = [pytest.mark.row("RCA-06")]
AN_HOUR = 3_600_000_000
WEEKS, LATELY = 40, 4


def weeks(counts: dict[str, list[int]]) -> pa.Table:
    """Return rows as the query gives them; the last `LATELY` weeks are lately."""
    told = [
        (name, week >= WEEKS, week, n)
        for name, each in counts.items()
        for week, n in enumerate(each)
        if n
    ]
    return pa.table(
        {
            "configuration_item": [name for name, *_ in told],
            **{each: pa.array([None] * len(told), pa.string()) for each in NAMED[1:]},
            "recent": [lately for _, lately, _, _ in told],
            "week": [week for _, _, week, _ in told],
            "n": [n for *_, n in told],
            "life_us": [n * AN_HOUR for *_, n in told],
        }
    )


def positions(told: dict[str, tuple[int, int, int, int]]) -> pa.Table:
    """Return sums of hours as the query gives them: n, before, at work, waiting."""
    parts = list(zip(*told.values(), strict=True)) or [()] * 4
    return pa.table(
        {
            "configuration_item": pa.array(list(told), pa.string()),
            **{each: pa.array([None] * len(told), pa.string()) for each in NAMED[1:]},
            "n": pa.array(parts[0], pa.int64()),
            **{
                name: pa.array([hours * AN_HOUR for hours in parts[at]], pa.int64())
                for at, name in enumerate(("up", "work", "down"), 1)
            },
        }
    )


def found(counts: dict[str, list[int]]) -> Recurrence:
    """Return what is found of counts by week."""
    return recurrence(weeks(counts), positions({}), WEEKS * 7, LATELY * 7)


def usual(clusters: int, seed: int = 1) -> dict[str, list[int]]:
    """Return clusters of different rates that come as always."""
    chance = np.random.default_rng(seed)
    rates = chance.gamma(1.0, 0.3, clusters)
    return {
        f"c{at}": chance.poisson(rate, WEEKS + LATELY).tolist() for at, rate in enumerate(rates)
    }


def test_what_comes_as_always_is_not_told() -> None:
    """Of forty desks with a hundred clusters each, two at most tell of one."""
    told = [any(row.verdict == MORE for row in found(usual(100, seed)).rows) for seed in range(40)]

    assert sum(told) <= 4


def test_what_comes_more_often_is_told_first() -> None:
    """Once in four weeks before, and eight times in the last four."""
    counts = usual(60) | {"hot": [int(week % 4 == 0) for week in range(WEEKS)] + [2] * LATELY}
    first = found(counts).rows[0]

    assert (first.named[0], first.verdict, first.n, first.recent) == ("hot", MORE, 18, 8)
    assert 0.5 < first.expected < 1.5
    assert first.hours == 18


def test_a_rise_of_everything_is_no_news_of_one() -> None:
    """Twice as much of all is the desk's news."""
    counts = {
        name: [*each[:WEEKS], *(2 * n for n in each[WEEKS:])] for name, each in usual(80, 3).items()
    }

    assert sum(row.verdict == MORE for row in found(counts).rows) <= 1


def test_once_or_twice_is_isolated() -> None:
    """Three times is not."""
    told = found({"a": [1], "b": [1, 0, 1], "c": [1, 0, 1, 1]})

    assert (told.n, told.alone, told.alone_tickets) == (6, 2, 3)
    assert [(row.named[0], row.n, row.verdict) for row in told.rows] == [("c", 3, USUAL)]


def test_weeks_of_bursts_are_dispersed_and_less_is_told() -> None:
    """Ten in every tenth week is ten at a time, not one a week."""
    counts = {
        f"c{at}": [10 if (week + at) % 10 == 0 else 0 for week in range(WEEKS + LATELY)]
        for at in range(30)
    }

    told = found(counts)
    assert told.dispersion > 5
    assert all(row.verdict == USUAL for row in told.rows)


def test_where_it_is_longer_than_others_is_told() -> None:
    """By the mean ticket, against that of all."""
    counts = {name: [1] * 10 for name in ("up", "down", "short")}
    where = positions({"up": (10, 90, 20, 10), "down": (10, 10, 20, 90), "short": (10, 5, 5, 5)})
    told = {row.named[0]: row for row in recurrence(weeks(counts), where, 280, 28).rows}

    assert {name: row.place for name, row in told.items()} == {
        "up": "upstream",
        "down": "downstream",
        "short": "",
    }
    assert told["up"].position == Position(10, 9.0, 2.0, 1.0)


def test_without_tickets_nothing_comes_again() -> None:
    """No error either."""
    assert found({}).rows == ()
