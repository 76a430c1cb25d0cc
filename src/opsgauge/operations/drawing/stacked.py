"""A bar in parts for table cells: where the time of an order went.

Floor 5, drawing. The numbers stand beside it; the fills are those of a ticket's timeline.
"""

from collections.abc import Sequence

from markupsafe import Markup

from opsgauge.operations.drawing.svg import joined, tag

_HEIGHT = 12
Part = tuple[str, float, str]  # the fill: work, wait, hold; its share of the cell; its words


def stacked(parts: Sequence[Part], label: str = "") -> Markup:
    """Draw parts one after another, each as wide as its share of the cell.

    Examples
    --------
    >>> drawn = str(stacked([("work", 0.25, "touch 1 h"), ("wait", 0.5, "wait 2 h")]))
    >>> 'x="25%"' in drawn, 'width="50%"' in drawn
    (True, True)
    """
    drawn, start = [], 0.0
    for kind, share, words in parts:
        if share > 0:
            place = {"x": f"{100 * start:.4g}%", "width": f"{100 * share:.4g}%"}
            drawn.append(_part(kind, place, words))
        start += share
    return tag(
        "svg",
        joined(drawn),
        class_="stacked",
        role="img" if label else None,
        aria_label=label or None,
        aria_hidden=None if label else "true",
        width="100%",
        height=_HEIGHT,
    )


def _part(kind: str, place: dict[str, str], words: str) -> Markup:
    title = tag("title", words)
    bar = tag("rect", title, class_=f"k-{kind}", height=_HEIGHT, **place)
    if kind != "hold":
        return bar
    return bar + tag("rect", class_="k-hold-o", height=_HEIGHT, **place)
