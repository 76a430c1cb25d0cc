"""The process map as SVG: steps as boxes, ways as arrows, each a link with a spoken name.

Floor 5, drawing. `map_choice` says what is drawn, `map_layout` where; here it gets its looks.
No colour of a verdict is used: which waits could be won back is not known here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import sqrt

from markupsafe import Markup

from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.map_arrows import arrow, curve
from opsgauge.operations.drawing.map_choice import (
    END,
    START,
    Chosen,
    Folded,
    Place,
    Terminal,
    Way,
    choose,
    step_name,
)
from opsgauge.operations.drawing.map_folded import beside_words, folded_box, folded_picture, heat
from opsgauge.operations.drawing.map_layout import (
    LINE,
    NARROWEST,
    PADDING,
    SMALL,
    Box,
    Course,
    Layout,
    Tie,
    lay_out,
)
from opsgauge.operations.drawing.map_marks import UNMARKED, Mark, Marks
from opsgauge.operations.drawing.map_pins import Pins, pins_drawn
from opsgauge.operations.drawing.svg import (
    Point,
    joined,
    tag,
    width_of,
    wrapped,
)
from opsgauge.operations.drawing.words import counted, seconds
from opsgauge.operations.flow_answers import MapArc, MapNode, ProcessMap

_MARGIN = 10.0
_NAME_SIZE = 12.5
_WIDEST = 176.0
_TERMINAL = Box(18, 18)
_BESIDE = 52.0  # room for the words beside start and end
_MAIN_SHARE = 0.8  # the ways that make up this share of all passages drawn stand out
_FITTING = 1400.0  # a wider map is not shrunk but scrolled


@dataclass(frozen=True)
class View:
    """How a map is looked at."""

    steps: int
    ways: int
    width: str = "count"  # the arrows' width: "count", "time" or "total"
    time: str = "median"  # the time shown: "median", "p90" or "mean"
    down: bool = False  # top down, for a narrow screen
    colour: str = "none"  # what steps are tinted by: "none", "count", "time" or "total"
    zoom: int = 0  # percent of the natural size; 0 fits the page


@dataclass(frozen=True)
class Hrefs:
    """The addresses behind a map: of the tickets of a step, and of those that took a way."""

    step: Callable[[str | None], str]
    way: Callable[[str | None, str | None], str]
    start: Callable[[str | None], str | None] = lambda _: None
    end: Callable[[str | None], str | None] = lambda _: None


@dataclass(frozen=True)
class MapPicture:
    """A drawn map and what must be said beside it."""

    svg: Markup
    chosen: Chosen

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is hidden, and whether in and out agree."""
        return self.chosen.sentences()


def map_picture(
    process: ProcessMap,
    view: View,
    hrefs: Hrefs,
    marks: Marks | None = None,
    pins: Pins | None = None,
) -> MapPicture:
    """Draw a map.

    Parameters
    ----------
    process : with at least one step
    view : how many steps and ways, and which time; a map too wide for a page is laid top down,
        where its boxes stand closer
    hrefs : where steps and ways lead to
    marks : what is said in the place of numbers
    pins : the numbers of the notes that stand on steps and ways
    """
    chosen = choose(process, view.steps, view.ways)
    drawing = _Drawing(chosen, view, hrefs, marks)
    if drawing.width > _FITTING and not view.down:
        drawing = _Drawing(chosen, replace(view, down=True), hrefs, marks)
    return MapPicture(drawing.svg(drawing.pinned(pins or {})), chosen)


