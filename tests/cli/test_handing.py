"""`opsgauge handoffs` is a verb of its own; what it answers is told in test_waiting."""

from opsgauge.cli.app import ROOMS, make_program


def test_the_verb_is_found_in_its_room_alone() -> None:
    """Whoever hands over need not load what waits."""
    assert [room for room, verbs in ROOMS.items() if "handoffs" in verbs] == [
        "opsgauge.cli.handing"
    ]
    assert "handoffs" in {each.name for each in make_program("handoffs").registered_commands}
