"""Contacts by a channel against the tickets that came by it, month by month."""

import pytest

from opsgauge.log.checks.alike import apart, counts_agree
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import Row, desk, desk_beside

USUAL = {f"2026-0{month}": (50, 60) for month in range(1, 8)}


def look(
    months: dict[str, tuple[int, int]], channels: tuple[str, str] = ("Phone", "phone")
) -> Seen:
    """Make the check on so many tickets and contacts of each month."""
    tickets: list[Row] = []
    contacts: list[Row] = []
    for month, (opened, called) in months.items():
        days = [f"{month}-{1 + n % 28:02} 09:00" for n in range(max(opened, called))]
        tickets += [{"opened_at": day, "channel": channels[0]} for day in days[:opened]]
        contacts += [{"started_at": day, "channel": channels[1]} for day in days[:called]]
    return counts_agree(desk_beside(tickets, {"contacts": contacts}))


def test_months_like_all_others_are_no_finding() -> None:
    """Whatever the ratio; capitals of a channel are no matter."""
    found = look(USUAL)
    assert (found.state, found.count, found.of) == ("pass", 0, 5)


@pytest.mark.row("GOV-04")
@pytest.mark.parametrize(("counts", "said"), [((50, 4), "4 contacts"), ((4, 60), "4 tickets")])
def test_a_month_of_which_one_export_tells_only_a_part_is_found(
    counts: tuple[int, int], said: str
) -> None:
    """Either of the two."""
    found = look(USUAL | {"2026-04": counts})

    assert (found.state, found.count) == ("warn", 1)
    assert "phone, 2026-04" in found.examples[0]
    assert said in found.examples[0]


def test_the_months_at_both_ends_are_not_judged() -> None:
    """An export may begin and end in their middle."""
    assert look(USUAL | {"2026-01": (50, 1), "2026-07": (50, 1)}).state == "pass"


def test_where_there_is_too_little_nothing_is_compared() -> None:
    """No contacts, other channels, few months, few contacts."""
    few = dict(list(USUAL.items())[:5])
    for found in (
        counts_agree(desk([{"channel": "phone"}])),
        look(USUAL, channels=("Phone", "Chat")),
        look(few),
    ):
        assert (found.state, found.count, found.compared) == ("pass", 0, False)
    small = dict.fromkeys(USUAL, (5, 6)) | {"2026-04": (5, 0)}
    assert look(small).count == 0


def test_a_channel_whose_calls_are_never_counted_is_none() -> None:
    """Zero is then its habit; a month without tickets has no ratio."""
    assert apart("mail", {f"m{n}": (50, 0) for n in range(5)}) == []
    assert apart("mail", {"a": (0, 50), "b": (0, 0), "c": (0, 0), "d": (0, 0)}) == []
