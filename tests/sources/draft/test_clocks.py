"""Days and clocks in columns apart."""

from opsgauge.sources.draft.clocks import with_clocks
from opsgauge.sources.draft.kinds import seen
from tests.sources.draft.conftest import Desk


def joined(desk: Desk, text: str) -> list[tuple[str, ...]]:
    """Return each column, by the names it is put together from."""
    with desk.sheet(text) as sheet:
        columns = with_clocks(sheet, [seen(each) for each in sheet.columns])
        assert all(each.moments for each in columns if each.join)
        return [each.join or (each.name,) for each in columns]


def test_a_clock_joins_the_day_of_its_name(desk: Desk) -> None:
    """Wherever it stands."""
    head = "n,Open date,Close date,Open time,Close time\n"
    rows = "1,05.01.2026,25.01.2026,08:00,17:30\n"

    assert joined(desk, head + rows) == [
        ("n",),
        ("Open date", "Open time"),
        ("Close date", "Close time"),
    ]


def test_a_clock_without_a_name_joins_the_day_before_it(desk: Desk) -> None:
    """As people write lists."""
    assert joined(desk, "n,Gemeldet am,Uhrzeit\n1,25.01.2026,08:00\n") == [
        ("n",),
        ("Gemeldet am", "Uhrzeit"),
    ]


def test_a_clock_without_a_day_stays_alone(desk: Desk) -> None:
    """And a moment with a clock takes no other."""
    assert joined(desk, "n,worked\n1,01:30\n") == [("n",), ("worked",)]
    assert joined(desk, "n,at,worked\n1,25.01.2026 08:00,01:30\n") == [("n",), ("at",), ("worked",)]
