"""One way of a small desk's map over time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from opsgauge.analysis.mining.spectrum import Batch, Overtaking
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import percent
from opsgauge.operations import spectrum as of_spectrum
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.spectrum_picture import (
    dotted_picture,
    round_moments,
    spectrum_picture,
)
from opsgauge.operations.flow import Selection, process_map
from opsgauge.operations.spectrum import longest_way, spectrum
from opsgauge.warehouse.portable import micros_at
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
    assert begun.sentence == (
        "Tickets are taken in order: of pairs that waited together, none overtook; "
        f"{percent(1.0, 0)} of 30 passages left in batches"
    )
    assert done.passages == 30
    assert done.batches == ()
    assert done.sentence == "No two tickets waited together"


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
    assert "Mon 12:00" in picture


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("02 17:02", "05 02:50", ["03 00:00", "03 12:00", "04 00:00", "04 12:00", "05 00:00"]),
        ("02 17:02", "02 17:09", [f"02 17:{minute:02}" for minute in range(2, 10, 2)]),
        ("02 17:02", "02 17:02", ["02 17:02"]),
        ("02 17:02", "12 02:50", [f"{day:02} 00:00" for day in range(4, 13, 2)]),
    ],
)
def test_moments_below_a_picture_are_round(first: str, last: str, told: list[str]) -> None:
    """Hours where all is within a few days, minutes within minutes, days beyond; of the zone."""
    zone = ZoneInfo("Europe/Rome")
    ends = [datetime.fromisoformat(f"2026-01-{each}+01:00") for each in (first, last)]
    marks = round_moments(micros_at(ends[0]), micros_at(ends[1]), zone)

    assert [f"{local:%d %H:%M}" for local, _ in marks][: len(told)] == told
    assert len(marks) <= 7
    assert {short for _, short in marks} == {last < "06"}


@pytest.mark.parametrize(
    ("batch", "passages", "said"),
    [(5, 5000, ""), (5, 100, f"; {percent(0.05, 0)} of 100 passages left in batches")],
)
def test_one_batch_among_thousands_is_no_headline(
    desk: Context, batch: int, passages: int, said: str
) -> None:
    """Five of 5,000 left together; of 100 they are worth a word."""
    one = Batch(batch, 0, 10, 20)
    found = replace(
        spectrum(desk, "phase"),
        passages=passages,
        batches=(one,),
        order=Overtaking(together=100, overtook=81),
    )

    assert found.sentence == (
        "Tickets are not taken in order: of pairs that waited together, "
        f"{percent(0.81, 0)} overtook{said}"
    )


def test_a_way_that_nobody_took_is_empty(desk: Context) -> None:
    """Nothing is drawn, and that is said."""
    found = spectrum(desk, "phase", ("closed", "new"))

    assert found.sentence == "No ticket took this way"
    assert spectrum_picture(found, UTC) == ""
