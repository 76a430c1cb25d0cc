"""How much there is of what."""

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.coming import SHARES
from opsgauge.sources.tools.demo.desk import Desk


def test_shares_make_up_the_whole() -> None:
    """With six tasks to a bundle and the planted release the shares come to about one."""
    bundle = SHARES["bundle"] * (1 + len(words.BUNDLE_TASKS))

    assert 0.97 < sum(SHARES.values()) - SHARES["bundle"] + bundle + 0.0035 < 1.02


def test_a_desk_has_about_as_many_tickets_as_asked(desk: Desk) -> None:
    """2,500 were asked for; that is what all truths together give."""
    assert 0.97 * desk.size < len(desk.tickets) < 1.03 * desk.size
