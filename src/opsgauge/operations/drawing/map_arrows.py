"""The lines of a process map's ways, and the heads of their arrows.

Floor 5, drawing.
"""

from math import atan2, cos, hypot, sin

from opsgauge.operations.drawing.map_layout import Course
from opsgauge.operations.drawing.svg import line_path, number


def curve(course: Course) -> str:
    """Return the path of a way's line."""
    first, *rest = course.points
    return line_path([first]) + "C" + " ".join(f"{number(x)} {number(y)}" for x, y in rest)


def arrow(course: Course, width: float) -> str:
    """Return the three corners of the arrow's head."""
    (from_x, from_y), (x, y) = course.points[-1], course.tip
    if hypot(x - from_x, y - from_y) < 0.5:
        from_x, from_y = course.points[-2]
    angle = atan2(y - from_y, x - from_x)
    reach = 3.5 + width * 0.55
    corners = [
        (x, y),
        (from_x - reach * sin(angle), from_y + reach * cos(angle)),
        (from_x + reach * sin(angle), from_y - reach * cos(angle)),
    ]
    return " ".join(f"{number(a)},{number(b)}" for a, b in corners)
