"""A process as written: BPMN 2.0 read into a net of places and transitions.

Floor 4, analysis. Read are start and end events, tasks of every sort, sequence flows, exclusive,
event-based and parallel gateways, and intermediate events, which pass on what comes. What would
mean something else if it were passed over is refused with its line: sub-processes, inclusive and
complex gateways, boundary events, loops. Pictures, lanes, data and notes say nothing about order.

The text may come from anywhere: a document type is refused, so no entity is ever expanded, and
size, depth and number of parts are bounded.

Sources: OMG, Business Process Model and Notation 2.0.2, 2013; Dijkman, Dumas and Ouyang, Semantics
and analysis of business process models in BPMN, 2008, for the net.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from opsgauge.foundation.errors import ModelWrong

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
GUIDE = "See docs/guides/conformance.md."
LARGEST = 5_000_000  # bytes
DEEPEST = 100
MOST_NODES, MOST_FLOWS = 1_000, 3_000
_TASKS = ("", "user", "manual", "service", "script", "businessRule", "send", "receive")
TASKS = frozenset(f"{sort}Task" if sort else "task" for sort in _TASKS) | {"callActivity"}
START, END = "startEvent", "endEvent"
EITHER = frozenset({"exclusiveGateway", "eventBasedGateway"})
PASSED = frozenset({"intermediateThrowEvent", "intermediateCatchEvent"})
BOTH = "parallelGateway"
NODES = TASKS | EITHER | PASSED | {START, END, BOTH}
REFUSED: Mapping[str, str] = {
    "inclusiveGateway": "inclusive gateways are not read; write which ways go together",
    "complexGateway": "complex gateways are not read",
    "subProcess": "sub-processes are not read; write their tasks out",
    "adHocSubProcess": "sub-processes are not read; write their tasks out",
    "transaction": "sub-processes are not read; write their tasks out",
    "boundaryEvent": "boundary events are not read; write the way as a gateway",
    "standardLoopCharacteristics": "loops of one task are not read; write the way back",
    "multiInstanceLoopCharacteristics": "tasks done many times over are not read",
}


@dataclass(frozen=True)
class Transition:
    """What may happen: a token is taken from each place of `takes`, one put into each of `puts`.

    `task` is None where nothing that is recorded happens.
    """

    task: str | None
    takes: tuple[int, ...]
    puts: tuple[int, ...]


@dataclass(frozen=True)
class Net:
    """A net: how many places there are; a case begins with a token in `source`, ends in `sink`."""

    places: int
    source: int
    sink: int
    transitions: tuple[Transition, ...]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of its tasks, each once, in the order in which they are written."""
        return tuple(dict.fromkeys(t.task for t in self.transitions if t.task is not None))


@dataclass(frozen=True)
class _Node:
    id: str
    kind: str
    name: str
    line: int


@dataclass
class _Reader:
    """Collects nodes and flows while the parser walks."""

    where: str
    nodes: dict[str, _Node] = field(default_factory=dict)
    flows: list[tuple[str, str, str, int]] = field(default_factory=list)
    processes: set[int] = field(default_factory=set)  # that hold nodes
    depth: int = 0
    process: int = 0
    line: int = 0

    def wrong(self, told: str, line: int = 0) -> ModelWrong:
        """Return the fault, with the file and the line."""
        place = f", line {line}" if line else ""
        return ModelWrong(f"{self.where}{place}: {told}.", hint=GUIDE)

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Meet an opening tag; those of other vocabularies say nothing."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(f"it is nested more than {DEEPEST} deep", self.line)
        space, _, name = tag.rpartition(" ")
        if self.depth == 1 and (space, name) != (MODEL, "definitions"):
            raise self.wrong("it is no BPMN 2.0 model: its first element is no definitions")
        if space != MODEL:
            return
        if name in REFUSED:
            raise self.wrong(REFUSED[name], self.line)
        if name == "process":
            self.process += 1
        elif name == "sequenceFlow":
            self._flow(given)
        elif name in NODES:
            self._node(name, given)

    def _flow(self, given: dict[str, str]) -> None:
        ends = [given.get(key, "") for key in ("id", "sourceRef", "targetRef")]
        if not all(ends[1:]):
            raise self.wrong("a sequence flow needs sourceRef and targetRef", self.line)
        self.flows.append((ends[0], ends[1], ends[2], self.line))
        if len(self.flows) > MOST_FLOWS:
            raise self.wrong(f"it has more than {MOST_FLOWS:,} sequence flows", self.line)

    def _node(self, kind: str, given: dict[str, str]) -> None:
        id_, name = given.get("id", ""), " ".join(given.get("name", "").split())
        if not id_:
            raise self.wrong(f"this {kind} has no id", self.line)
        if id_ in self.nodes:
            raise self.wrong(f"the id {id_!r} is given twice", self.line)
        if kind in TASKS and not name:
            raise self.wrong(f"the task {id_!r} has no name, so no step can be it", self.line)
        self.nodes[id_] = _Node(id_, kind, name, self.line)
        self.processes.add(self.process)
        if len(self.nodes) > MOST_NODES:
            raise self.wrong(f"it has more than {MOST_NODES:,} tasks, events and gateways")


