"""Bundles: complete when due, and which piece is late."""

import numpy as np
import pytest

from opsgauge.analysis.requests.bundles import (
    Due,
    bundles_by_item,
    first_day_rows,
    is_in_time,
    is_judged,
    late_pieces,
)
from opsgauge.analysis.requests.tasks import Bundle, Task
from opsgauge.foundation.finding import Evidence
from opsgauge.foundation.units import MICROS_PER_HOUR as HOUR
from opsgauge.log.door import unbound
from opsgauge.log.tables import TICKETS
from tests.analysis.requests.conftest import Shop

pytestmark = pytest.mark.row("REQ-05")
EVIDENCE = Evidence("asked", 1)
NOW = 1000 * HOUR


def bundle(place: int, *ends: int | None, item: str | None = "New starter") -> Bundle:
    """Return an order opened at hour 0; its pieces A, B, C … were done at these hours."""
    tasks = [
        Task(f"{place}{name}", name, None, 0, None if end is None else end * HOUR)
        for name, end in zip("ABC", ends, strict=False)
    ]
    return Bundle(place, item, 0, tuple(tasks))


def test_a_first_day_goes_before_a_promise_and_that_before_days() -> None:
    """The order's own word counts most."""
    due = Due({1: 10 * HOUR}, {"New starter": 20.0}, NOW, days=2)

    bases = [due.basis(bundle(1, 5)), due.basis(bundle(2, 5)), due.basis(bundle(3, 5, item="Move"))]
    assert bases == ["first day", "promise", "days"]
    late = [due.late_us(bundle(n, 5), 50 * HOUR) / HOUR for n in (1, 2)]
    assert late == [40.0, 30.0]
    assert due.late_us(bundle(3, 5, item="Move"), 50 * HOUR) == 2 * HOUR


def test_a_promise_runs_by_the_clock_of_the_calendar() -> None:
    """By a clock at half speed, fifty hours are twenty-five."""
    due = Due({}, {"New starter": 20.0}, NOW, clock=lambda moments: np.asarray(moments // 2))

    assert due.late_us(bundle(1, 5), 50 * HOUR) == 5 * HOUR


def test_complete_to_the_microsecond_when_due_is_in_time() -> None:
    """A moment later is late; still open it is late once that has passed, unknown before."""
    due = Due({}, {"New starter": 20.0}, NOW)
    early = Due({}, {"New starter": 20.0}, 19 * HOUR)

    assert is_in_time(bundle(1, 10, 20), due)
    assert not is_in_time(bundle(1, 10, 21), due)
    assert not is_in_time(bundle(1, 10, None), due)
    assert is_judged(bundle(1, 10, None), due)
    assert not is_judged(bundle(1, 10, None), early)


def test_an_item_tells_its_last_piece_and_the_one_late_most_often() -> None:
    """Of four, two were in time; B was late twice, by 10 and by 30 hours, C once."""
    due = Due({}, {"New starter": 20.0}, NOW)
    found = [bundle(1, 5, 10, 12), bundle(2, 5, 30, 12), bundle(3, 5, 50, 40), bundle(4, 1, 2, 3)]
    [line] = bundles_by_item(found, due)

    assert (line.n, line.complete, line.judged, line.in_time) == (4, 4, 4, 2)
    assert line.median == 21.0
    assert line.p90 == pytest.approx(44.0)
    assert line.basis == {"promise": 4}
    assert [(p.name, p.n, p.late, p.late_median, p.last) for p in line.pieces] == [
        ("B", 4, 2, 20.0, 2),
        ("C", 4, 1, 20.0, 2),
        ("A", 4, 0, None, 0),
    ]
    assert line.as_json()["pieces"][0]["late_hours"] == 40.0


def test_a_piece_still_open_is_late_up_to_now() -> None:
    """Due at 20, and it is hour 1000."""
    [line] = bundles_by_item([bundle(1, 5, None)], Due({}, {"New starter": 20.0}, NOW))

    assert (line.complete, line.judged, line.median) == (0, 1, None)
    assert (line.pieces[0].name, line.pieces[0].late_hours) == ("B", 980.0)


def test_the_late_piece_is_found_with_its_hours() -> None:
    """In ten of twenty, by ten hours each; of nineteen bundles nothing is said."""
    due = Due({}, {"New starter": 20.0}, NOW)
    found = [bundle(n, 5, 30 if n < 10 else 15) for n in range(20)]
    [late] = late_pieces(bundles_by_item(found, due), EVIDENCE)

    assert late.claim.startswith("50\u202f% of 20 orders of New starter were complete when due; B ")
    assert (late.size, late.n, late.worth_hours) == (0.5, 20, 100.0)
    assert late_pieces(bundles_by_item(found[1:], due), EVIDENCE) == []


def test_orders_name_their_first_day_in_an_attribute(shop: Shop) -> None:
    """Those that name none are not asked."""
    shop.has("R1", "05 08:00 new Desk", attributes=[("first_day", "2026-01-12")])
    shop.has("R2", "05 08:00 new Desk", attributes=[("floor", "2")])
    shop.has("I1", "05 08:00 new Desk", practice="incident", attributes=[("first_day", "x")])
    rows = shop.run(first_day_rows(unbound(TICKETS))).to_pylist()

    assert [(row["ticket_id"], row["day"]) for row in rows] == [("R1", "2026-01-12")]
