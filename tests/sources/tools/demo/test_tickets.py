"""The table of tickets."""

import numpy as np

from opsgauge.sources.tools.demo.tickets import gathered, nearest_before


def test_references_follow_their_tickets() -> None:
    """Blocks are sorted by practice and opening; who pointed to a ticket still does."""
    problems = {"practice": np.array([3, 3]), "opened": np.array([50, 10])}
    incidents = {
        "practice": np.zeros(3, dtype=int),
        "opened": np.array([30, 20, 60]),
        "problem": np.array([0, -1, 1]),  # places among the blocks as they come
    }

    made = gathered([problems, incidents])

    assert made.practice.tolist() == [0, 0, 0, 3, 3]
    assert made.opened.tolist() == [20, 30, 60, 10, 50]
    assert made.problem.tolist() == [-1, 4, 3, -1, -1]
    assert made.of(3).tolist() == [3, 4]


def test_columns_nobody_named_are_empty() -> None:
    """A block says only what it has; a ticket belongs to every run unless it is marked."""
    made = gathered([{"practice": np.array([2]), "opened": np.array([5])}])

    assert (made.category.tolist(), made.only_with.tolist(), len(made)) == ([-1], [0], 1)


def test_the_nearest_before_has_the_same_key_and_is_near() -> None:
    """Of two of a key the later one before the moment; none too far, none of another key."""
    of_keys, of_moments = np.array([7, 7, 8]), np.array([100, 200, 210])

    found = nearest_before(
        np.array([7, 7, 7, 8, 9]), np.array([150, 250, 900, 209, 250]), of_keys, of_moments, 100
    )

    assert found.tolist() == [0, 1, -1, -1, -1]
    assert nearest_before(np.array([1]), np.array([5]), of_keys[:0], of_moments[:0], 9) == [-1]
