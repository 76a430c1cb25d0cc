"""Repeats: who comes again counts, whatever is asked for of those who came first."""

from tests.metrics.desks import only, small_desk

WHO = {"requester": "User 1", "category": "Mail"}


def test_the_one_that_follows_need_not_meet_the_filter() -> None:
    """It went to another team, and is a repeat of the first all the same."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "team": "A", **WHO},
        {"opened_at": "2026-01-06 08:00", "team": "B", **WHO},
    )

    assert desk.values("repeat_incident_share", by=("team",)) == {
        ("all", "A"): 1.0,
        ("all", "B"): 0.0,
    }
    assert desk.only("repeat_incident_share", where=only("team", "A")).value == 1.0
    assert len(desk.behind("repeat_incident_share", {"period": "all"}, "numerator")) == 1


def test_the_days_are_counted_to_the_minute() -> None:
    """Thirty days later is within thirty days; a minute more is not."""
    first = {"opened_at": "2026-01-05 08:00", **WHO}
    for minute, share in (("00", 0.5), ("01", 0.0)):
        desk = small_desk(first, {"opened_at": f"2026-02-04 08:{minute}", **WHO})
        assert desk.only("repeat_incident_share").value == share


def test_who_is_not_known_comes_never_again() -> None:
    """Two strangers are not one."""
    nobody = {"requester": None, "category": "Mail"}
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", **nobody}, {"opened_at": "2026-01-05 09:00", **nobody}
    )

    assert desk.only("repeat_incident_share").value == 0.0
