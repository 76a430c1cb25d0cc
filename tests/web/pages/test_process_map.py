"""What the page of the map draws of a log that is far too large for a picture."""

import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.drawing.map_picture import Hrefs, View
from opsgauge.operations.flow_answers import MORE, Variant, Variants, shortened
from opsgauge.web.app import make_app
from opsgauge.web.pages.process_map import MOST_STEPS, MOST_WAYS, drawn
from tests.conftest import Intake
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


@pytest.mark.row("MAP-01")
@pytest.mark.row("MAP-03")
def test_pages_open_of_one_ticket_with_very_many_steps(tmp_path: Path) -> None:
    """Of 5,000 states gone through four times: soon, and no longer than one can read."""
    intake = Intake(tmp_path)
    lines = [
        f"T0,{at:%Y-%m-%dT%H:%MZ},State {n % 5_000},Desk,ann"
        for n in range(20_000)
        for at in [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=n)]
    ]
    intake.takes("\n".join(["number,at,state,team,who", *lines]) + "\n")
    client = TestClient(make_app(Context(intake.workspace)), base_url="http://127.0.0.1:8787")

    begun = time.monotonic()
    for page in ("/map", "/paths"):
        answer = client.get(page, params={"steps": "original_status"})
        assert answer.status_code == 200
        assert "State 0" in answer.text
        assert len(answer.text) < 500_000
    assert time.monotonic() - begun < 30
