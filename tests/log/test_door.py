"""The one way in to the log: what a scope hides is hidden everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.log.door import LogTables, dimension, open_tables, where
from opsgauge.operations.opened import OpenVersion
from tests.conftest import MAPPING, Intake

NONE = Condition("team", (None,))
ROWS = """number,at,state,team,who,asks,symptom,major
INC1,2026-01-05 08:00,New,A,PRB1,,slow,yes
INC1,2026-01-05 09:00,Done,A,PRB1,,slow,yes
INC2,2026-01-05 08:00,New,B,PRB2,,down,no
INC3,2026-01-05 08:00,New,,PRB1,,,
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenVersion]:
    """Return three tickets, of team A, of B, and of none, each with a link."""
    intake = Intake(tmp_path_factory.mktemp("door"))
    mapping = MAPPING.replace("  assignee: who\n", "  major: major\n")
    mapping += "attributes: {symptom: symptom}\nlinks: [{kind: problem_of, column: who}]\n"
    intake.takes(ROWS, mapping=mapping)
    yield intake.context.opened()
    intake.close()


def seen(opened: OpenVersion, tables: LogTables) -> dict[str, list[str]]:
    """Return the tickets that each table still shows."""
    return {
        name: opened.engine.run(table.select("ticket_id").distinct().order_by("ticket_id"))[
            "ticket_id"
        ].to_pylist()
        for name, table in vars(tables).items()
        if name != "related"
    }


def rule(column: str, *values: str | None) -> Scope:
    """Return a scope of one rule."""
    return Scope((Condition(column, values),))


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        (Scope.everything(), ["INC1", "INC2", "INC3"]),
        (rule("team", "A"), ["INC1"]),
        (rule("team", "A", "B"), ["INC1", "INC2"]),
        (rule("team", None), ["INC3"]),
        (rule("team", "B", None), ["INC2", "INC3"]),
        (rule("team", "nobody"), []),
        (rule("major", "yes"), ["INC1"]),
        (rule("major", "no", None), ["INC2", "INC3"]),
        (rule("attributes.symptom", "down"), ["INC2"]),
        (rule("attributes.symptom", None), ["INC3"]),
        (Scope((Condition("team", ("A", "B")), Condition("major", ("no",)))), ["INC2"]),
        (Scope((), ((Condition("team", ("A",)),), (Condition("team", ("B",)),))), ["INC1", "INC2"]),
        (Scope((Condition("major", ("no",)),), ((Condition("team", ("A", "B")),),)), ["INC2"]),
        (
            Scope((), ((Condition("team", ("A", "B")), Condition("major", ("yes",))), (NONE,))),
            ["INC1", "INC3"],
        ),
    ],
)
def test_a_hidden_ticket_is_hidden_everywhere(
    opened: OpenVersion, scope: Scope, shown: list[str]
) -> None:
    """Its updates and its links go with it."""
    expected = dict.fromkeys(("tickets", "history", "links"), shown)

    assert seen(opened, open_tables(scope)) == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("temn", "There is no dimension 'temn'. Did you mean 'team'?"),
        ("assignee", "There is no dimension 'assignee'."),
        ("ticket_id", "There is no dimension 'ticket_id'."),
        ("reopen_count", "There is no dimension 'reopen_count'."),
    ],
)
def test_what_is_no_dimension_is_refused(name: str, said: str) -> None:
    """People, counts and numbers of tickets split nothing."""
    tickets = open_tables(Scope.everything()).tickets
    with pytest.raises(UnknownColumn) as told:
        dimension(tickets, name)

    assert str(told.value).startswith(said)
    with pytest.raises(UnknownColumn):
        where(tickets, (Condition(name, ("x",)),))


def test_a_tie_to_a_hidden_ticket_is_hidden(tmp_path: Path) -> None:
    """Its number would tell of it; a tie to a record that is nowhere hides nobody."""
    rows = ROWS.replace("INC1,2026-01-05 08:00,New,A,PRB1", "INC1,2026-01-05 08:00,New,A,INC2")
    rows = rows.replace("INC1,2026-01-05 09:00,Done,A,PRB1", "INC1,2026-01-05 09:00,Done,A,INC2")
    mapping = MAPPING.replace("  assignee: who\n", "")
    intake = Intake(tmp_path)
    intake.takes(rows, mapping=mapping + "links: [{kind: problem_of, column: who}]\n")
    opened = intake.context.opened()

    def tied(scope: Scope) -> list[str]:
        links = open_tables(scope).links.order_by("ticket_id")
        return list(opened.engine.run(links)["to_id"].to_pylist())

    assert tied(Scope.everything()) == ["INC2", "PRB2", "PRB1"]
    assert tied(rule("team", "A", "B")) == ["INC2", "PRB2"]
    assert tied(rule("team", "A", None)) == ["PRB1"]
    intake.close()