def read_bpmn(content: bytes, where: str) -> Net:
    """Return the net of a BPMN model.

    Parameters
    ----------
    where : what to call it in errors

    Raises
    ------
    ModelWrong : it is no such model, or holds what is not read, with the line
    """
    reader = _Reader(where)
    if len(content) > LARGEST:
        raise reader.wrong(f"it is too large for a model: {len(content):,} bytes")
    _walk(content, reader)
    _check(reader)
    return _net(reader)


def _walk(content: bytes, reader: _Reader) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(tag: str, given: dict[str, str]) -> None:
        reader.line = parser.CurrentLineNumber
        reader.start(tag, given)

    def end(tag: str) -> None:
        reader.depth -= 1

    def refuse(*_: object) -> None:
        line = parser.CurrentLineNumber
        raise reader.wrong("it declares a document type, which no model needs", line)

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as wrong:
        raise reader.wrong(f"it is no XML: {wrong}") from wrong


def _check(reader: _Reader) -> None:
    if len(reader.processes) > 1:
        raise reader.wrong("it holds several processes; keep one to a file")
    for _, source, target, line in reader.flows:
        for each in (source, target):
            if each not in reader.nodes:
                raise reader.wrong(f"a sequence flow leads to or from {each!r}, which is not there"
                                   " or is nothing that is read", line)  # fmt: skip
    kinds = {node.kind for node in reader.nodes.values()}
    if START not in kinds or END not in kinds:
        missing = "start" if START not in kinds else "end"
        raise reader.wrong(f"it has no {missing} event")
    if not kinds & TASKS:
        raise reader.wrong("it has no task")
    _check_ends(reader)


def _check_ends(reader: _Reader) -> None:
    """Refuse nodes that no case can come to, or can leave."""
    out: dict[str, list[str]] = {}
    into: dict[str, list[str]] = {}
    for _, source, target, _line in reader.flows:
        out.setdefault(source, []).append(target)
        into.setdefault(target, []).append(source)
    begins = [node.id for node in reader.nodes.values() if node.kind == START]
    ends = [node.id for node in reader.nodes.values() if node.kind == END]
    for node in reader.nodes.values():
        if node.kind == START and into.get(node.id):
            raise reader.wrong("a sequence flow leads into a start event", node.line)
        if node.kind == END and out.get(node.id):
            raise reader.wrong("a sequence flow leads out of an end event", node.line)
    come, leave = _reached(begins, out), _reached(ends, into)
    for node in reader.nodes.values():
        shown = f"{node.name or node.id!r}"
        if node.id not in come:
            raise reader.wrong(f"no way leads from a start event to {shown}", node.line)
        if node.id not in leave:
            raise reader.wrong(f"no way leads from {shown} to an end event", node.line)


def _reached(begins: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    found, waiting = set(begins), list(begins)
    while waiting:
        for each in ways.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _net(reader: _Reader) -> Net:
    """Return the net: a place for each flow, one in which a case begins and one in which it ends.

    A node with several flows into it takes from any one, but for a parallel gateway, which takes
    from all; a node with several flows out puts into all, but for an exclusive one.
    """
    places = dict(enumerate(reader.flows))
    source, sink = len(places), len(places) + 1
    made: list[Transition] = []
    for node in reader.nodes.values():
        into = [place for place, flow in places.items() if flow[2] == node.id] or [source]
        out = [place for place, flow in places.items() if flow[1] == node.id] or [sink]
        takes = [tuple(into)] if node.kind == BOTH else [(place,) for place in into]
        puts = [(place,) for place in out] if node.kind in EITHER else [tuple(out)]
        task = node.name if node.kind in TASKS else None
        made += [Transition(task, one, other) for one in takes for other in puts]
    return Net(len(places) + 2, source, sink, tuple(made))
