"""Shares: who is in the numerator, who in the denominator, and who in neither."""

import pytest

from opsgauge.metrics.ask import make_ask
from opsgauge.metrics.criterion import Criterion
from opsgauge.metrics.kinds.share import in_numerator, rows
from opsgauge.metrics.question import Question
from opsgauge.metrics.subject import TICKETS_SUBJECT
from tests.metrics.desks import CATALOGUE, small_desk


def test_a_share_is_of_all_tickets_unless_the_paragraph_says_otherwise() -> None:
    """Nothing said of an article is none used; nothing said of a level is left out."""
    desk = small_desk(
        {"knowledge_used": True, "sla_met": True},
        {"knowledge_used": False, "sla_met": False},
        {},
        {},
    )

    assert desk.only("knowledge_used_share").value == 0.25
    assert desk.only("sla_met_share").value == 0.5
    assert (desk.only("knowledge_used_share").n, desk.only("sla_met_share").n) == (4, 2)


def test_a_share_may_be_split_by_the_very_column_it_tests() -> None:
    """By itself it is all or nothing."""
    desk = small_desk({"major": True}, {"major": False}, {"major": None}, {"major": False})

    assert desk.values("major_share", by=("major",)) == {
        ("all", "yes"): 1.0,
        ("all", "no"): 0.0,
        ("all", None): 0.0,
    }
    assert desk.only("cancelled_share", by=("phase",)).by == {"phase": "new"}


@pytest.mark.parametrize(
    ("said", "hits"),
    [
        ({"column": "reopen_count", "at_least": 2}, 1),
        ({"column": "reopen_count", "is": 0}, 1),
        ({"column": "reopen_count", "known": True}, 2),
        ({"column": "major", "is": False}, 1),
        ({"column": "team", "is": "A"}, 1),
        ({"column": "team", "any_of": ["A", "B"]}, 2),
    ],
)
def test_a_criterion_holds_for_what_is_known_to_meet_it(said: dict[str, object], hits: int) -> None:
    """Three tickets, of the last nothing is known."""
    desk = small_desk(
        {"reopen_count": 2, "major": True, "team": "A"},
        {"reopen_count": 0, "major": False, "team": "B"},
        {"reopen_count": None},
    )
    tickets = desk.tables.tickets
    met = tickets.filter(Criterion.model_validate(said).holds(tickets, TICKETS_SUBJECT))

    assert desk.engine.run(met).num_rows == hits


def test_the_numerator_is_a_part_of_the_rows() -> None:
    """One of the two tickets of the denominator."""
    desk = small_desk({"sla_met": True}, {"sla_met": False}, {})
    ask = make_ask(
        CATALOGUE.get("sla_met_share"),
        Question("sla_met_share"),
        desk.tables,
        desk.periods,
        desk.watermark,
    )
    counted = rows(ask)

    assert desk.engine.run(counted).num_rows == 2
    assert desk.engine.run(counted.filter(in_numerator(counted)))["ticket_id"].to_pylist() == ["T1"]
