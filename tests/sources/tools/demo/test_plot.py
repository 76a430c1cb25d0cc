"""Where the truths lie."""

from datetime import UTC, date, datetime

import pytest

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import span_until
from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.organisation import found
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS, lay_out, truth_mark


@pytest.mark.parametrize("seed", range(12))
def test_truths_are_kept_apart(seed: int) -> None:
    """No team and no category serves two truths, so that each can be found by itself."""
    draws, span = Draws(seed), span_until(date(2026, 6, 30))
    organisation = found(draws)
    plot = lay_out(draws, organisation, span)
    teams = [*plot.pair, plot.wrong_team, plot.pausing_team, plot.rushing_team]
    categories = [plot.misrouted, plot.release_category, plot.checked, plot.slow_category]
    owners = [
        organisation.owners[organisation.service_of[words.INCIDENTS[c].service]]
        for c in (plot.misrouted, plot.slow_category)
    ]

    assert len(set(teams)) == len(teams)
    assert len(set(categories)) == len(categories)
    assert not {*owners} & {*teams}
    for at in (plot.release_at, plot.improved_at, plot.checked_at, plot.slow_until):
        assert span.start < at < span.end
    assert datetime.fromtimestamp(plot.missing_from, UTC).weekday() == 0
    assert plot.missing_until - plot.missing_from == 7 * 86_400


def test_no_truth_has_the_mark_of_every_run() -> None:
    """Marks begin at one: nought stands for tickets of every run."""
    assert sorted(map(truth_mark, ALL_TRUTHS)) == list(range(1, 11))
