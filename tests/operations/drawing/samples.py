"""Small answers to draw, made by hand so that every number in a test can be seen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from opsgauge.operations.answers import Measured, Provenance, Value
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.flow_answers import MapArc, MapNode, ProcessMap
from opsgauge.operations.ticket_story import Interval, TicketStory, TimePart

HOSTILE = '<script>alert("1")</script>'
PROVENANCE = Provenance(
    data_version=7,
    data_as_of=datetime(2016, 5, 30, 6, tzinfo=UTC),
    loaded_at=datetime(2016, 5, 30, 7, tzinfo=UTC),
    definition="9f2c61e4",
    zone="Europe/Amsterdam",
)
MONDAY = datetime(2016, 5, 2, 6, tzinfo=UTC)
HOUR = 3_600_000_000


def weeks(count: int) -> list[str]:
    """Return the keys of the first weeks of 2016."""
    return [f"2016-W{week:02}" for week in range(1, count + 1)]


def measured(
    values: Sequence[float | None], unit: str = "share", title: str = "Handed over"
) -> Measured:
    """Return one value a week, 40 tickets behind each."""
    rows = tuple(
        Value(week, {}, 40, value, low=value, high=value)
        for week, value in zip(weeks(len(values)), values, strict=True)
    )
    return Measured(
        metric="handed_over",
        title=title,
        unit=unit,
        good="lower",
        statistic="share",
        period="week",
        by=(),
        where=(),
        rows=rows,
        provenance=PROVENANCE,
        sentence="",
    )


def charted(
    values: Sequence[float | None],
    limits: tuple[float, float, float] = (0.2, 0.3, 0.4),
    unit: str = "share",
    title: str = "Handed over",
) -> Charted:
    """Return a chart whose values above the upper limit are worse, below the lower better."""
    answer = measured(values, unit, title)
    lower, centre, upper = limits
    points = []
    for row in answer.rows:
        verdict = "steady"
        if row.value is not None and row.value > upper:
            verdict = "worse"
        elif row.value is not None and row.value < lower:
            verdict = "better"
        signals = ("outside_limits",) if verdict != "steady" else ()
        points.append(ChartPoint(row.period, row.value, row.n, signals, verdict, complete=True))
    return Charted(answer, "xmr", "making_data_count", centre, lower, upper, 0.04, tuple(points))


def flow(
    ways: Mapping[tuple[str, str], int],
    starts: Mapping[str, int],
    ends: Mapping[str, int],
    steps: str = "team",
) -> ProcessMap:
    """Return a process map whose steps are entered as often as ways and starts say."""
    names = dict.fromkeys([name for way in ways for name in way] + [*starts, *ends])
    into = {name: sum(n for way, n in ways.items() if way[1] == name) for name in names}
    nodes = [
        MapNode(
            id=name,
            count=starts.get(name, 0) + into[name],
            tickets=1,
            stays=ways.get((name, name), 0),
            starts=starts.get(name, 0),
            ends=ends.get(name, 0),
            median_seconds=3600.0,
            p90_seconds=7200.0,
            mean_seconds=4000.0,
            total_seconds=4000.0,
        )
        for name in names
    ]
    arcs = [
        MapArc(from_, to, count, count, 1800.0, 3600.0, 2000.0, 2000.0 * count)
        for (from_, to), count in ways.items()
    ]
    return ProcessMap(
        steps=steps,
        tickets=sum(starts.values()),
        nodes=tuple(sorted(nodes, key=lambda node: -node.count)),
        arcs=tuple(sorted(arcs, key=lambda arc: -arc.count)),
        provenance=PROVENANCE,
    )


def desk() -> ProcessMap:
    """Return the map of 100 tickets: most are worked on and resolved, some are queued or wait.

    Work is entered 100 + 30 + 10 = 140 times and left 90 + 30 + 20 = 140 times.
    """
    return flow(
        {
            ("Work", "Resolved"): 90,
            ("Work", "Queue"): 30,
            ("Queue", "Work"): 30,
            ("Work", "User"): 20,
            ("User", "Work"): 10,
            ("User", "Resolved"): 10,
        },
        starts={"Work": 100},
        ends={"Resolved": 100},
    )


def story(*rows: tuple[float, str | None, str, str], lasts: bool = True) -> TicketStory:
    """Return a ticket from (hours, team, phase, kind), one after another from Monday 08:00 local.

    Its parts are the intervals, so they add up to the whole.
    """
    since, intervals = MONDAY, []
    for seq, (hours, team, phase, kind) in enumerate(rows):
        us = round(hours * HOUR)
        until = since + timedelta(microseconds=us)
        last = lasts and seq == len(rows) - 1
        intervals.append(
            Interval(
                seq=seq,
                since=since,
                until=None if last else until,
                activity=None,
                phase=phase,
                original_status=None,
                team=team,
                assignee="Agent 17" if kind == "work" else None,
                priority="3",
                category=None,
                actor="Agent 4",
                elapsed_us=us,
                lasts=last,
                kind=kind,
            )
        )
        since = until
    parts = tuple(TimePart(one.kind, one.team, one.phase, one.elapsed_us) for one in intervals)
    return TicketStory({"ticket_id": "INC1"}, tuple(intervals), parts, (), PROVENANCE)
