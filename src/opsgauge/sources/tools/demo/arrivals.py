"""What comes in: every ticket of a desk with its moment, its person and what it is about.

Floor 3. Volumes follow the local hours of the offices; a truth's own tickets are drawn beside the
others and marked with the truth that brings them.
"""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import DAY, LocalHours, Span
from opsgauge.sources.tools.demo.coming import (
    CHANNEL_WEIGHTS,
    MONITORING,
    PRIORITY_OF,
    Coming,
    machine,
    people,
)
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Floats, Ints
from opsgauge.sources.tools.demo.errands import (
    articles,
    bundle_tasks,
    bundles,
    changes,
    problems,
    releases,
    requests,
    tasks,
)
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.plot import Plot, truth_mark
from opsgauge.sources.tools.demo.tickets import Block, Tickets, gathered, nearest_before, rising

WATCHED = 0.13  # what desks hardly ever solve themselves is machinery that monitoring watches


def arrivals(draws: Draws, organisation: Organisation, span: Span, plot: Plot, n: int) -> Tickets:
    """Draw about n tickets, those of all truths included."""
    clocks = tuple(LocalHours.of(span, o.zone, o.region) for o in organisation.locations)
    coming = Coming(draws, organisation, span, plot, n, clocks)
    known = [changes(coming), problems(coming), articles(coming), releases(coming)]
    known[1]["fixed_by"] = _fixing(*known[:2])
    starts = np.cumsum([0] + [len(block["opened"]) for block in known])
    reported = {
        "incident": _incidents(coming, "incident", "office"),
        "monitoring": _incidents(coming, "monitoring", "machines"),
        "monday": _incidents(coming, "monday", "monday"),
        "release": _after_release(coming, int(starts[1]) - 1),
    }
    blocks = known + [_linked(coming, kind, block, known) for kind, block in reported.items()]
    blocks += [requests(coming), tasks(coming, known[0])]
    bundled = bundles(coming)
    begin = sum(len(block["opened"]) for block in blocks)
    return gathered([*blocks, bundled, bundle_tasks(coming, bundled, begin)])


def _incidents(coming: Coming, kind: str, rhythm: str) -> Block:
    opened, location = coming.moments(kind, coming.count(kind), rhythm)
    weights = coming.organisation.category_weights.copy()
    if kind == "monitoring":
        weights *= [c.first_contact < WATCHED for c in words.INCIDENTS]
    category = coming.draws.pick(f"{kind}.category", len(opened), weights)
    block = _incident_block(coming, kind, (opened, location), category)
    if kind == "monitoring":
        block |= {
            "channel": np.full(len(opened), MONITORING),
            "first_team": block["owner"],
            "requester": np.full(len(opened), -1),
        }
    if kind == "monday":
        block["only_with"] = np.full(len(opened), truth_mark("monday_peak"))
    return block


def _incident_block(coming: Coming, aspect: str, when: tuple[Ints, Ints], category: Ints) -> Block:
    """Fill the columns of incidents whose moment, office and category are known."""
    opened, location = when
    n, draws, organisation = len(opened), coming.draws, coming.organisation
    chosen = np.array([organisation.service_of[c.service] for c in words.INCIDENTS])
    service = chosen[category]
    subcategory = _subcategories(coming, aspect, category)
    tier = np.array([s.tier for s in organisation.services])[service]
    high = np.array([0.16, 0.10, 0.05, 0.03])[tier - 1]
    impact = _levels(draws.uniform(f"{aspect}.impact", n), high, 0.45)
    urgency = _levels(draws.uniform(f"{aspect}.urgency", n), high, 0.5)
    top = (impact == 0) & (urgency == 0) & (tier < 3)
    return {
        "practice": np.full(n, words.INCIDENT),
        "opened": opened,
        "location": location,
        "category": category,
        "subcategory": subcategory,
        "service": service,
        "machine": machine(coming, aspect, service),
        "channel": draws.pick(f"{aspect}.channel", n, CHANNEL_WEIGHTS),
        "priority": np.where(top, 0, np.maximum(PRIORITY_OF[impact, urgency], 1)),
        "impact": impact,
        "urgency": urgency,
        "requester": people(coming, aspect, n),
        "owner": organisation.owners[service],
        "first_team": np.array([office.desk for office in organisation.locations])[location],
        "kind": (draws.uniform(f"{aspect}.major", n) < np.where(top, 0.16, 0.0)).astype(np.int64),
    }


def _subcategories(coming: Coming, aspect: str, category: Ints) -> Ints:
    """Draw what exactly is reported; each category's first word is the most frequent."""
    known = {word: k for k, word in enumerate(coming.organisation.subcategories)}
    counts = np.array([len(c.subcategories) for c in words.INCIDENTS])
    first = np.array([known[c.subcategories[0]] for c in words.INCIDENTS])
    u = coming.draws.uniform(f"{aspect}.subcategory", len(category)) ** 1.5
    return first[category] + (u * counts[category]).astype(np.int64)


def _levels(u: Floats, high: Floats, low: float) -> Ints:
    return np.where(u < high, 0, np.where(u < 1 - low, 1, 2))


def _after_release(coming: Coming, change: int) -> Block:
    """Draw the incidents that the planted release brings: at once, then fewer for ten days."""
    plot, draws = coming.plot, coming.draws
    n = max(24, round(coming.tickets * 0.0035))
    delay = np.minimum(draws.stream("release.delay").exponential(30.0, n), 240.0) * HOUR
    _, location = coming.moments("release.incident", n, "office")
    category = np.full(n, plot.release_category)
    opened = plot.release_at + rising(delay)
    block = _incident_block(coming, "release.incident", (opened, location), category)
    told = draws.hits("release.told", n, 0.6)  # for the others nobody wrote the cause down
    return block | {
        "only_with": np.full(n, truth_mark("release_incidents")),
        "caused_by": np.where(told, change, -1),
    }


def _linked(coming: Coming, aspect: str, block: Block, known: list[Block]) -> Block:
    """Tie incidents to problems of their category, to changes of their service, to articles."""
    changed, problem_block, article_block, _ = known
    draws, n = coming.draws, len(block["opened"])
    starts = np.cumsum([0] + [len(each["opened"]) for each in known])
    key, at = block["category"], block["opened"]
    ordinary = np.flatnonzero(changed["only_with"] == 0)
    cause = nearest_before(
        block["service"], at, changed["service"][ordinary], changed["opened"][ordinary], 14 * DAY
    )
    cause = np.where(cause >= 0, ordinary[cause], -1)
    told = {"caused_by": np.where(draws.hits(f"{aspect}.cause", n, 0.03), cause, -1)}
    for name, other, start, within, share in (
        ("problem", problem_block, starts[1], 45 * DAY, 0.16),
        ("article", article_block, starts[2], 1000 * DAY, 0.34),
    ):
        found = nearest_before(key, at, other["category"], other["opened"], within)
        tied = draws.hits(f"{aspect}.{name}", n, share) & (found >= 0)
        told[name] = np.where(tied, found + start, -1)
    return {**told, **block}


def _fixing(changed: Block, problem_block: Block) -> Ints:
    """Return for each problem a change of its service in the month after it, -1 where none is."""
    month = 30 * DAY
    ordinary = np.flatnonzero(changed["only_with"] == 0)
    found = nearest_before(
        problem_block["service"],
        problem_block["opened"] + month,
        changed["service"][ordinary],
        changed["opened"][ordinary],
        month,
    )
    return np.where(found >= 0, ordinary[found], -1)
