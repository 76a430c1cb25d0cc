"""Handoffs from team to team: how often, how long they lie, what comes straight back.

Floor 4, analysis. A handoff is a change of team; an update without a team leaves a ticket where it
was. A return is A, B, A, as in `analysis.mining.ping_pong`. Idle is the time from the handoff to
the next recorded update of the ticket; held is the time until the ticket moves on or is done.

What was known at the handoff is what `history` keeps of that moment: category, service, priority
and whom it was given to. Notes and files that went with it are in `completeness.py`.

Sources: van der Aalst and Song, Mining social networks, BPM 2004 (handoff of work); Freeman,
A set of measures of centrality based on betweenness, Sociometry 40 (1977) 35-41, computed after
Brandes, J. Math. Sociology 25 (2001) 163-177.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.examples import MONTH
from opsgauge.analysis.mining.steps import updates
from opsgauge.analysis.waiting.steps import KEY
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import micros, ones, summed

MOSTLY = 2.0  # times as much in as out, or the other way, makes a role


@dataclass(frozen=True)
class Flow:
    """What was handed from one team to another.

    Attributes
    ----------
    handoffs : how often, of how many `tickets`
    back : of the handoffs, those that went straight back
    idle_hours : from the handoff to the next update, of `touched` handoffs
    held_hours : until the ticket moved on or was done, of `left` handoffs
    """

    from_: str
    to: str
    handoffs: int
    tickets: int
    back: int
    touched: int
    idle_hours: float
    left: int
    held_hours: float

    @property
    def idle_mean(self) -> float | None:
        """Hours until anything was recorded after a handoff."""
        return self.idle_hours / self.touched if self.touched else None

    @property
    def held_mean(self) -> float | None:
        """Hours for which the receiver held a ticket."""
        return self.held_hours / self.left if self.left else None


@dataclass(frozen=True)
class Node:
    """One team in the network of handoffs.

    Attributes
    ----------
    came, went : handoffs to it and from it
    sent_back : of those that came, those it sent straight back
    got_back : of those that went, those that came straight back
    idle_hours : that tickets lay after coming to it, until the next update
    between : share of all pairs of other teams whose shortest way leads through it
    role : beginning (nothing comes), end (nothing goes), source, sink, relay, or "" where there
        are too few handoffs to say
    """

    team: str
    came: int
    went: int
    sent_back: int
    got_back: int
    idle_hours: float
    between: float
    role: str = ""

    @property
    def idle_mean(self) -> float | None:
        """Hours for which a ticket lay after coming to it."""
        return self.idle_hours / self.came if self.came else None


@dataclass(frozen=True)
class PingPong:
    """Two teams, and the handoffs between them that went straight back."""

    teams: tuple[str, str]
    handoffs: int
    returns: int


def handoff_rows(history: ir.Table, tickets: ir.Table, *known: str) -> ir.Table:
    """Return one row per handoff.

    Parameters
    ----------
    history : the rows of whole tickets
    tickets : the same tickets, whose `history_handoff_count` says which ever moved
    known : columns of history of which is told whether they were known then

    Returns
    -------
    key, practice, opened_month, opened_us, from_, to, at_us, got_us (since when `from_` had it),
    open and at_priority (then), idle_us and held_us (null while nothing followed), back (1 where it
    went straight back), and for each of `known` 1 where it was
    """
    moved = tickets.filter(tickets.history_handoff_count > 0)  # most never move: less to sort
    ends = moved.select(
        *KEY,
        opened_us=micros(moved.opened_at),
        done_us=ibis.coalesce(micros(moved.resolved_at), micros(moved.closed_at)),
    )
    rows = updates(history)
    named = rows.filter(rows.team.notnull()).inner_join(ends, list(KEY))
    order = ibis.window(group_by=KEY, order_by="seq")
    held = named.select(
        *KEY,
        "seq",
        "team",
        "practice",
        MONTH,
        "open",
        "opened_us",
        "done_us",
        at_priority=named.priority,
        at_us=micros(named.since),
        idle_us=named.elapsed_us,
        before=named.team.lag().over(order),
        **{name: ones(named[name].notnull()) for name in known},
    )
    came = held.filter(held.before.isnull() | (held.before != held.team))
    seen = came.mutate(
        then=came.team.lead().over(order),
        next_us=came.at_us.lead().over(order),
        got_us=came.at_us.lag().over(order),
    )
    handed = seen.filter(seen.before.notnull())
    until = ibis.coalesce(handed.next_us, handed.done_us)
    return handed.select(
        *KEY,
        "practice",
        MONTH,
        "open",
        "opened_us",
        "at_us",
        "got_us",
        "at_priority",
        *known,
        from_=handed.before,
        to=handed.team,
        idle_us=handed.idle_us,
        held_us=ibis.cases((until >= handed.at_us, until - handed.at_us)),
        back=ones(handed.then == handed.before),
    )


def flow_rows(handoffs: ir.Table) -> ir.Table:
    """Return the matrix: for each two teams what was handed from one to the other."""
    return handoffs.group_by("from_", "to").aggregate(
        handoffs=handoffs.count(),
        tickets=ibis.struct({"source": handoffs.source, "id": handoffs.ticket_id}).nunique(),
        back=handoffs.back.sum(),
        touched=handoffs.idle_us.count(),
        idle_us=summed(handoffs.idle_us.sum().fill_null(0)),
        left=handoffs.held_us.count(),
        held_us=summed(handoffs.held_us.sum().fill_null(0)),
    )


def flows(rows: pa.Table) -> list[Flow]:
    """Return what `flow_rows` gave, the most frequent first."""
    found = [
        Flow(
            row["from_"],
            row["to"],
            int(row["handoffs"]),
            int(row["tickets"]),
            int(row["back"]),
            int(row["touched"]),
            int(row["idle_us"]) / MICROS_PER_HOUR,
            int(row["left"]),
            int(row["held_us"]) / MICROS_PER_HOUR,
        )
        for row in rows.to_pylist()
    ]
    return sorted(found, key=lambda flow: (-flow.handoffs, flow.from_, flow.to))


def nodes(known: Sequence[Flow], fewest: int) -> list[Node]:
    """Return each team's place in the network, the busiest first.

    Parameters
    ----------
    known : the whole matrix
    fewest : handoffs of a team, for it to have a role
    """
    between = betweenness((flow.from_, flow.to) for flow in known)
    found = {team: Node(team, 0, 0, 0, 0, 0.0, between[team]) for team in between}
    for flow in known:
        sender, receiver = found[flow.from_], found[flow.to]
        found[flow.from_] = replace(
            sender, went=sender.went + flow.handoffs, got_back=sender.got_back + flow.back
        )
        found[flow.to] = replace(
            receiver,
            came=receiver.came + flow.handoffs,
            sent_back=receiver.sent_back + flow.back,
            idle_hours=receiver.idle_hours + flow.idle_hours,
        )
    told = [replace(node, role=_role(node, fewest)) for node in found.values()]
    return sorted(told, key=lambda node: (-(node.came + node.went), node.team))


def _role(node: Node, fewest: int) -> str:
    if node.came + node.went < fewest:
        return ""
    if not node.came or not node.went:
        return "end" if node.came else "beginning"
    if node.went >= MOSTLY * node.came:
        return "source"
    return "sink" if node.came >= MOSTLY * node.went else "relay"


def betweenness(ways: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return for each team the share of pairs of others whose shortest way leads through it.

    Examples
    --------
    >>> betweenness([("A", "B"), ("B", "C")])
    {'A': 0.0, 'B': 0.5, 'C': 0.0}
    """
    after: dict[str, list[str]] = {}
    for one, other in sorted(set(ways)):
        after.setdefault(one, []).append(other)
        after.setdefault(other, [])
    names = sorted(after)
    score = dict.fromkeys(names, 0.0)
    for start in names:
        _add_from(start, after, score)
    pairs = (len(names) - 1) * (len(names) - 2)
    return {name: value / pairs if pairs else 0.0 for name, value in score.items()}


