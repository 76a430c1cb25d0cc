"""Isolated or repeated: what comes as always is not told, what comes more often is."""

import numpy as np
import pyarrow as pa
import pytest

from opsgauge.analysis.causes.recurrence import (
    MORE,
    NAMED,
    USUAL,
    WEEK_US,
    Recurrence,
    recurrence,
    troubles,
)
from opsgauge.analysis.causes.words import Vocabulary

pytestmark = [pytest.mark.row("RCA-06")]
AN_HOUR = 3_600_000_000
WEEKS, LATELY = 40, 4


def rows(counts: dict[str, list[int]]) -> pa.Table:
    """Return tickets of an hour as the query gives them, the oldest first."""
    told = sorted(
        (week * WEEK_US, name)
        for name, each in counts.items()
        for week, n in enumerate(each)
        for _ in range(n)
    )
    nothing = pa.array([None] * len(told), pa.string())
    return pa.table(
        {
            "configuration_item": pa.array([name for _, name in told], pa.string()),
            **dict.fromkeys(NAMED[1:], nothing),
            "opened_us": pa.array([at for at, _ in told], pa.int64()),
            "life_us": pa.array([AN_HOUR] * len(told), pa.int64()),
        }
    )


def found(counts: dict[str, list[int]]) -> Recurrence:
    """Return what is found of counts by week; the last `LATELY` weeks are lately."""
    told = rows(counts)
    return recurrence(troubles(told), told, WEEKS * WEEK_US, WEEKS * 7, LATELY * 7)


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


def test_without_tickets_nothing_comes_again() -> None:
    """No error either."""
    assert found({}).rows == ()


def test_words_tell_trouble_and_category_where_there_are_none() -> None:
    """Whatever their category; nothing is told of a ticket that names neither item nor service."""
    texts = ["paper jam", "jam of paper", "toner empty", None, "paper jam", "paper jam"]
    told = pa.table(
        {
            "configuration_item": pa.array(["p1", "p1", "p1", "p1", None, None]),
            "service": pa.array([None, None, None, None, "Print", None], pa.string()),
            "category": pa.array(["a", "b", "a", "a", "a", "a"]),
            "subcategory": pa.array([None] * 6, pa.string()),
        }
    )
    words = ("empty", "jam", "paper", "toner")
    pairs = [
        (at, words.index(w)) for at, text in enumerate(texts) for w in words if w in (text or "")
    ]
    tickets, places = (np.array(side) for side in zip(*pairs, strict=True))
    told_words = Vocabulary(words, tickets, places, 6)
    by_words = troubles(told, told_words)

    assert by_words.of[0] == by_words.of[1] != by_words.of[2]
    assert len({int(by_words.of[at]) for at in (0, 2, 3, 4)}) == 4
    assert by_words.of[5] == -1
    assert by_words.named[by_words.of[0]] == ("p1", None, None, None)
    assert by_words.named[by_words.of[3]] == ("p1", None, "a", None)
    assert [by_words.first[by_words.of[at]] for at in (1, 4)] == [0, 4]
    assert troubles(told).of[0] == troubles(told).of[3] != troubles(told).of[1]
