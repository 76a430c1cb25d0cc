"""Where the steps and ways of a process map stand: Graphviz decides, nothing is drawn here.

Floor 5, drawing. Names never reach Graphviz, only sizes do, so no name can confuse it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import pygraphviz

from opsgauge.operations.drawing.svg import Point

LINE, PADDING, SMALL = 16.0, 10.0, 11.0  # of the text in a box, in pixels: height, margin, type
NARROWEST = 128.0  # box of a step
_MOST_CURVED = 100  # ways; placing more of them well and around boxes can take ten seconds
_IN_A_HURRY = {"splines": "line", "nslimit": "1", "nslimit1": "1", "mclimit": "0.3"}
_POINTS_PER_INCH = 72
_GRAPHVIZ = Lock()  # its library keeps global state


@dataclass(frozen=True)
class Box:
    """The size of a step or of a label, in pixels."""

    width: float
    height: float


@dataclass(frozen=True)
class Tie:
    """A way between two boxes, by their places in the list, with room for its label."""

    tail: int
    head: int
    label: Box
    count: int


@dataclass(frozen=True)
class Course:
    """How a way runs: Bézier points, the tip of its arrow, and where its label stands."""

    points: tuple[Point, ...]
    tip: Point
    label: Point


@dataclass(frozen=True)
class Layout:
    """Places in pixels, origin at the top left: middles of boxes and courses of ways."""

    width: float
    height: float
    middles: tuple[Point, ...]
    courses: tuple[Course, ...]


def lay_out(boxes: Sequence[Box], ties: Sequence[Tie], down: bool = False) -> Layout:
    """Lay out boxes in ranks so that most ways run forward.

    Parameters
    ----------
    boxes : the first is the start, the last the end
    ties : most frequent first, since Graphviz keeps the first ones straightest
    down : top down, for a narrow screen, instead of left to right
    """
    graph = _graph(boxes, ties, down)
    with _GRAPHVIZ:
        drawn = json.loads(graph.draw(format="json0", prog="dot"))
    left, bottom, right, top = (float(part) for part in drawn["bb"].split(","))

    def flip(x: float, y: float) -> Point:
        return x - left, top - y

    middles = {int(one["name"]): flip(*_pair(one["pos"])) for one in drawn["objects"]}
    courses = {int(one["id"]): _course(one, flip) for one in drawn.get("edges", [])}
    return Layout(
        right - left,
        top - bottom,
        tuple(middles[index] for index in range(len(boxes))),
        tuple(courses[index] for index in range(len(ties))),
    )


def _graph(boxes: Sequence[Box], ties: Sequence[Tie], down: bool) -> pygraphviz.AGraph:
    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(
        rankdir="TB" if down else "LR",
        nodesep="0.25" if down else "0.4",
        ranksep="0.3" if down else "0.5",
    )
    if len(ties) > _MOST_CURVED:
        graph.graph_attr.update(_IN_A_HURRY)
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    graph.edge_attr.update(arrowsize="0.9")
    for index, box in enumerate(boxes):
        graph.add_node(
            str(index), width=box.width / _POINTS_PER_INCH, height=box.height / _POINTS_PER_INCH
        )
    most = max((tie.count for tie in ties), default=1)
    for index, tie in enumerate(ties):
        weight = 1 + round(8 * tie.count / most)
        graph.add_edge(
            str(tie.tail),
            str(tie.head),
            str(index),
            id=str(index),
            weight=weight,
            label=_room(tie.label),
        )
    return graph


def _room(label: Box) -> str:
    """Return an empty label of this size: an HTML table, since Graphviz guesses at text."""
    size = f'width="{label.width:.0f}" height="{label.height:.0f}"'
    attributes = (
        f'border="0" cellborder="0" cellspacing="0" cellpadding="0" fixedsize="true" {size}'
    )
    return f"<<table {attributes}><tr><td></td></tr></table>>"


def _course(edge: dict[str, str], flip: Callable[[float, float], Point]) -> Course:
    tip: Point | None = None
    points: list[Point] = []
    for part in edge["pos"].split():
        if part.startswith("e,"):
            tip = flip(*_pair(part[2:]))
        else:
            points.append(flip(*_pair(part)))
    label = flip(*_pair(edge["lp"])) if "lp" in edge else points[len(points) // 2]
    return Course(tuple(points), tip or points[-1], label)


def _pair(text: str) -> Iterator[float]:
    return (float(part) for part in text.split(","))
