"""An outline is plain data."""

from opsgauge.sources.draft.outline import Line, Outline


def test_parts_that_an_export_does_not_have_are_left_out() -> None:
    """And lines are on unless they say otherwise."""
    made = Outline(head=(), top=(Line("source", "desk"),), times=())

    assert not made.top[0].off
    assert (made.phases, made.links, made.asks) == ((), (), ())
