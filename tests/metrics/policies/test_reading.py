"""Rules are read whole or not at all, and every slip is named with its file, line and key."""

from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import RuleWrong
from opsgauge.log.service_levels.paragraph import read_length
from opsgauge.metrics.policies.reading import KINDS, load_rules, read_rules
from opsgauge.metrics.policies.rule import Duty, MaximalTime, Rule, Separation
from opsgauge.metrics.written_page import Page

WHOLE = """\
# Of changes.
first:
  title: First this
  owner: Change manager
  practices: change
  where: [priority=1|2, team=]
  steps: original_status
  opened_from: 2026-01-01
  segregation: {requester: requester, approver: approvals, implementer: [Work, Build]}
  exceptions:
    - {ticket: C7, why: The move, by: W1, until: 2026-03-01}

# Of time.
second:
  title: Then that
  maximal_time: {from: new, to: [in_progress, resolved], within: 1 h 30 min}
"""


def read(text: str) -> list[Rule]:
    """Read rules from a text."""
    return read_rules(Page(text, "rules/desk.yaml", RuleWrong, "conformance"))


@pytest.mark.row("CON-01", "CON-07")
def test_a_rule_is_read_as_it_is_written() -> None:
    """With its conditions, duties and exceptions; each knows its own lines."""
    first, second = read(WHOLE)

    assert first.conditions == (
        Condition("practice", ("change",)),
        Condition("priority", ("1", "2")),
        Condition("team", (None,)),
    )
    assert first.check == Separation(
        (
            Duty("requester", "requester"),
            Duty("approver", "approvals"),
            Duty("implementer", "", ("Work", "Build")),
        )
    )
    assert (first.exceptions[0].ticket, first.exceptions[0].by) == ("C7", "W1")
    assert second.check == MaximalTime(("new",), ("in_progress", "resolved"), read_length("90 min"))
    assert first.paragraph.startswith("first:\n")
    assert first.paragraph.endswith("2026-03-01}\n")
    assert second.paragraph.splitlines()[0] == "second:"
    assert first.hash != second.hash


ONE = "a:\n  title: A\n  absence: {step: new}\n"


@pytest.mark.row("CON-01")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "rules/desk.yaml is empty."),
        ("- a\n", "rules/desk.yaml: keys with their values are needed here."),
        ("a: [", "is no YAML"),
        ("a: &x 1\nb: *x\n", "line 1: anchors and aliases are not read."),
        (ONE + ONE, "line 4: 'a' is said twice."),
        ("A B:\n  title: A\n", "line 1, A B: a rule's name has small letters"),
        ("a:\n", "line 1, a: a rule is needed here"),
        ("a:\n  title: A\n", "line 1, a: it says no rule; it needs one of precedence"),
        (ONE.replace("absence", "absense"), "line 3, a.absense: there is no such key. Did you mean "
         "'absence'?"),
        (ONE.replace("step", "stop"), "a.absence.stop: there is no such key. Did you mean 'step'?"),
        (ONE.replace("new", "resolvd"), "line 3, a.absence: there is no phase 'resolvd'. Did you "
         "mean 'resolved'?"),
        (ONE.replace("{step: new}", "new"), "line 3, a.absence: keys with their values"),
        (ONE.replace("new", "''"), "a.absence.step: a step is needed here"),
        (ONE + "  exactly_once: {step: new}\n", "line 4, a.exactly_once: a rule says one thing"),
        (ONE + "  steps: statuss\n", "line 4, a.steps: 'statuss' holds no steps of rules."),
        (ONE + "  practices: chang\n", "line 4, a.practices: there is no practice 'chang'. Did you "
         "mean 'change'?"),
        (ONE + "  where: [prioriy=1]\n", "line 4, a.where: tickets are not told apart by "
         "'prioriy'. Did you mean 'priority'?"),
        (ONE + "  where: [assignee=Agent 1]\n", "tickets are not told apart by 'assignee'"),
        (ONE + "  where: [phase=close]\n", "line 4, a.where: there is no phase 'close'."),
        (ONE + "  where: priority=1\n", "line 4, a.where: a list is needed here"),
        (ONE + "  opened_from: 1.1.2026\n", "line 4, a.opened_from: '1.1.2026' is no date"),
        (ONE + "  opened_from: 2026-02-01\n  opened_to: 2026-01-01\n", "lies before 2026-02-01"),
        (ONE + "  exceptions: [{ticket: X}]\n", "a.exceptions.0.why: this key is needed"),
        (ONE + "  exceptions: [{tiket: X}]\n", "Did you mean 'ticket'?"),
        (ONE + "  not_yet_seen: [newt]\n", "the rule names no step 'newt'. Did you mean 'new'?"),
        ("a:\n  title: A\n  precedence: {step: new, only_after: new}\n", "'new' stands on both"),
        ("a:\n  title: A\n  precedence: {step: new}\n", "only_after: a step is needed"),
        ("a:\n  title: A\n  maximal_time: {from: new, to: resolved, within: 2 days}\n",
         "line 3, a.maximal_time.within: '2 days'"),
        ("a:\n  title: A\n  required_field: {field: resolution}\n", "tickets have no field "
         "'resolution'. Did you mean 'resolution_code'?"),
        ("a:\n  title: A\n  segregation: {approver: approvals}\n", "two duties are needed"),
        ("a:\n  title: A\n  four_eyes: {one: new}\n", "a.four_eyes.other: this key is needed"),
        ("a:\n  absence: {step: new}\n", "line 1, a.title: this key is needed"),
    ],
)  # fmt: skip
def test_a_slip_is_named_where_it_is(text: str, told: str) -> None:
    """By file, line, key and the nearest right word."""
    with pytest.raises(RuleWrong) as wrong:
        read(text)

    assert str(wrong.value).startswith("rules/desk.yaml")
    assert told in str(wrong.value)


@pytest.mark.row("CON-01")
def test_one_wrong_file_and_none_is_loaded(tmp_path: Path) -> None:
    """Nor where two files have a rule of one name; what is mended is read again."""
    folder = tmp_path / "rules"
    folder.mkdir()
    assert load_rules(tmp_path) == ()
    (folder / "a.yaml").write_text(ONE, "utf-8")
    assert [each.name for each in load_rules(tmp_path)] == ["a"]
    (folder / "b.yaml").write_text(ONE + "  oops: 1\n", "utf-8")
    with pytest.raises(RuleWrong, match=r"rules/b\.yaml, line 4"):
        load_rules(tmp_path)
    (folder / "b.yaml").write_text(ONE, "utf-8")
    with pytest.raises(RuleWrong, match=r"there is a rule 'a' in rules/a\.yaml already"):
        load_rules(tmp_path)
    (folder / "b.yaml").write_text(ONE.replace("a:", "b:", 1), "utf-8")
    assert [each.name for each in load_rules(tmp_path)] == ["a", "b"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """As is one that is too long."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleWrong, match="cannot be read"):
        load_rules(tmp_path)
    (tmp_path / "rules" / "a.yaml").write_text("# " + "x" * 1_000_001, "utf-8")
    with pytest.raises(RuleWrong, match="is too long"):
        load_rules(tmp_path)


def test_every_kind_is_in_the_guide() -> None:
    """With an example of each."""
    guide = Path(__file__).parents[3] / "docs" / "guides" / "conformance.md"
    text = guide.read_text("utf-8")

    assert not [kind for kind in KINDS if f"{kind}:" not in text]