def _add_from(start: str, after: Mapping[str, Sequence[str]], score: dict[str, float]) -> None:
    """Add what the shortest ways from one team say (Brandes)."""
    ways, far, before = {start: 1.0}, {start: 0}, dict[str, list[str]]()
    order, waiting = list[str](), deque([start])
    while waiting:
        here = waiting.popleft()
        order.append(here)
        for there in after[here]:
            if there not in far:
                far[there] = far[here] + 1
                waiting.append(there)
            if far[there] == far[here] + 1:
                ways[there] = ways.get(there, 0.0) + ways[here]
                before.setdefault(there, []).append(here)
    owed = dict.fromkeys(order, 0.0)
    for there in reversed(order):
        for here in before.get(there, ()):
            owed[here] += ways[here] / ways[there] * (1 + owed[there])
        if there != start:
            score[there] += owed[there]


def ping_pongs(known: Sequence[Flow]) -> list[PingPong]:
    """Return pairs of teams with direct returns, most first; who began does not matter."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for flow in known:
        pair = (min(flow.from_, flow.to), max(flow.from_, flow.to))
        handoffs, returns = sums.get(pair, (0, 0))
        sums[pair] = (handoffs + flow.handoffs, returns + flow.back)
    found = [PingPong(pair, *counted) for pair, counted in sums.items() if counted[1]]
    return sorted(found, key=lambda each: (-each.returns, each.teams))


def totals(known: Iterable[Flow]) -> dict[str, Any]:
    """Return the handoffs of all pairs together, and their hours."""
    listed = list(known)
    return {
        "handoffs": sum(flow.handoffs for flow in listed),
        "back": sum(flow.back for flow in listed),
        "idle_hours": sum(flow.idle_hours for flow in listed),
        "held_hours": sum(flow.held_hours for flow in listed),
    }
