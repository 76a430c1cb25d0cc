"""Which steps and ways of a process map are drawn, so that it stays readable and true.

Floor 5, drawing. The most frequent first, and beside them, for each step drawn, the widest way to
it from the start and from it to the end (as Split Miner filters): no step stands alone. Where that
way is long, it is not drawn, and the step hangs on the box of those that are not. Nothing is
counted anew. The steps that are not drawn stand together as one box with the ways from and to
them, and each step says what passes it on ways that are not drawn, so in = out + end can be added
up on the picture.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import count, islice
from operator import attrgetter

from opsgauge.analysis.mining.steps import fields_of, values_of
from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.words import counted, plain
from opsgauge.operations.flow_answers import MapArc, MapNode, ProcessMap

Step = str | None  # an id as in the answer; None where no step is written
_STANDS_OUT = 0.02  # of all passages: a way to or from the hidden steps that is drawn
_RARE = 0.01  # a start or an end of fewer tickets than this share is only counted
_TERMINALS = 6  # starts, and ends, drawn at most, unless a step hangs on one
_MOST_ADDED = 8  # steps beyond those asked for, or as many as these
_LAST_RESORT = (
    1e-9  # what a rare start or end weighs, so that it is taken only where nothing else is
)


@dataclass(frozen=True)
class Terminal:
    """Where tickets come in or go out: no step, but ways lead from and to it."""

    name: str


@dataclass(frozen=True)
class Folded:
    """The steps that are not drawn, as one; what passes among them are its stays."""

    steps: int
    count: int
    stays: int


@dataclass(frozen=True)
class Beside:
    """How often a place is entered and left on ways that are not drawn."""

    in_: int
    out: int


START = Terminal("start")
END = Terminal("end")
Place = Step | Terminal | Folded


@dataclass(frozen=True)
class Way:
    """A way to draw; `arc` holds its times, and is missing for starts and ends."""

    from_: Place
    to: Place
    count: int
    arc: MapArc | None = None
    rare: bool = False  # a start or an end that few tickets take

    @property
    def breadth(self) -> float:
        """How much it counts when the widest way is looked for."""
        return self.count * (_LAST_RESORT if self.rare else 1)


@dataclass(frozen=True)
class Chosen:
    """The part of a map that is drawn, and how much is not."""

    whole: ProcessMap
    steps: tuple[MapNode, ...]
    ways: tuple[Way, ...]  # starts and ends included
    all_ways: int  # between different steps
    added: int  # steps drawn beyond those asked for, to hold the others together
    folded: Folded | None = None  # the steps that are not drawn

    @property
    def shown_ways(self) -> int:
        """Ways drawn between different steps."""
        return sum(way.arc is not None for way in self.ways)

    @property
    def beside(self) -> Mapping[Place, Beside]:
        """What passes each box on ways that are not drawn."""
        into: Counter[Place] = Counter()
        out: Counter[Place] = Counter()
        for way in self.ways:
            into[way.to] += way.count
            out[way.from_] += way.count
        boxes: list[tuple[Place, int]] = [(n.id, n.count - n.stays) for n in self.steps]
        if self.folded:
            boxes.append((self.folded, self.folded.count - self.folded.stays))
        return {place: Beside(n - into[place], n - out[place]) for place, n in boxes}

    def sentences(self) -> tuple[str, ...]:
        """Say what is hidden, and whether in and out agree."""
        return (*self._added(), self._hidden(), _balance(self.whole))

    def _added(self) -> tuple[str, ...]:
        if not self.added:
            return ()
        steps = counted(self.added, "step")
        return (f"{steps} more than asked for, without which others would stand alone.",)

    def _hidden(self) -> str:
        steps = len(self.whole.nodes) - len(self.steps)
        hidden = [
            counted(steps, "step") if steps else "",
            self._hidden_ways(),
            self._hidden_terminals("start", sum(node.starts for node in self.whole.nodes)),
            self._hidden_terminals("end", sum(node.ends for node in self.whole.nodes)),
        ]
        said = [words for words in hidden if words]
        if not said:
            return "Nothing is hidden."
        box = " The dashed box stands for the hidden steps." if self.folded else ""
        return f"Hidden: {', '.join(said)}; their counts stay in every total.{box}"

    def _hidden_ways(self) -> str:
        ways = self.all_ways - self.shown_ways
        if not ways:
            return ""
        passed = sum(arc.count for arc in self.whole.arcs if arc.from_ != arc.to)
        drawn = sum(way.count for way in self.ways if way.arc is not None)
        return f"{counted(ways, 'way')} with {counted(passed - drawn, 'passage')}"

    def _hidden_terminals(self, name: str, total: int) -> str:
        place = START if name == "start" else END
        drawn = sum(way.count for way in self.ways if place in (way.from_, way.to))
        return f"{whole(total - drawn)} {name}s" if total > drawn else ""


def choose(process: ProcessMap, steps: int, ways: int) -> Chosen:
    """Choose what is drawn.

    Parameters
    ----------
    process : the whole map
    steps : how many steps to draw, at least one; more are drawn where others hang on them
    ways : how many ways between steps to draw; more are drawn where a step would stand alone
    """
    every = _all_ways(process)
    asked = [node.id for node in process.nodes[: max(steps, 1)]]
    shown = _held_together(asked, every)
    inside = _inside(every, shown)
    needed = {*_tree(inside, START), *_tree(inside, END, turned=True)}
    between = sorted(
        (way for way in inside if way.arc is not None),
        key=lambda way: (way not in needed, -way.count),
    )
    most = max(ways, sum(way in needed for way in between))
    ends = [way for way in inside if way.arc is None and (way in needed or not way.rare)]
    folded = _folded(process, shown)
    around = _folded_ways(every, shown, folded, _cut_off(inside, shown)) if folded else []
    return Chosen(
        whole=process,
        steps=tuple(node for node in process.nodes if node.id in shown),
        ways=tuple(sorted([*between[:most], *ends, *around], key=lambda way: -way.count)),
        all_ways=sum(way.arc is not None for way in every),
        added=len(shown) - len(asked),
        folded=folded,
    )


def step_name(step: Place, steps: str) -> str:
    """Return the name of a step as people say it.

    Examples
    --------
    >>> step_name("pending_user", "phase"), step_name("EM_1", "team"), step_name(None, "team")
    ('Pending user', 'EM_1', 'Missing')
    """
    if isinstance(step, Terminal):
        return step.name
    if isinstance(step, Folded):
        return f"{counted(step.steps, 'step')} not drawn"
    if step is None:
        return "Missing"
    fields = fields_of(steps)
    values = values_of(step, fields) if len(fields) > 1 else [step]
    return " · ".join(map(_value_name, values, fields))


def _value_name(value: Step, field: str) -> str:
    if value is None:
        return "Missing"
    return plain(value).capitalize() if field == "phase" else value


def _folded(process: ProcessMap, shown: set[Step]) -> Folded | None:
    """Put the steps that are not drawn together; None where all are."""
    gone = [node for node in process.nodes if node.id not in shown]
    if not gone:
        return None
    among = (a.count for a in process.arcs if a.from_ not in shown and a.to not in shown)
    return Folded(len(gone), sum(node.count for node in gone), sum(among))


def _folded_ways(
    every: list[Way], shown: set[Step], folded: Folded, cut_off: set[tuple[Place, Place]]
) -> list[Way]:
    """Return the ways between what is drawn and what is not that stand out.

    At least the widest one in and out is drawn, so that the box hangs together with the rest, and
    the ways of steps that nothing else holds.
    """
    counts: Counter[tuple[Place, Place]] = Counter()
    drawn = {*shown, START, END}
    for way in every:
        from_, to = way.from_ in drawn, way.to in drawn
        if from_ != to:
            counts[way.from_ if from_ else folded, way.to if to else folded] += way.count
    ranked = sorted(counts.items(), key=lambda each: -each[1])
    fewest = sum(way.count for way in every if way.arc is not None) * _STANDS_OUT
    wide = [each for each in ranked if each[1] >= fewest][: max(len(shown) // 2, 2)]
    sides = [[each for each in ranked if folded is each[0][at]][:1] for at in (0, 1)]
    held = [each for each in ranked if each[0] in _between(cut_off, folded)]
    stand_out = dict.fromkeys([*wide, *sides[0], *sides[1], *held])
    return [Way(from_, to, n) for (from_, to), n in stand_out]


def _between(cut_off: set[tuple[Place, Place]], folded: Folded) -> set[tuple[Place, Place]]:
    """Return the ways over the box that lead to and from what is cut off."""
    if not cut_off:
        return set()
    over = {
        (folded if from_ is START else from_, folded if to is END else to) for from_, to in cut_off
    }
    return over | {(START, folded), (folded, END)}


def _cut_off(inside: list[Way], shown: set[Step]) -> set[tuple[Place, Place]]:
    """Return from start to a step, and from a step to the end, where no way that is drawn leads."""
    reached = {way.to for way in _tree(inside, START)}
    reaching = {way.from_ for way in _tree(inside, END, turned=True)}
    into: set[tuple[Place, Place]] = {(START, step) for step in shown if step not in reached}
    return into | {(step, END) for step in shown if step not in reaching}


def _all_ways(process: ProcessMap) -> list[Way]:
    """Return every way but stays, most frequent first, starts and ends last."""
    between = [
        Way(arc.from_, arc.to, arc.count, arc) for arc in process.arcs if arc.from_ != arc.to
    ]
    starts = [Way(START, node.id, node.starts) for node in process.nodes if node.starts]
    ends = [Way(node.id, END, node.ends) for node in process.nodes if node.ends]
    fewest = process.tickets * _RARE
    terminals = [*_rare_marked(starts, fewest), *_rare_marked(ends, fewest)]
    return [*sorted(between, key=lambda way: -way.count), *terminals]


def _rare_marked(ways: list[Way], fewest: float) -> list[Way]:
    """Mark all but the most frequent starts or ends as rare."""
    ranked = sorted(ways, key=lambda way: -way.count)
    return [
        replace(way, rare=True) if at >= _TERMINALS or way.count < fewest else way
        for at, way in enumerate(ranked)
    ]


def _inside(every: Iterable[Way], shown: set[Step]) -> list[Way]:
    """Return the ways between what is drawn."""
    drawn = {*shown, START, END}
    return [way for way in every if way.from_ in drawn and way.to in drawn]


def _held_together(asked: Iterable[Step], every: list[Way]) -> set[Step]:
    """Add the steps without which one of those asked for had no way in or out, if they are few."""
    shown = dict.fromkeys(asked)  # in order, so that a map is drawn the same twice
    most = len(shown) + max(_MOST_ADDED, len(shown))
    for root, turned in ((START, False), (END, True)):
        inside = _tree(_inside(every, set(shown)), root, turned)
        reached = {way.from_ if turned else way.to for way in inside}
        alone = [step for step in shown if step not in reached]
        if not alone:
            continue  # of thousands of ways, looking at all of them takes a second
        ways = _tree(every, root, turned)
        before = {
            (way.from_ if turned else way.to): (way.to if turned else way.from_) for way in ways
        }
        for step in alone:
            held = dict.fromkeys([*shown, *islice(_path(step, before), most)])
            shown = held if len(held) <= most else shown
    return set(shown)


def _path(step: Step, before: Mapping[Place, Place]) -> Iterable[Step]:
    place: Place = step
    while place in before:
        place = before[place]
        if isinstance(place, Terminal | Folded):
            return
        yield place


def _tree(ways: Iterable[Way], root: Terminal, turned: bool = False) -> list[Way]:
    """Return for each place the last way of the widest path to it from the root.

    Parameters
    ----------
    turned : against the ways: for each place the first way of the widest path to the root
    """
    begin, finish = attrgetter("to" if turned else "from_"), attrgetter("from_" if turned else "to")
    out: dict[Place, list[Way]] = {}
    for way in ways:
        out.setdefault(begin(way), []).append(way)
    reached: set[Place] = {root}
    tree: list[Way] = []
    turn = count()  # keeps ties in the order of the answer, so a map is drawn the same twice
    # Of two paths as wide, one over ways that are drawn anyway comes before a rare start or end.
    queue = [(-way.breadth, way.rare, next(turn), way) for way in out.get(root, [])]
    heapify(queue)
    while queue:
        width, _, _, way = heappop(queue)
        place = finish(way)
        if place in reached:
            continue
        reached.add(place)
        tree.append(way)
        for after in out.get(place, []):
            if finish(after) not in reached:
                heappush(queue, (max(width, -after.breadth), after.rare, next(turn), after))
    return tree


def _balance(process: ProcessMap) -> str:
    """Say whether every step is entered as often as tickets come to it and leave it."""
    into: dict[Step, int] = {}
    out: dict[Step, int] = {}
    for arc in process.arcs:
        into[arc.to] = into.get(arc.to, 0) + arc.count
        out[arc.from_] = out.get(arc.from_, 0) + arc.count
    uneven = [
        node
        for node in process.nodes
        if not node.count == node.starts + into.get(node.id, 0) == node.ends + out.get(node.id, 0)
    ]
    if not uneven:
        return "In = out + end holds for each step."
    named = ", ".join(step_name(node.id, process.steps) for node in uneven[:3])
    return f"In and out do not agree for {counted(len(uneven), 'step')}: {named}."
