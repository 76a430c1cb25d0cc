"""What a process map does not draw step by step, in its picture; and how steps are tinted.

Floor 5, drawing.
"""

from markupsafe import Markup

from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.map_choice import Beside, Folded, step_name
from opsgauge.operations.drawing.map_layout import LINE, NARROWEST, PADDING, SMALL, Box
from opsgauge.operations.drawing.svg import Point, tag, width_of
from opsgauge.operations.drawing.words import counted

_TINTS = 5


def heat(value: float, most: float) -> str:
    """Return the class of a tint, one of five, by the share of the largest value.

    Examples
    --------
    >>> heat(10, 100), heat(100, 100), heat(0, 100), heat(0, 0)
    ('heat-1', 'heat-5', '', '')
    """
    if not value or not most:
        return ""
    return f"heat-{min(int(_TINTS * value / most) + 1, _TINTS)}"


def folded_picture(folded: Folded, box: Box, middle: Point, beside: str) -> Markup:
    """Draw the box of the steps that are not drawn."""
    left, top = middle[0] - box.width / 2, middle[1] - box.height / 2
    facts = [step_name(folded, ""), *_folded_facts(folded), beside]
    spoken = "; ".join(fact for fact in facts if fact)
    shape = tag("rect", class_="box", x=left, y=top, width=box.width, height=box.height, rx=4)
    lines = [
        tag("text", fact, class_="sm", x=left + PADDING, y=top + 4 + LINE * (at + 1))
        for at, fact in enumerate(fact for fact in facts if fact)
    ]
    group = tag("g", tag("title", spoken), shape, *lines, class_="node folded")
    return tag("g", group, role="img", aria_label=spoken)


def folded_box(folded: Folded, beside: str) -> Box:
    """Return the size of the same box."""
    facts = [fact for fact in (step_name(folded, ""), *_folded_facts(folded), beside) if fact]
    widest = max(width_of(fact, SMALL) for fact in facts)
    return Box(max(NARROWEST, widest + 2 * PADDING), 15 + LINE * len(facts))


def _folded_facts(folded: Folded) -> tuple[str, ...]:
    among = f", {whole(folded.stays)} from one another" if folded.stays else ""
    return (f"entered {counted(folded.count, 'time')}{among}",)


def beside_words(beside: Beside) -> str:
    """Say what passes on ways that are not drawn; empty where nothing does."""
    if not beside.in_ and not beside.out:
        return ""
    return f"not drawn: {whole(beside.in_)} in, {whole(beside.out)} out"
