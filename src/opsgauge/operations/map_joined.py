"""The map of both sides of a comparison together, with what differs as its marks.

Floor 5. Drawn are all tickets of both sides, so that in = out + end holds as on any map.
"""

from collections import Counter

from opsgauge.analysis.mining.map_differences import Difference
from opsgauge.operations.drawing.map_choice import Place
from opsgauge.operations.drawing.map_marks import Mark
from opsgauge.operations.flow_answers import MapArc, MapNode, ProcessMap
from opsgauge.operations.map_compared import MapsCompared

_POINTS = 100


def joined_map(found: MapsCompared) -> ProcessMap:
    """Return the map of both sides; times are left out, since they are not added up."""
    ways = [row for row in found.rows if len(row.key) > 1]
    into: Counter[str | None] = Counter()
    out: Counter[str | None] = Counter()
    stays: Counter[str | None] = Counter()
    for row in ways:
        times = row.one.passages + row.other.passages
        out[row.key[0]] += times
        into[row.key[1]] += times
        if row.key[0] == row.key[1]:
            stays[row.key[0]] += times
    nodes = [_node(row, into, out, stays) for row in found.rows if len(row.key) == 1]
    return ProcessMap(
        steps=found.steps,
        tickets=found.one.tickets + found.other.tickets,
        nodes=tuple(sorted(nodes, key=lambda node: -node.count)),
        arcs=tuple(sorted(map(_arc, ways), key=lambda arc: -arc.count)),
        provenance=found.provenance,
        calendar=found.calendar,
    )


def marks_of(found: MapsCompared) -> dict[tuple[Place, ...], Mark]:
    """Return what is said of each step and way: its difference of flow, else that of time."""
    return {row.key: _mark(row) for row in found.rows}


def _mark(row: Difference) -> Mark:
    flow, time = row.flow, row.time
    words = []
    if flow and flow.said:
        words.append(f"{_POINTS * flow.size:+.1f} points")
    if time and time.said:
        words.append(f"{time.size:.1f} × time")
    tones = [test.said for test in (flow, time) if test and test.said]
    return Mark(", ".join(words), " ".join(tones))


def _node(
    row: Difference,
    into: Counter[str | None],
    out: Counter[str | None],
    stays: Counter[str | None],
) -> MapNode:
    step, count = row.key[0], row.one.passages + row.other.passages
    return MapNode(
        id=step or "",
        count=count,
        tickets=row.one.tickets + row.other.tickets,
        stays=stays[step],
        starts=count - into[step],
        ends=count - out[step],
        median_seconds=None,
        p90_seconds=None,
        mean_seconds=None,
        total_seconds=0.0,
    )


def _arc(row: Difference) -> MapArc:
    return MapArc(
        from_=row.key[0] or "",
        to=row.key[1] or "",
        count=row.one.passages + row.other.passages,
        tickets=row.one.tickets + row.other.tickets,
        median_seconds=None,
        p90_seconds=None,
        mean_seconds=None,
        total_seconds=0.0,
    )
