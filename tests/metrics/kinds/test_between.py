"""Time between failures: what overlaps leaves none, and each service has its own."""

from tests.metrics.desks import Row, only, small_desk


def failure(service: str, opened: str, resolved: str | None, **said: object) -> Row:
    """Return a major incident of January."""
    end = f"2026-01-{resolved}" if resolved else None
    return {
        "service": service,
        "major": True,
        "opened_at": f"2026-01-{opened}",
        "resolved_at": end,
        **said,
    }


def test_what_overlaps_leaves_no_time_between() -> None:
    """One fails for long; two more begin meanwhile, the last one after it."""
    desk = small_desk(
        failure("Mail", "05 08:00", "07 08:00"),
        failure("Mail", "05 10:00", "05 11:00"),
        failure("Mail", "06 08:00", "06 09:00"),
        failure("Mail", "08 08:00", "08 09:00"),
    )
    listed = desk.behind("time_between_failures", {"period": "all"})

    assert sorted(row["value"] for row in listed) == [0.0, 0.0, 24.0]
    assert desk.only("time_between_failures", statistic="mean").value == 8.0


def test_while_one_has_not_ended_there_is_no_time_between() -> None:
    """It is still broken."""
    desk = small_desk(failure("Mail", "05 08:00", None), failure("Mail", "09 08:00", "09 09:00"))

    assert desk.only("time_between_failures").value == 0.0


def test_services_follow_themselves_and_a_split_splits_the_chain() -> None:
    """By team, a failure follows the one before of the same service and team."""
    desk = small_desk(
        failure("Mail", "05 08:00", "05 09:00", team="A"),
        failure("Print", "05 10:00", "05 11:00", team="A"),
        failure("Mail", "05 12:00", "05 13:00", team="B"),
        failure("Mail", "05 17:00", "05 18:00", team="A"),
    )

    assert desk.only("time_between_failures", statistic="mean").value == 3.5  # 3 and 4 hours
    assert desk.values("time_between_failures", by=("team",)) == {("all", "A"): 8.0}
    assert desk.only("time_between_failures", where=only("team", "A")).value == 8.0
