"""Rules are counted in one pass, and one that breaks is unknown alone."""

from dataclasses import replace

import ibis

from opsgauge.log.checks.rules import Rule, counted, examples, run
from opsgauge.log.checks.seen import Subject
from tests.log.checks.desks import Row, desk

TEAMS: list[Row] = [{"team": "A"}, {"team": None}, {"team": "B"}, {"team": None}]


def rule(name: str, found: ibis.Value) -> Rule:
    """Return a rule on tickets."""
    return Rule(Subject(name, name, ("team",)), found, "{n} of {of}.", "Do it.")


def test_every_rule_counts_its_rows() -> None:
    """With the tickets it found, in order, and its words filled in."""
    records = desk(TEAMS)
    t = records.tables.tickets
    rules = [rule("none", t.team.isnull()), rule("a", t.team == "A"), rule("c", t.team == "C")]

    none, a, c = run(records, t, rules)

    assert [(each.id, each.count, each.of) for each in (none, a, c)] == [
        ("none", 2, 4),
        ("a", 1, 4),
        ("c", 0, 4),
    ]
    assert none.tickets == (("example", "T2"), ("example", "T4"))
    assert (none.words, none.next_step) == ("2 of 4.", "Do it.")
    assert c.words == "Nothing found."


def test_one_pass_counts_them_all() -> None:
    """However many rules there are, the table is read once."""
    records = desk(TEAMS)
    t = records.tables.tickets
    sql = records.engine.sql(counted(t, [rule("x", t.team == "A"), rule("y", t.team == "B")]))

    assert sql.upper().count("FROM") == 1


def test_a_rule_that_breaks_is_unknown_and_the_others_hold() -> None:
    """The column it asks for is not in the table that the engine holds."""
    records = desk(TEAMS)
    t = ibis.table({**dict(records.tables.tickets.schema().items()), "gone": "string"}, "tickets")

    broken, sound = run(records, t, [rule("b", t.gone == "x"), rule("s", t.team.isnull())])

    assert broken.state == "unknown"
    assert "gone" in broken.words
    assert (sound.state, sound.count) == ("fail", 2)


def test_examples_are_few_and_each_ticket_once() -> None:
    """Five at most, by number."""
    records = desk([{"team": "A"}] * 9)
    updates = records.tables.history

    assert examples(records, updates) == tuple(("example", f"T{n}") for n in range(1, 6))
    assert examples(replace(records), updates.filter(updates.team == "B")) == ()
