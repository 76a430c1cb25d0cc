"""Lengths of time and columns of a definition."""

import pytest

from opsgauge.log.service_levels.paragraph import check_columns, read_length


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4 h", 14400), ("1.5h", 5400), ("30 min", 1800), ("1 h 30 min", 5400), ("90 s", 90)],
)
def test_lengths_are_read(text: str, seconds: int) -> None:
    """Hours, minutes, seconds, and what they make together."""
    assert read_length(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["", "4", "h", "-4 h", "0 min", "1 day", "9999999 h", "4 hours"])
def test_what_is_no_promise_is_refused(text: str) -> None:
    """Nothing, forever, and words."""
    with pytest.raises(ValueError, match=r"length|cannot be kept|working day"):
        read_length(text)


def test_columns_are_those_of_history_tickets_and_services() -> None:
    """A moment only where moments may stand."""
    check_columns([("team", ("A",)), ("vendor", ("B",)), ("tier", ("1",))])
    check_columns([("moment", ("resolved_at",))], moments=True)
    with pytest.raises(ValueError, match="'moment' is no column here"):
        check_columns([("moment", ("resolved_at",))])
    with pytest.raises(ValueError, match="'5' is no tier"):
        check_columns([("tier", ("5",))])
