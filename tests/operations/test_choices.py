"""What one can choose from is what the records hold, and never a person."""

from collections.abc import Callable

import pytest

from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.operations.choices import Choice, filters, practices, splits, values_of
from opsgauge.operations.context import Context
from tests.conftest import Intake

PERSONS = {c.name for table in (TICKETS, HISTORY) for c in table.columns if c.person}
LOG = """number,at,state,team,who
T1,2026-01-05T08:00Z,New,Desk,ann
T2,2026-01-05T08:00Z,New,Desk,bob
T3,2026-01-05T08:00Z,Done,Network,ann
T4,2026-01-05T08:00Z,Done,?,ann
"""


@pytest.fixture
def ctx(make_intake: Callable[..., Intake]) -> Context:
    """Import four tickets of three teams, one of them nobody's."""
    desk = make_intake()
    desk.takes(LOG)
    return desk.context


def test_values_come_with_their_tickets_the_most_frequent_first(ctx: Context) -> None:
    """Nothing written is a choice like any other."""
    assert values_of(ctx, "team") == (Choice("Desk", 2), Choice("Network", 1), Choice(None, 1))
    assert practices(ctx) == ("incident",)


def test_yes_and_no_are_offered_as_words(ctx: Context) -> None:
    """As conditions and addresses write them."""
    assert {choice.value for choice in values_of(ctx, "open")} == {"yes", "no"}


def test_a_split_parts_the_tickets(ctx: Context) -> None:
    """One value for all is no split; what is empty throughout is no filter either."""
    assert {"team", "phase", "open"} <= set(splits(ctx))
    assert "practice" not in splits(ctx)
    assert "practice" in filters(ctx)
    assert "priority" not in filters(ctx)


def test_no_person_is_offered(ctx: Context) -> None:
    """Neither to split by nor to filter by, though every update names one."""
    assert PERSONS
    assert not PERSONS & {*splits(ctx), *filters(ctx)}
