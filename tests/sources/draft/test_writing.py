"""YAML that is read back letter by letter, whatever the names and words are."""

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from opsgauge.foundation.errors import MappingWrong
from opsgauge.foundation.yaml_text import read_yaml
from opsgauge.log.mapping import parse_mapping
from opsgauge.sources.draft.outline import Line, Outline
from opsgauge.sources.draft.writing import scalar, shown, written

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(TEXTS)
def test_a_scalar_is_read_back_as_it_was(text: str) -> None:
    """As a key, as a value, and in a list."""
    said = f"{scalar(text)}: {scalar(text)}\nl: [{scalar(text)}]\nm: {{a: {scalar(text)}}}\n"
    read = yaml.load(said, Loader=yaml.BaseLoader)  # noqa: S506 - plain data only

    assert read == {text: text, "l": [text], "m": {"a": text}} | (
        {"l": [text]} if text == "l" else {}
    )


@given(TEXTS, TEXTS)
def test_a_comment_never_leaves_its_line(name: str, why: str) -> None:
    """Nothing that is shown can become a key."""
    assume(name != "k")  # the name that the second of the two lines is given below
    line = Line(name, name, f"such as {shown(why)}")
    text = written(Outline(head=(shown(why),), top=(line,), times=(), plain=(line,)))
    read = read_yaml(text.replace(scalar(name) + ":", "k:", 1), "draft", MappingWrong, plain=True)

    assert set(read) <= {"k", name}


def test_a_long_reason_stands_above_its_line() -> None:
    """In lines that fit a screen."""
    text = written(Outline(head=(), top=(Line("source", "desk", "why " * 60),), times=()))

    assert text.endswith("\nsource: desk\n")
    assert all(len(line) <= 110 for line in text.splitlines())


@pytest.mark.parametrize("off", [True, False])
def test_a_parts_name_stands_also_where_all_its_lines_are_off(off: bool) -> None:
    """So that a line is switched on by one edit, and the draft as it is can be read."""
    lines = (Line("team", "Group", "by its name", off=True), Line("service", "App", off=off))
    text = written(Outline(head=(), top=(), times=(), attributes=lines, links=lines))

    assert "\nattributes:" in text
    assert "\nlinks:" in "\n" + text
    if off:
        said = f"source: a\nshape: tickets\nticket_id: n\nfields: {{opened_at: at}}\n{text}"
        assert parse_mapping(said, "draft").attributes == {}
    assert "  # team: Group" in text
    assert "  # - {kind: team, column: Group}" in text
