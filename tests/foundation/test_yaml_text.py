"""YAML read strictly, and the line in which it says something."""

import pytest

from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.yaml_text import line_of, read_yaml

TEXT = """\
source: desk
times:
  zone: UTC
fields:
  team: {column: Group,
    words: {A: B}}
links:
  - {kind: child_of, column: Parent}
"""


@pytest.mark.parametrize(
    ("path", "word", "line"),
    [
        (["source"], "", 1),
        (["times", "zone"], "", 3),
        (["fields", "team"], "B", 6),
        (["fields"], "Group", 5),
        (["links", 0, "column"], "Parent", 8),
        (["phases", 0], "", 0),
        ([], "UTC", 3),
        ([], "nowhere", 0),
        ([], "", 0),
    ],
)
def test_a_place_has_a_line(path: list[str | int], word: str, line: int) -> None:
    """By its keys, by a word below them; what is not there is passed over."""
    assert line_of(TEXT, path, word) == line


@pytest.mark.parametrize(
    ("text", "line"), [("a: [", 1), ("a: 1\nb: }", 2), ("a: 'x", 1), ("a\tb: {", 1), ("a: *x", 1)]
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int) -> None:
    """On one line."""
    with pytest.raises(Misuse, match=rf"file\.yaml, line {line}\b") as wrong:
        read_yaml(text, "file.yaml", Misuse)
    assert "\n" not in wrong.value.message


def test_deep_nesting_is_told_too() -> None:
    """A reader that runs out of room has no line to name."""
    with pytest.raises(Misuse, match="is no YAML"):
        read_yaml("[" * 5_000, "file.yaml", Misuse)
