"""The numbers of notes on a process map: small marks that lead to the list of notes under it.

Floor 5, drawing.
"""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from opsgauge.operations.drawing.map_choice import Place
from opsgauge.operations.drawing.map_layout import SMALL, Box
from opsgauge.operations.drawing.svg import Point, joined, tag, width_of

Pins = Mapping[tuple[str, ...], Sequence[int]]  # by a step, or by a way's two
_HEIGHT, _GAP = 15.0, 3.0
_MOST = 3  # numbers at one place; the list has the rest


def pins_drawn(
    pins: Pins,
    boxes: Iterable[tuple[str, Box, Point]],
    ways: Iterable[tuple[Place, Place, Box, Point]],
) -> list[Markup]:
    """Draw the numbers of notes: at the corners of boxes, and behind the words of ways.

    Parameters
    ----------
    boxes : each step with its box and the box's middle
    ways : the two ends of each, with the size of its words and their middle
    """
    return [
        *(
            _row(_on(pins, step), x + box.width / 2 - 4, y - box.height / 2, before=True)
            for step, box, (x, y) in boxes
        ),
        *(
            _row(_on(pins, from_, to), x + label.width / 2, y, before=False)
            for from_, to, label, (x, y) in ways
        ),
    ]


def _on(pins: Pins, *place: Place) -> Sequence[int]:
    """Return the notes of a step, or of a way; those on a step that stays stand on the step."""
    names = tuple(each for each in place if isinstance(each, str))
    if len(names) < len(place):  # a start, an end, or the box of what is not drawn
        return ()
    stays = pins.get(names * 2, ()) if len(names) == 1 else ()
    return sorted((*pins.get(names, ()), *stays))


def _row(numbers: Sequence[int], x: float, y: float, *, before: bool) -> Markup:
    """Draw marks in a row that ends, or begins, at a point."""
    if not numbers:
        return Markup("")
    shown = [(str(number), number) for number in numbers[:_MOST]]
    if len(numbers) > _MOST:
        shown.append((f"+{len(numbers) - _MOST}", numbers[_MOST]))
    widths = [width_of(words, SMALL) + 8 for words, _ in shown]
    left = x - sum(widths) - _GAP * (len(shown) - 1) if before else x
    made = []
    for (words, number), width in zip(shown, widths, strict=True):
        made.append(_pin(words, number, (left, y), width))
        left += width + _GAP
    return joined(made)


def _pin(words: str, number: int, place: Point, width: float) -> Markup:
    x, y = place
    shape = tag("rect", x=x, y=y - _HEIGHT / 2, width=width, height=_HEIGHT, rx=_HEIGHT / 2)
    text = tag("text", words, x=x + width / 2, y=y + 4, text_anchor="middle")
    return tag("a", shape, text, href=f"#note-{number}", class_="pin", aria_label=f"Note {number}")
