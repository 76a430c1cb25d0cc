"""The six facts of trust sum up the checks."""

from collections.abc import Callable

from opsgauge.operations.check import check
from opsgauge.operations.trust import Fact, trust_facts
from tests.conftest import Intake

GOOD = """number,at,state,team,who
T1,2026-01-05T08:00Z,New,Desk,ann
T1,2026-01-05T09:00Z,Done,Desk,ann
"""
ODD = """number,at,state,team,who
T1,2026-01-05T08:00Z,Novel,Desk,ann
T1,2026-01-05T09:00Z,Done,Desk,ann
T2,some day,New,Desk,ann
"""


def facts(make_intake: Callable[..., Intake], log: str) -> dict[str, Fact]:
    """Import a log and return its facts by term."""
    desk = make_intake()
    desk.takes(log)
    told = {fact.term: fact for fact in trust_facts(desk.context)}
    ids = {each.id for each in check(desk.context).checks} | {""}
    assert {fact.check for fact in told.values()} <= ids
    return told


def test_good_data_says_so_in_six_calm_facts(make_intake: Callable[..., Intake]) -> None:
    """Each with a figure and a word, none with a mark."""
    told = facts(make_intake, GOOD)

    assert list(told) == [
        "Freshness",
        "Read and kept",
        "Unknown words",
        "Out of order",
        "Missing times",
        "Held back",
    ]
    assert {fact.state for fact in told.values()} == {"pass"}
    assert told["Freshness"].figure == "Mon 5 Jan 2026, 09:00"
    assert told["Read and kept"].words == "changes of 1 ticket, none refused"


def test_what_is_wrong_is_named(make_intake: Callable[..., Intake]) -> None:
    """An unknown word, and a record without a moment."""
    told = facts(make_intake, ODD)

    assert told["Unknown words"].figure == "1"
    assert "Novel" in told["Unknown words"].words
    assert told["Read and kept"].words.endswith("1 refused")
    assert told["Unknown words"].state != "pass"
