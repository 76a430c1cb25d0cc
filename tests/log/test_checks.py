"""Checks: what is wrong in the data is counted, with examples, and never stops anything."""

from collections.abc import Iterator

import pytest

from opsgauge.foundation.agreed import Scope
from opsgauge.log.checks import Seen, on_history, on_tickets, state_of
from opsgauge.log.door import open_tables
from tests.conftest import MAPPING, Intake

HEADER = "number,at,state,team,opened,resolved,closed,reopened,moved,count\n"
FIELDS = """
  opened_at: opened
  resolved_at: resolved
  closed_at: closed
  reopen_count: reopened
  handoff_count: moved
"""
DAY = "2026-01-05 "


def row(
    ticket: str, at: str, state: str, *moments: str, team: str = "A", counts: str = "0,0,1"
) -> str:
    """Return one update with the ticket's own opening, resolution and closing; "-" is none."""
    written = ",".join("" if moment == "-" else DAY + moment for moment in moments)
    return f"{ticket},{DAY}{at},{state},{team},{written},{counts}\n"


TICKETS = {
    "fine": row("fine", "08:00", "New", "08:00", "-", "-")
    + row("fine", "09:00", "Done", "08:00", "09:00", "-", counts="0,0,2"),
    "early": row("early", "08:00", "New", "08:00", "07:00", "-"),
    "crossed": row("crossed", "09:00", "Shut", "08:00", "09:00", "08:30"),
    "blank": row("blank", "09:00", "Done", "08:00", "-", "-"),
    "apart": row("apart", "09:00", "Done", "08:00", "11:00", "-"),
    "counts": row("counts", "08:00", "New", "08:00", "-", "-", counts="2,3,1"),
    "nobody": row("nobody", "08:00", "New", "08:00", "-", "-", team=""),
    "back": row("back", "10:00", "New", "08:00", "-", "-", counts="0,0,1")
    + row("back", "09:00", "Work", "08:00", "-", "-", counts="0,0,2"),
    "odd": row("odd", "08:00", "Odd", "08:00", "-", "-"),
    "before": row("before", "07:00", "New", "08:00", "-", "-"),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seen]]:
    """Return what each check saw in tickets that are each wrong in one way."""
    intake = Intake(tmp_path_factory.mktemp("checks"))
    mapping = MAPPING.replace("  assignee: who\n", FIELDS.lstrip("\n")).replace(
        "fields:", "order: [count]\nfields:"
    )
    intake.takes(HEADER + "".join(TICKETS.values()), mapping=mapping)
    opened, tables = intake.context.opened(), open_tables(Scope.everything())
    yield {
        each.id: each
        for each in (*on_tickets(opened.engine, tables), *on_history(opened.engine, tables))
    }
    intake.close()


@pytest.mark.parametrize(
    ("check", "tickets"),
    [
        ("order_of_moments", ["early"]),
        ("closed_before_resolved", ["crossed"]),
        ("resolved_missing", ["blank"]),
        ("resolved_against_history", ["apart", "blank"]),
        ("closed_against_history", []),
        ("reopen_against_history", ["counts"]),
        ("handoff_against_history", ["counts"]),
        ("team_missing", ["nobody"]),
        ("update_order", ["back"]),
        ("words_without_phase", ["odd"]),
        ("before_opening", ["before"]),
    ],
)
def test_each_fault_is_found_where_it_is_and_nowhere_else(
    seen: dict[str, Seen], check: str, tickets: list[str]
) -> None:
    """With examples by number, out of all that were looked at."""
    found = seen[check]

    assert sorted(found.examples) == tickets
    assert found.count == len(tickets)
    assert found.of == (
        12 if check in ("update_order", "words_without_phase", "before_opening") else 10
    )


def test_a_check_says_what_it_saw_in_words(seen: dict[str, Seen]) -> None:
    """Numbers first, then what they do, then what to do."""
    early = seen["order_of_moments"]

    assert early.words.startswith("1 of 10 tickets are resolved or closed before they were opened")
    assert early.next_step == "Correct the moments at the source and import again."
    assert (early.state, early.critical) == ("fail", True)
    assert seen["closed_against_history"].words == "Nothing found."
    assert seen["closed_against_history"].next_step == ""
    assert seen["closed_against_history"].state == "pass"


def test_every_check_has_run(seen: dict[str, Seen]) -> None:
    """None that is known here is left out."""
    assert len(seen) == 11


@pytest.mark.parametrize(
    ("count", "of", "worst", "state"),
    [
        (0, 0, "fail", "pass"),
        (0, 10, "fail", "pass"),
        (1, 1_001, "fail", "note"),
        (1, 1_000, "fail", "warn"),
        (49, 1_000, "fail", "warn"),
        (50, 1_000, "fail", "fail"),
        (1_000, 1_000, "warn", "warn"),
        (1, 1, "note", "note"),
    ],
)
def test_how_grave_a_fault_is(count: int, of: int, worst: str, state: str) -> None:
    """By its share; some are never graver than a warning."""
    assert state_of(count, of, worst) == state
