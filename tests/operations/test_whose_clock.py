"""Whose clock a number of promises goes by."""

import pytest

from opsgauge.metrics.load import Catalogue, load_catalogue
from opsgauge.operations.whose_clock import by_clocks, whose_clock


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return the built-in metrics."""
    return load_catalogue()


@pytest.mark.parametrize(
    ("metric", "words", "other"),
    [
        (
            "sla_met_share",
            "By the tool’s own flag: a ticket counts when it was opened.",
            "Service levels kept",
        ),
        (
            "sla_breaches",
            "By the tool’s own flag: a ticket counts when it was opened.",
            "Service levels kept",
        ),
        (
            "service_level_kept_share",
            "By Opsgauge’s own clocks: each counts when it was decided.",
            "Service level met",
        ),
        (
            "ever_broken_share",
            "By Opsgauge’s own clocks: each counts when it was started.",
            "Service level met",
        ),
    ],
)
def test_a_promise_says_by_whose_clock_and_when_it_counts(
    catalogue: Catalogue, metric: str, words: str, other: str
) -> None:
    """And names the number that goes by the other."""
    told = whose_clock(catalogue.get(metric), catalogue)

    assert told is not None
    assert (told.words, told.other_title) == (words, other)
    assert told.by in told.words
    assert told.other_by not in told.words


def test_what_is_no_promise_goes_by_no_clock(catalogue: Catalogue) -> None:
    """A time, and a count of tickets."""
    for name in ("time_to_resolve", "tickets_opened", "backlog"):
        assert whose_clock(catalogue.get(name), catalogue) is None


def test_without_the_other_metric_nothing_leads_to_it() -> None:
    """A catalogue of one's own may lack it."""
    told = by_clocks("decided", Catalogue({}))

    assert (told.other, told.other_title) == ("", "")
