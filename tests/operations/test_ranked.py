"""Findings in lanes, nothing told twice, and one to begin with."""

from typing import Any

from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.operations.ranked import lanes, one_thing, ranked


def finding(name: str, kind: str = "burst", lane: Lane = Lane.TIME, **more: Any) -> Finding:
    """Return a finding that tells of little."""
    return Finding(name, kind, lane, f"{name}.", 1.0, "hours", None, 1, "", Evidence("", 1), **more)


def test_each_lane_has_hours_first_and_then_what_is_least_by_chance() -> None:
    """Whatever order they come in."""
    found = ranked(
        [
            finding("d", lane=Lane.DEMAND, odds=1e-9),
            finding("likely", about=("a",), odds=1e-3),
            finding("unlikely", about=("b",), odds=1e-9),
            finding("hours", about=("c",), odds=1e-2, worth_hours=3.0),
            finding("more", about=("d",), odds=1e-2, worth_hours=30.0),
        ]
    )

    assert [each.id for each in found] == ["more", "hours", "unlikely", "likely", "d"]
    assert [each.id for each in lanes(found)[Lane.DEMAND]] == ["d"]
    assert lanes(found)[Lane.QUALITY] == ()


def test_two_detectors_that_tell_of_the_same_are_told_once() -> None:
    """A pair that bounces, and one of its teams that sends back; another team is another thing."""
    pair = finding("pair", "ping_pong", teams=("A", "B"), worth_hours=9.0)
    team = finding("team", "sent_back", teams=("B",), worth_hours=5.0)
    other = finding("other", "sent_back", teams=("C",), worth_hours=1.0)

    found = ranked([team, other, pair])
    assert [each.id for each in found] == ["pair", "other"]
    assert found[0].also == ("team.",)


def test_the_one_thing_is_most_hours_for_least_effort_and_says_why() -> None:
    """A rule is sooner changed than a cause is found."""
    rule = finding("rule", "wrong_first_queue", Lane.QUALITY, worth_hours=100.0)
    cause = finding("cause", "slower_service", worth_hours=200.0)
    one = one_thing([cause, rule])

    assert one is not None
    assert one.finding is rule
    assert one.effort == "changing one rule of routing"
    assert one.reason == (
        "It is worth 100 hours, and ending it takes changing one rule of routing. Another one is "
        "worth more, 200 hours, but takes finding out what changed, and undoing it."
    )


def test_without_hours_there_is_no_one_thing() -> None:
    """Nobody can say what would be won."""
    assert one_thing([finding("odd", odds=1e-9)]) is None
