"""A mapping file is checked whole, and each fault names the file, the key and the nearest word."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.mapping import parse_mapping, read_mapping
from tests.conftest import ROOT

WHOLE = """
source: desk
shape: updates
practice: incident
ticket_id: number
times: {zone: UTC, formats: [iso]}
missing: ["?"]
order: [count]
fields:
  updated_at: at
  original_status: {join: [state, detail], with: "/"}
  priority: {column: prio, words: {"1": High}}
  major: {column: major, yes: ["x"], no: ["-"]}
  channel: {value: phone}
  assignee: who
phases: {New: new, Done: resolved}
attributes: {symptom: sym}
links: [{kind: problem_of, column: problem}]
persons: [caller]
drop: [secret]
"""


def changed(old: str, new: str) -> str:
    """Return the whole mapping with one part replaced."""
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


@pytest.mark.row("ING-01")
def test_a_whole_mapping_is_read() -> None:
    """Every column it reads is known with the key that reads it."""
    mapping = parse_mapping(WHOLE, "desk.yaml")

    assert mapping.columns() == {
        "number": "ticket_id",
        "at": "fields.updated_at",
        "state": "fields.original_status",
        "detail": "fields.original_status",
        "prio": "fields.priority",
        "major": "fields.major",
        "who": "fields.assignee",
        "count": "order",
        "caller": "persons",
        "sym": "attributes.symptom",
        "problem": "links",
    }
    assert mapping.person_columns == ("who", "caller")


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/mapping.yaml")), ids=str)
def test_the_examples_are_whole(file: Path) -> None:
    """Those that users begin with."""
    mapping, text = read_mapping(file)

    assert text == file.read_text()
    assert mapping.fields


def test_words_are_kept_as_they_are_written() -> None:
    """YAML would make a truth of `No`, a number of `6` and an hour of `12:30`."""
    text = changed(
        "phases: {New: new, Done: resolved}", "phases: {No: new, 6: resolved, 12:30: closed}"
    )

    [phases] = parse_mapping(text, "desk.yaml").phases
    assert phases.words == {"No": "new", "6": "resolved", "12:30": "closed"}


def test_one_word_stands_for_a_list_of_one() -> None:
    """Brackets may be left out."""
    text = changed("formats: [iso]", "formats: iso").replace('["?"]', '"?"')

    mapping = parse_mapping(text, "desk.yaml")
    assert (mapping.times.formats, mapping.missing) == (("iso",), ("?",))
    assert mapping == parse_mapping(WHOLE, "desk.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: desk", "sorce: desk", "sorce: no such key. Did you mean 'source'?"),
        ("source: desk\n", "", "source: this key is needed."),
        ("source: desk", "source: ../../desk", "source: "),
        ("source: desk", "source: My Desk", "source: "),
        ("ticket_id: number\n", "", "ticket_id: this key is needed."),
        ("shape: updates", "shape: update", "shape: Input should be 'tickets', 'upd"),
        ("practice: incident", "practice: incidnt", "Did you mean 'incident'?"),
        (
            "practice: incident",
            "practice: {column: kind, words: {INC: incidents}}",
            "practice: 'incidents' is no practice. Did you mean 'incident'?",
        ),
        ("zone: UTC", "zone: Europe/Amsterdm", "is no IANA time zone. Did you mean 'Europe/Amst"),
        ("zone: UTC", "zoen: UTC", "times.zoen: no such key. Did you mean 'zone'?"),
        (
            "{zone: UTC, formats: [iso]}",
            '{formats: ["%d/%m/%Y"]}',
            "times: format '%d/%m/%Y' carries no zone",
        ),
        (
            "shape: updates",
            "shape: updates\nencoding: cp1253x",
            "encoding: 'cp1253x' is no encoding of text. Did you mean 'cp125",
        ),
        (
            "shape: updates",
            "shape: updates\nencoding: hex",
            "encoding: 'hex' is no encoding of text",
        ),
        (
            "shape: updates",
            "shape: updates\ncarry: [prioity]",
            "carry: 'prioity' is no field to carry. Did you mean 'priority'?",
        ),
        (
            "shape: updates",
            "shape: updates\nopening: {prioity: first}",
            "opening: 'prioity' is no mapped field of an opening. Did you mean 'priority'?",
        ),
        ("shape: updates", "shape: updates\ncarry: actor", "carry: 'actor' is no field to carry"),
        (
            "shape: updates",
            "shape: updates\nclosing_resolves: maybe",
            "closing_resolves: 'maybe' is neither yes nor no",
        ),
        ("[iso]", "[ios]", "times: format 'ios' is not known. Did you mean 'iso'?"),
        ("[iso]", '["%Y-%Q"]', "times: format '%Y-%Q': '%Q' stands for nothing."),
        ("[iso]", '["%Y-%"]', "times: format '%Y-%': '%' stands for nothing."),
        ("priority: {", "prioity: {", "fields: 'prioity' is no field. Did you mean 'priority'?"),
        (
            "column: prio,",
            "colum: prio,",
            "fields.priority.colum: no such key. Did you m",
        ),
        (
            "column: prio,",
            "column: prio, value: x,",
            "fields.priority: say exactly one of 'column'",
        ),
        ("{value: phone}", "{}", "fields.channel: say exactly one of 'column', 'join' and 'value'"),
        ("  updated_at: at\n", "", "shape 'updates' needs 'updated_at'"),
        ("Done: resolved", "Done: resolvd", "'Done' means 'resolvd', which is no phase. Did you m"),
        (
            "kind: problem_of",
            "kind: problem",
            "links.0: 'problem' ties nothing. Did you mean 'prob",
        ),
        (
            "column: problem}",
            "colum: problem}",
            "links.0.colum: no such key. Did you mea",
        ),
        (
            "drop: [secret]",
            "drop: [secret]\nchanges: {field: f, new: n, names: {}}",
            "'changes' is ",
        ),
        ("drop: [secret]", "source: other", "desk.yaml, line 20: 'source' is said twice."),
        ("drop: [secret]", "drop: *all", "anchors and aliases are not read"),
        ("drop: [secret]", "drop: [", ", is no YAML"),
    ],
)
def test_a_fault_is_named_with_its_place(old: str, new: str, said: str) -> None:
    """The file, the key, and the nearest right word."""
    with pytest.raises(MappingWrong) as wrong:
        parse_mapping(changed(old, new), "desk.yaml")

    assert said in str(wrong.value)
    assert str(wrong.value).startswith("desk.yaml")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("source: desk", "sorce: desk", 2),
        ("zone: UTC", "zone: Mars", 6),
        ("column: prio,", "colum: prio,", 12),
        ("Done: resolved", "Done: resolvd", 16),
        ("drop: [secret]", "drop: [prio]", 12),
        ("drop: [secret]", "drop: [", 21),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int) -> None:
    """So that an editor can go there."""
    with pytest.raises(MappingWrong, match=f"desk.yaml, line {line}\\b"):
        parse_mapping(changed(old, new), "desk.yaml")


def test_a_column_that_is_read_cannot_be_dropped() -> None:
    """It would not be there when it is wanted."""
    with pytest.raises(MappingWrong, match=r"drop: 'prio' is read for fields\.priority"):
        parse_mapping(changed("drop: [secret]", "drop: [prio]"), "desk.yaml")


def test_a_constant_is_never_blank() -> None:
    """Only what a column holds can be missing."""
    with pytest.raises(MappingWrong, match="leave 'blank' out"):
        parse_mapping(changed("{value: phone}", "{value: phone, blank: mail}"), "desk.yaml")


def test_the_files_a_mapping_is_for_change_nothing_of_what_it_means() -> None:
    """Else every source would be built anew for a pattern."""
    plain = parse_mapping(WHOLE, "desk.yaml")
    named = parse_mapping(WHOLE + 'files: "incident*.csv"\n', "desk.yaml")

    assert named.files == ("incident*.csv",)
    assert named != plain
    assert named.reads_like(plain)
    assert not parse_mapping(changed("[secret]", "[other]"), "desk.yaml").reads_like(plain)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n"])
def test_a_file_without_keys_is_no_mapping(text: str) -> None:
    """Empty, a sentence, a list."""
    with pytest.raises(MappingWrong, match=r"desk\.yaml holds no mapping"):
        parse_mapping(text, "desk.yaml")


CHANGES = """
source: desk
shape: changes
ticket_id: number
fields: {updated_at: at}
changes: {field: field, old: old, new: new, names: {State: original_status}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("State: original_status", "State: status", "'State' stands for 'status', which no update"),
        (
            "State: original_status",
            "Opened: opened_at",
            "'Opened' stands for 'opened_at', which no",
        ),
        ("new: new, ", "", "changes.new: this key is needed."),
        ("field: field", "feild: field", "changes"),
        ("shape: changes", "shape: updates", "'changes' is needed by shape 'changes', and by no"),
        ("shape: changes", "shape: tickets", "shape 'tickets' needs 'opened_at'"),
    ],
)
def test_a_fault_in_changes_is_named(old: str, new: str, said: str) -> None:
    """A row per field change has faults of its own."""
    assert parse_mapping(CHANGES, "desk.yaml").changes is not None
    with pytest.raises(MappingWrong) as wrong:
        parse_mapping(CHANGES.replace(old, new), "desk.yaml")

    assert said in str(wrong.value)


def test_a_file_that_lacks_a_column_is_refused_with_the_nearest() -> None:
    """Before anything is read."""
    mapping = parse_mapping(WHOLE, "desk.yaml")
    header = tuple(mapping.columns())

    mapping.check_columns(header, "export.csv")
    with pytest.raises(MappingWrong) as wrong:
        mapping.check_columns(tuple(c if c != "prio" else "priority" for c in header), "export.csv")
    assert str(wrong.value) == (
        "export.csv has no column 'prio', which the mapping reads for fields.priority. "
        "Did you mean 'priority'?"
    )


@pytest.mark.parametrize("content", [b"source: B\xfcro", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """Not UTF-8, or not there."""
    file = tmp_path / "desk.yaml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(MappingWrong, match=rf"The mapping {file} cannot be read"):
        read_mapping(file)


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    """Windows editors write one."""
    file = tmp_path / "desk.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.strip().encode())

    assert read_mapping(file)[0].source == "desk"
