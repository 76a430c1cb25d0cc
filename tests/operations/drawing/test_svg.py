"""The only writer of SVG."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.drawing.svg import diamond, disc, square, tag, width_of, wrapped
from tests.operations.drawing.samples import HOSTILE

TEXTS = st.text(st.characters(exclude_categories=["C"]))


@given(TEXTS, TEXTS)
def test_whatever_is_written_reads_back_as_text(text: str, value: str) -> None:
    """No text and no attribute can become an element."""
    element = ET.fromstring(tag("g", text, aria_label=value))  # noqa: S314 - written right here

    assert (element.text or "") == text
    assert element.attrib == {"aria-label": value}
    assert not list(element)


def test_a_hostile_name_is_escaped() -> None:
    """A script in a name stays a name."""
    assert "<script" not in tag("text", HOSTILE, title=HOSTILE)


def test_attributes_that_say_nothing_are_left_out() -> None:
    """`None` and `False` are no attribute, `True` is written out."""
    assert tag("a", x=None, y=False, hidden=True) == '<a hidden="true"></a>'


def test_each_verdict_has_a_shape_of_its_own() -> None:
    """Colour is never alone: disc, diamond and square differ without it."""
    shapes = {disc(1, 1, 2, ""), diamond(1, 1, 2, ""), square(1, 1, 2, "")}
    assert len({shape.split("d=")[0].split()[0] for shape in shapes}) == 3


@given(TEXTS, st.integers(20, 300))
def test_wrapped_lines_fit_or_are_one_letter(text: str, width: int) -> None:
    """No line is wider than its room, and up to four lines lose nothing but spaces."""
    lines = wrapped(text, width)

    assert all(width_of(line) <= width + 12 or len(line) == 1 for line in lines)
    assert len(lines) <= 4
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_a_name_of_hundreds_of_letters_ends_in_dots() -> None:
    """Four lines are enough for a name; its whole length is in the spoken name."""
    lines = wrapped("x" * 500, 100)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
