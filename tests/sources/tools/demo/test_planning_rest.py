"""The plans of the other practices."""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.coming import RELEASING, STANDARD
from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.sources.tools.demo.steps import State


def states(desk: Desk, ticket: int) -> list[int]:
    """Return the states a ticket is to go through."""
    steps = desk.steps(ALL_TRUTHS)
    return steps.state[steps.ticket == ticket].tolist()


def test_a_standard_change_needs_no_yes(desk: Desk) -> None:
    """Others are assessed and authorised before they are scheduled."""
    t, steps = desk.tickets, desk.steps(ALL_TRUTHS)
    asked = np.zeros(len(t), dtype=bool)
    asked[steps.ticket[steps.state == State.AUTHORISATION]] = True
    changes = t.practice == words.CHANGE

    assert not asked[changes & (t.kind == STANDARD)].any()
    assert asked[changes & (t.kind == 1)].all()


def test_the_planted_release_goes_live_when_its_incidents_begin(desk: Desk) -> None:
    """It is implemented at that very second, whoever else has work."""
    t, run = desk.tickets, desk.run(["release_incidents"])
    change = int(np.flatnonzero((t.practice == words.CHANGE) & (t.kind == RELEASING))[0])
    mine = run.rows.ticket == change
    live = run.rows.at[mine & (run.rows.state == State.IMPLEMENTING)]

    assert live.tolist() == [desk.plot.release_at]
    caused = t.opened[(t.caused_by == change) & (t.practice == words.INCIDENT)]
    assert (caused >= desk.plot.release_at).all()
    assert len(caused) > 5


def test_each_practice_speaks_its_own_words(desk: Desk) -> None:
    """A problem is analysed, a release deployed, an article published, a task completed."""
    t = desk.tickets
    for practice, state in (
        (words.PROBLEM, State.ANALYSIS),
        (words.RELEASE_RECORD, State.DEPLOYED),
        (words.WRITING, State.PUBLISHED),
        (words.TASK, State.COMPLETED),
    ):
        assert state in states(desk, int(t.of(practice)[0]))
