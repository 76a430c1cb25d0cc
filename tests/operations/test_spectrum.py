"""One way of a small desk's map over time."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.operations import spectrum as of_spectrum
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.spectrum_picture import dotted_picture, spectrum_picture
from opsgauge.operations.flow import Selection, process_map
from opsgauge.operations.spectrum import longest_way, spectrum
from tests.conftest import MAPPING, Intake, with_settings

pytestmark = pytest.mark.row("MAP-11")
UTC = ZoneInfo("UTC")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return 30 tickets, one an hour: every tenth hour the ten that wait are begun at once."""
    held = Intake(tmp_path_factory.mktemp("spectrum"))
    lines = ["number,at,state,team,who"]
    for n in range(30):
        day, hour = 5 + n // 10, n % 10
        lines.append(f"T{n},2026-01-{day:02} {hour:02}:10,New,Desk,x")
        lines.append(f"T{n},2026-01-{day:02} 12:00,Work,Desk,x")
        lines.append(f"T{n},2026-01-{day:02} {22 - hour}:{n:02},Done,Desk,x")
    held.takes("\n".join(lines) + "\n", mapping=f"practice: incident{MAPPING}")
    yield with_settings(held.context)
    held.close()


def test_batches_and_overtaking_are_counted(desk: Context) -> None:
    """All 30 are begun in three batches, in the order they came; the last begun is done first."""
    begun = spectrum(desk, "phase", ("new", "in_progress"))
    done = spectrum(desk, "phase", ("in_progress", "resolved"))

    assert begun.passages == begun.in_batches == 30
    assert [batch.tickets for batch in begun.batches] == [10, 10, 10]
    assert (begun.order.together, begun.order.overtook) == (3 * 45, 0)
    assert begun.sentence.startswith("100")
    assert done.passages == 30
    assert done.batches == ()
    assert done.sentence.startswith("No batch is seen among 30 passages")


def test_without_a_way_it_is_the_longest(desk: Context) -> None:
    """Work lasts longer in all than new."""
    drawn = process_map(desk, "phase")
    arcs = {(arc.from_, arc.to): arc.total_seconds for arc in drawn.arcs}

    assert spectrum(desk, "phase").way == longest_way(drawn) == max(arcs, key=lambda w: arcs[w])
    with pytest.raises(QueryWrong, match="from one step to another"):
        spectrum(desk, "team")


def test_what_is_left_out_of_the_picture_is_said(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than can be drawn the newest are, and counts are of all."""
    monkeypatch.setattr(of_spectrum, "LINES", 8)
    monkeypatch.setattr(of_spectrum, "DOTTED", 5)
    days = Selection(from_=date(2026, 1, 1))  # of which nobody asked before
    found = spectrum(desk, "phase", ("new", "in_progress"), days)

    assert (len(found.lines), found.passages, found.dotted) == (8, 30, 5)
    assert len(found.dots) == 15
    assert "newest 8 of 30 passages" in " ".join(found.notes)
    assert "newest 5 of 30 tickets" in " ".join(found.notes)


def test_pictures_hold_a_line_for_each_passage_and_a_dot_for_each_update(desk: Context) -> None:
    """Thirty lines in four quarters, three batches, ninety dots."""
    found = spectrum(desk, "phase", ("new", "in_progress"))
    picture, dotted = spectrum_picture(found, UTC), dotted_picture(found, UTC)

    assert sum(part.count("M") for part in picture.split("<path")[1:5]) == 30
    assert picture.count("sp-batch") == 1
    assert dotted.count("h0") == 90
    assert "5 Jan" in picture or "Mon" in picture


def test_a_way_that_nobody_took_is_empty(desk: Context) -> None:
    """Nothing is drawn, and that is said."""
    found = spectrum(desk, "phase", ("closed", "new"))

    assert found.sentence == "No ticket took this way"
    assert spectrum_picture(found, UTC) == ""
