"""A bar in parts."""

import re

import pytest

from opsgauge.operations.drawing.stacked import stacked

pytestmark = pytest.mark.row("REQ-01")


def test_parts_follow_each_other_and_none_is_drawn_for_nothing() -> None:
    """A quarter, nothing, and a half from there on."""
    drawn = str(stacked([("work", 0.25, "touch"), ("wait", 0.0, "wait"), ("hold", 0.5, "held")]))

    assert re.findall(r'x="([\d.]+%)" width="([\d.]+%)"', drawn) == [
        ("0%", "25%"),
        ("25%", "50%"),
        ("25%", "50%"),
    ]
    assert "k-wait" not in drawn
    assert 'aria-hidden="true"' in drawn


def test_words_stay_words_and_a_label_is_spoken() -> None:
    """What a part is called comes from data."""
    drawn = str(stacked([("work", 1.0, "<b>")], label="All & more"))

    assert "&lt;b&gt;" in drawn
    assert 'role="img" aria-label="All &amp; more"' in drawn