class _Drawing:
    """One drawing under way: the boxes and ways of a choice, measured and laid out."""

    def __init__(self, chosen: Chosen, view: View, hrefs: Hrefs, marks: Marks | None) -> None:
        self.chosen, self.view, self.hrefs, self.marks = chosen, view, hrefs, marks
        self.names = {node.id: step_name(node.id, chosen.whole.steps) for node in chosen.steps}
        self.lines = {node.id: _name_lines(self.names[node.id]) for node in chosen.steps}
        beside = chosen.beside.items()
        self.beside = {place: "" if marks else beside_words(each) for place, each in beside}
        self.boxes = [self._box(node) for node in chosen.steps]
        self.places: list[Place] = [START, *(node.id for node in chosen.steps), END]
        self.most = max((self._heat(node) for node in chosen.steps), default=0.0)
        if chosen.folded:
            self.places.insert(-1, chosen.folded)
            self.boxes.append(folded_box(chosen.folded, self.beside[chosen.folded]))
        self.layout = self._layout()
        self.side = 0.0 if view.down else _BESIDE
        self.width = self.layout.width + 2 * (_MARGIN + self.side)

    def pinned(self, pins: Pins) -> list[Markup]:
        """Draw the numbers of notes."""
        named = [node.id for node in self.chosen.steps]
        boxes = zip(named, self.boxes, self.layout.middles[1:-1], strict=False)
        courses = zip(self.chosen.ways, self.layout.courses, strict=True)
        ways = ((way.from_, way.to, self._label_box(way), course.label) for way, course in courses)
        return pins_drawn(pins, boxes, ways)

    def svg(self, above_all: Sequence[Markup] = ()) -> Markup:
        width, side, zoom = self.width, self.side, self.view.zoom
        above = 2 * LINE if self.view.down else 0.0
        height = self.layout.height + 2 * (_MARGIN + above)
        size = (zoom or 100) / 100
        title = (
            f"Process map: {counted(len(self.chosen.steps), 'step')} and the ways between them, "
            f"{counted(self.chosen.whole.tickets, 'ticket')}"
        )
        return tag(
            "svg",
            joined(
                [*self._arcs(), *self._nodes(), *self._terminals(), *self._labels(), *above_all]
            ),
            class_="map fits" if width <= _FITTING and not zoom else "map",
            viewBox=f"{-_MARGIN - side:g} {-_MARGIN - above:g} {width:.0f} {height:.0f}",
            width=round(width * size),
            height=round(height * size),
            role="group",
            aria_label=title,
        )

    def _layout(self) -> Layout:
        index = {place: at for at, place in enumerate(self.places)}
        ties = [
            Tie(index[way.from_], index[way.to], self._label_box(way), way.count)
            for way in self.chosen.ways
        ]
        return lay_out([_TERMINAL, *self.boxes, _TERMINAL], ties, self.view.down)

    def _box(self, node: MapNode) -> Box:
        name = max(width_of(line, _NAME_SIZE) for line in self.lines[node.id])
        facts = sum(width_of(fact, SMALL) + 10 for fact in self._facts(node) if fact)
        beside = width_of(self.beside[node.id], SMALL)
        width = max(NARROWEST, *(each + 2 * PADDING for each in (name, facts, beside)))
        lines = len(self.lines[node.id]) + 1 + bool(self.beside[node.id])
        return Box(width, 15 + LINE * lines)

    def _label_box(self, way: Way) -> Box:
        count, time = self._label(way)
        return Box(width_of(f"{count} {time}", SMALL) + 8, LINE)

    def _mark(self, *key: Place) -> Mark | None:
        return None if self.marks is None else self.marks.get(key, UNMARKED)

    def _facts(self, node: MapNode) -> tuple[str, str, str]:
        mark = self._mark(node.id)
        if mark is not None:
            return mark.words, "", ""
        stays = f"↻ {whole(node.stays)}" if node.stays else ""
        return whole(node.count), stays, self._time(node)

    def _label(self, way: Way) -> tuple[str, str]:
        mark = self._mark(way.from_, way.to)
        if mark is not None:
            return mark.words, ""
        return whole(way.count), "" if way.arc is None else self._time(way.arc)

    def _time(self, part: MapNode | MapArc) -> str:
        value = _time_of(part, self.view.time)
        return "" if value is None else seconds(value)

    def _nodes(self) -> list[Markup]:
        middles, folded = self.layout.middles[1:-1], self.chosen.folded
        parts = zip(self.chosen.steps, self.boxes, middles, strict=False)
        steps = [self._node(node, box, middle) for node, box, middle in parts]
        if folded is None:
            return steps
        box = folded_picture(folded, self.boxes[-1], middles[-1], self.beside[folded])
        return [*steps, box]

    def _heat(self, node: MapNode) -> float:
        if self.view.colour == "time":
            return _time_of(node, self.view.time) or 0.0
        shown = {"count": float(node.count), "total": node.total_seconds}
        return shown.get(self.view.colour, 0.0)

    def _node(self, node: MapNode, box: Box, middle: Point) -> Markup:
        left, top = middle[0] - box.width / 2, middle[1] - box.height / 2
        spoken = self._spoken_node(node)
        lines = self.lines[node.id]
        count, stays, time = self._facts(node)
        base = top + 4 + LINE * (len(lines) + 1)
        texts = [
            tag("text", line, class_="name", x=left + PADDING, y=top + 4 + LINE * (at + 1))
            for at, line in enumerate(lines)
        ]
        facts = [
            tag("text", count, class_="sm", x=left + PADDING, y=base),
            tag("text", stays, class_="sm", x=middle[0], y=base, text_anchor="middle"),
            tag("text", time, class_="sm", x=left + box.width - PADDING, y=base, text_anchor="end"),
        ]
        if self.beside[node.id]:
            told = tag("text", self.beside[node.id], class_="sm", x=left + PADDING, y=base + LINE)
            facts.append(told)
        shape = tag("rect", class_="box", x=left, y=top, width=box.width, height=box.height, rx=4)
        mark = self._mark(node.id)
        class_ = f"node {mark.tone if mark else heat(self._heat(node), self.most)}".rstrip()
        group = tag("g", tag("title", spoken), shape, *texts, *facts, class_=class_)
        return tag("a", group, href=self.hrefs.step(node.id), aria_label=spoken)

    def _spoken_node(self, node: MapNode) -> str:
        said = (
            f"{self.names[node.id]}: entered {counted(node.count, 'time')} by "
            f"{counted(node.tickets, 'ticket')}"
        )
        stays = f", of these {whole(node.stays)} times from itself" if node.stays else ""
        beside = f"; {self.beside[node.id]}" if self.beside[node.id] else ""
        return said + stays + _times_words(node) + beside

    def _arcs(self) -> list[Markup]:
        main = _main(self.chosen.ways)
        largest = max((self._weight(way) for way in self.chosen.ways), default=1.0) or 1.0
        parts = zip(self.chosen.ways, self.layout.courses, strict=True)
        return [
            self._arc(way, course, self._arc_class(way, way in main), largest)
            for way, course in parts
        ]

    def _arc_class(self, way: Way, main: bool) -> str:
        if isinstance(way.from_, Folded) or isinstance(way.to, Folded):
            return "arc folded"
        mark = self._mark(way.from_, way.to)
        if mark is not None:
            return f"arc {mark.tone}".rstrip()
        return "arc main" if main else "arc"

    def _weight(self, way: Way) -> float:
        if way.arc is None or self.view.width == "count":
            return float(way.count) if self.view.width == "count" else 0.0
        if self.view.width == "total":
            return way.arc.total_seconds
        return _time_of(way.arc, self.view.time) or 0.0

    def _arc(self, way: Way, course: Course, class_: str, largest: float) -> Markup:
        width = 1.2 + 4.8 * sqrt(self._weight(way) / largest)
        path = curve(course)
        group = tag(
            "g",
            tag("title", self._spoken_way(way)),
            tag("path", d=path, class_="hit"),
            tag("path", d=path, stroke_width=width),
            tag("polygon", points=arrow(course, width)),
            class_=class_,
        )
        href = self._way_href(way)
        if href is None:
            return tag("g", group, role="img", aria_label=self._spoken_way(way))
        return tag("a", group, href=href, aria_label=self._spoken_way(way))

    def _way_href(self, way: Way) -> str | None:
        from_, to = way.from_, way.to
        if isinstance(from_, Folded) or isinstance(to, Folded):
            return None
        if isinstance(from_, Terminal):
            return self.hrefs.start(to) if not isinstance(to, Terminal) else None
        return self.hrefs.end(from_) if isinstance(to, Terminal) else self.hrefs.way(from_, to)

    def _spoken_way(self, way: Way) -> str:
        steps = self.chosen.whole.steps
        ends = f"{step_name(way.from_, steps)} to {step_name(way.to, steps)}"
        said = f"{ends}: {counted(way.count, 'time')}"
        return said if way.arc is None else said + _times_words(way.arc)

    def _terminals(self) -> list[Markup]:
        (start, *_, end) = self.layout.middles
        nodes = self.chosen.whole.nodes
        return [
            tag("circle", cx=start[0], cy=start[1], r=6, class_="terminal start"),
            tag("circle", cx=end[0], cy=end[1], r=6, class_="terminal"),
            *self._terminal_words(start, ("start", whole(sum(node.starts for node in nodes))), -1),
            *self._terminal_words(end, ("end", whole(sum(node.ends for node in nodes))), 1),
        ]

    def _terminal_words(self, place: Point, lines: tuple[str, str], side: int) -> list[Markup]:
        """Write beside a terminal, away from the map, what it is and how many tickets pass it."""
        x, y = place
        if self.view.down:
            first = y + 22 if side > 0 else y - 12 - LINE
            return [
                tag("text", line, class_="sm", x=x, y=first + at * LINE, text_anchor="middle")
                for at, line in enumerate(lines)
            ]
        anchor = "start" if side > 0 else "end"
        return [
            tag("text", line, class_="sm", x=x + side * 12, y=y - 4 + at * LINE, text_anchor=anchor)
            for at, line in enumerate(lines)
        ]

    def _labels(self) -> list[Markup]:
        return [
            self._label_text(way, course.label)
            for way, course in zip(self.chosen.ways, self.layout.courses, strict=True)
        ]

    def _label_text(self, way: Way, place: Point) -> Markup:
        count, time = self._label(way)
        times = tag("tspan", f" {time}", class_="time") if time else Markup("")
        text = tag(
            "text",
            Markup("{}{}").format(count, times),
            class_="way-label halo",
            x=place[0],
            y=place[1] + 4,
            text_anchor="middle",
        )
        # The label is a second, larger target for the mouse; its link is spoken once, at the arrow.
        href = self._way_href(way)
        return (
            text if href is None else tag("a", text, href=href, tabindex="-1", aria_hidden="true")
        )


def _name_lines(name: str) -> list[str]:
    return wrapped(name, _WIDEST - 2 * PADDING, _NAME_SIZE)


def _time_of(part: MapNode | MapArc, which: str) -> float | None:
    if which == "mean":
        return part.mean_seconds
    return part.p90_seconds if which == "p90" else part.median_seconds


def _times_words(part: MapNode | MapArc) -> str:
    if part.median_seconds is None:
        return ""
    nine = "" if part.p90_seconds is None else f", nine in ten within {seconds(part.p90_seconds)}"
    return f"; half within {seconds(part.median_seconds)}{nine}"


def _main(ways: Sequence[Way]) -> set[Way]:
    """Return the most frequent ways that together make up most of the passages drawn."""
    before = accumulate((way.count for way in ways), initial=0)
    total = sum(way.count for way in ways)
    return {way for way, so_far in zip(ways, before, strict=False) if so_far < total * _MAIN_SHARE}
