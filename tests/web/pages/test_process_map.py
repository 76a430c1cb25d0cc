"""What the page of the map draws of a log that is far too large for a picture."""

import itertools
from dataclasses import replace

from opsgauge.operations.drawing.map_picture import Hrefs, View
from opsgauge.operations.flow_answers import MORE, Variant, Variants, shortened
from opsgauge.web.pages.process_map import MOST_STEPS, MOST_WAYS, drawn
from tests.operations.drawing.samples import PROVENANCE, flow

HREFS = Hrefs(step=lambda step: f"/s?{step}", way=lambda one, other: f"/w?{one}{other}")


def test_of_thousands_of_steps_as_many_are_drawn_as_one_can_read() -> None:
    """However many the address asks for; the rest is one box, and is counted."""
    names = [f"S{n:04}" for n in range(2_000)]
    ways = dict.fromkeys(itertools.pairwise(names), 3)
    starts = dict.fromkeys(names, 2)
    drawing = drawn(flow(ways, starts, starts), View(2_000, 5_000), HREFS)
    chosen = drawing.wide.chosen

    assert (len(chosen.steps), drawing.look.steps) == (MOST_STEPS, MOST_STEPS)
    assert chosen.shown_ways <= MOST_WAYS
    assert chosen.folded is not None
    assert chosen.folded.steps == 2_000 - MOST_STEPS
    assert f"Hidden: {2_000 - MOST_STEPS:,} steps" in " ".join(drawing.wide.sentences)
    assert len(drawing.wide.svg) < 200_000


def test_one_step_alone_is_a_map() -> None:
    """A ticket with one update: it starts and ends there."""
    drawing = drawn(flow({}, {"New": 1}, {"New": 1}), View(8, 14), HREFS)

    assert (drawing.look.steps, drawing.look.ways) == (1, 1)
    assert drawing.wide.sentences == ("Nothing is hidden.", "In = out + end holds for each step.")


def test_a_path_of_a_hundred_thousand_steps_ends_in_dots() -> None:
    """Its first steps are shown; others stay whole."""
    long, short = Variant(("A", "B") * 50_000, 1, 0.5), Variant(("A",), 1, 0.5)
    walked = Variants("team", 2, 2, {}, (long, short), PROVENANCE)
    told = shortened(walked, 4)

    assert told == replace(walked, rows=(replace(long, path=("A", "B", "A", "B", MORE)), short))
