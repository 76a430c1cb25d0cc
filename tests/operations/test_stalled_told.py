"""Approvals that stall, from an import to what is described; of few people nothing is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.operations.asking import day
from opsgauge.operations.context import Context
from opsgauge.operations.describe import describe
from tests.conftest import MAPPING, Intake, with_settings
from tests.operations.test_word_themes import BEGIN

APPROVALS = """
source: desk
table: approvals
times: {zone: UTC}
fields:
  approval_id: id
  ticket_id: number
  step: step
  asked_at: asked
  decided_at: decided
  approved: {column: said, yes: [yes], no: [no]}
  approver: who
  approver_group: of
"""


def asked(intake: Intake) -> Intake:
    """Import sixty tickets; each waits four days for one of three heads, and for the boss."""
    lines, rows = ["number,at,state,team,who"], ["id,number,step,asked,decided,said,who,of"]
    for n in range(60):
        at = BEGIN + timedelta(hours=5 * n)
        lines.append(f"T{n},{at:%Y-%m-%d %H:%M},New,Desk,Desk {n % 5}")
        waits = f"{at:%Y-%m-%d %H:%M},{at + timedelta(days=4):%Y-%m-%d %H:%M}"
        rows.append(f"{n}a,T{n},Go,{waits},yes,Head {n % 3},Heads")
        rows.append(f"{n}b,T{n},Sign,{waits},yes,Boss,Chair")
    intake.takes("\n".join(lines) + "\n", mapping=MAPPING)
    intake.takes("\n".join(rows) + "\n", mapping=APPROVALS, name="approvals.csv")
    return intake


def told(ctx: Context) -> list[tuple[str, ...]]:
    """Return the groups of the stalls that are told."""
    return [each.teams for each in describe(ctx).rows if each.kind == "approval_stall"]


@pytest.mark.row("MAP-05")
def test_groups_of_few_approvers_are_withheld(make_intake: Callable[..., Intake]) -> None:
    """Of the chair, one person alone, nothing is told where two are the fewest."""
    desk = asked(make_intake())
    [first, _] = [each for each in describe(desk.context).rows if each.kind == "approval_stall"]

    assert (first.tickets, first.hours) == (60, 60 * 4 * 24.0)
    assert sorted(told(desk.context)) == [("Chair",), ("Heads",)]
    private = with_settings(desk.context, fewest_persons=2)
    assert told(private) == [("Heads",)]
    assert "withheld: fewer than 2 people" in " ".join(describe(private).notes)
    assert told(with_settings(desk.context, fewest_persons=4)) == []


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "3000-01-01", "1899-12-31"])
def test_a_day_of_no_records_is_refused(text: str) -> None:
    """With what to do: whoever means all leaves it away."""
    with pytest.raises(QueryWrong, match="is not from 1900-01-01 to 2999-12-31") as refused:
        day("to", text)

    assert "Leave it away" in str(refused.value.hint)
