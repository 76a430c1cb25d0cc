"""What comes in beside incidents: orders, tasks, problems, changes, releases, articles.

Floor 3. As `arrivals.py`, which puts everything together.
"""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.coming import (
    IMPROVING,
    INTERNAL,
    NORMAL,
    RELEASING,
    WHOLE_BUNDLE,
    Coming,
    machine,
    people,
)
from opsgauge.sources.tools.demo.draws import HOUR, Ints
from opsgauge.sources.tools.demo.plot import truth_mark
from opsgauge.sources.tools.demo.tickets import Block, nearest_before, rising

LEAD = 8 * DAY  # from the record of the planted release to its going live
SUBMITTED = 300  # seconds from an order to the question whether it may be
FIRST_TASK = 120  # seconds from the yes to the tasks of a bundle


def changes(coming: Coming) -> Block:
    """Draw changes; the last three are those of the truths: two improvements and a release."""
    draws, organisation, plot = coming.draws, coming.organisation, coming.plot
    opened, location = coming.moments("change", coming.count("change", 6), "office")
    n = len(opened)
    service = draws.pick(
        "change.service", n, [2 if s.tier < 3 else 1 for s in organisation.services]
    )
    kind = draws.pick("change.kind", n, (46, 44, 10))
    improved = organisation.service_of[words.ITEMS[plot.improved_item].service]
    checked = organisation.service_of[words.INCIDENTS[plot.checked].service]
    released = organisation.service_of[words.INCIDENTS[plot.release_category].service]
    marks = [
        truth_mark(name)
        for name in ("improvement_worked", "improvement_failed", "release_incidents")
    ]
    opened = np.append(
        opened, [plot.improved_at - DAY, plot.checked_at - DAY, plot.release_at - LEAD]
    )
    service = np.append(service, [improved, checked, released])
    kind = np.append(kind, [IMPROVING, IMPROVING, RELEASING])
    subcategory = draws.pick("change.subcategory", len(kind), (6, 7, 4, 2, 2, 2))
    subcategory[-3:] = 2
    block = _internal(coming, "change", (opened, np.append(location, [0, 0, 0])), service)
    return block | {
        "practice": np.full(len(opened), words.CHANGE),
        "only_with": np.append(np.zeros(n, dtype=np.int64), marks),
        "category": np.array(
            [
                _category(coming, word)
                for word in (*words.CHANGE_TYPES, words.IMPROVEMENT, words.CHANGE_TYPES[NORMAL])
            ]
        )[kind],
        "subcategory": _subcategory(coming, words.CHANGE_KINDS)[subcategory],
        "kind": kind,
        "first_team": np.full(len(opened), organisation.team_of["change"]),
        "approval": rising(draws.lognormal("change.approval", len(opened), 40.0, 0.6) * HOUR),
    }


def problems(coming: Coming) -> Block:
    """Draw problems, each about one category of incident; some wait for a change."""
    opened, location = coming.moments("problem", coming.count("problem", 4), "office")
    category = coming.draws.pick(
        "problem.category", len(opened), coming.organisation.category_weights
    )
    chosen = np.array([coming.organisation.service_of[c.service] for c in words.INCIDENTS])
    return _internal(coming, "problem", (opened, location), chosen[category]) | {
        "practice": np.full(len(opened), words.PROBLEM),
        "category": category,
    }


def articles(coming: Coming) -> Block:
    """Draw articles, each about one category of incident."""
    opened, location = coming.moments("article", coming.count("article", 8), "office")
    category = coming.draws.pick(
        "article.category", len(opened), coming.organisation.category_weights
    )
    chosen = np.array([coming.organisation.service_of[c.service] for c in words.INCIDENTS])
    kinds = coming.draws.pick("article.kind", len(opened), (5, 3, 2))
    return _internal(coming, "article", (opened, location), chosen[category]) | {
        "practice": np.full(len(opened), words.WRITING),
        "category": category,
        "subcategory": _subcategory(coming, words.ARTICLE_KINDS)[kinds],
        "priority": np.full(len(opened), 3),
    }


def releases(coming: Coming) -> Block:
    """Draw releases of the services that are developed in the house."""
    opened, location = coming.moments("release", coming.count("release", 4), "office")
    keys = ("portal", "mobile", "orders", "finance", "warehouse", "reports", "payroll")
    own = np.array([coming.organisation.service_of[key] for key in keys])
    service = own[coming.draws.pick("release.service", len(opened), [1] * len(own))]
    kinds = coming.draws.pick("release.kind", len(opened), (1, 2))
    return _internal(coming, "release", (opened, location), service) | {
        "practice": np.full(len(opened), words.RELEASE_RECORD),
        "category": np.full(len(opened), _category(coming, words.RELEASE)),
        "subcategory": _subcategory(coming, words.RELEASE_KINDS)[kinds],
        "approval": rising(
            coming.draws.lognormal("release.approval", len(opened), 30.0, 0.5) * HOUR
        ),
    }


def requests(coming: Coming) -> Block:
    """Draw orders from the catalogue."""
    draws, organisation = coming.draws, coming.organisation
    opened, location = coming.moments("request", coming.count("request"), "office")
    n = len(opened)
    item = draws.pick("request.item", n, [i.weight for i in words.ITEMS])
    owner = np.array([organisation.team_of[i.team] for i in words.ITEMS])[item]
    service = np.array([organisation.service_of[i.service] for i in words.ITEMS])[item]
    asked = draws.uniform("request.asked", n) < np.array([i.approval for i in words.ITEMS])[item]
    days = draws.lognormal("request.approval", n, 21.0, 0.9) * HOUR
    groups = [_category(coming, words.REQUEST_GROUPS[i.team]) for i in words.ITEMS]
    block = _internal(coming, "request", (opened, location), service)
    return block | {
        "practice": np.full(n, words.REQUEST),
        "category": np.array(groups)[item],
        "item": item,
        "machine": np.full(n, -1),
        "channel": draws.pick("request.channel", n, (6, 78, 8, 6, 2)),
        "owner": owner,
        "first_team": owner,
        "approval": np.where(asked, rising(np.minimum(days, 500 * HOUR)), -1),
    }


def tasks(coming: Coming, changed: Block) -> Block:
    """Draw tasks of changes: something to do before or after one."""
    draws = coming.draws
    opened, location = coming.moments("task", coming.count("task"), "office")
    n = len(opened)
    ordinary = np.flatnonzero(changed["only_with"] == 0)
    nothing = np.zeros(n, dtype=np.int64)
    parent = nearest_before(
        nothing,
        opened,
        np.zeros(len(ordinary), dtype=np.int64),
        changed["opened"][ordinary],
        9 * DAY,
    )
    parent = np.where(parent >= 0, ordinary[parent], -1)
    service = np.where(parent >= 0, changed["service"][parent], 0)
    kinds = draws.pick("task.kind", n, [1] * len(words.CHANGE_TASKS))
    return _internal(coming, "task", (opened, location), service) | {
        "practice": np.full(n, words.TASK),
        "subcategory": _subcategory(coming, words.CHANGE_TASKS)[kinds],
        "parent": parent,
        "kind": np.full(n, -1),
    }


def bundles(coming: Coming) -> Block:
    """Draw new starters: one order each, on which the tasks of `bundle_tasks` hang."""
    draws, organisation = coming.draws, coming.organisation
    opened, location = coming.moments("bundle", coming.count("bundle"), "office")
    n = len(opened)
    desk = np.array([office.desk for office in organisation.locations])[location]
    service = np.full(n, organisation.service_of["laptop"])
    return _internal(coming, "bundle", (opened, location), service) | {
        "practice": np.full(n, words.REQUEST),
        "category": np.full(n, _category(coming, "Joiners and leavers")),
        "item": np.full(n, WHOLE_BUNDLE),
        "machine": np.full(n, -1),
        "channel": np.full(n, 1),
        "owner": desk,
        "first_team": desk,
        "approval": rising(draws.lognormal("bundle.approval", n, 26.0, 0.6) * HOUR),
    }


def bundle_tasks(coming: Coming, parents: Block, begin: int) -> Block:
    """Return the tasks of each bundle, opened when it is approved; `begin` is its first place."""
    organisation, each = coming.organisation, len(words.BUNDLE_TASKS)
    n = len(parents["opened"]) * each
    parent, kind = np.arange(n) // each, np.arange(n) % each
    location = parents["location"][parent]
    field = np.array([office.field for office in organisation.locations])[location]
    central = np.array([organisation.team_of.get(t[1], -1) for t in words.BUNDLE_TASKS])[kind]
    owner = np.where(central >= 0, central, field)
    service = np.array([organisation.service_of[t[2]] for t in words.BUNDLE_TASKS])[kind]
    begun = parents["opened"] + SUBMITTED + parents["approval"] + FIRST_TASK
    names = tuple(t[0] for t in words.BUNDLE_TASKS)
    block = _internal(coming, "bundle.task", (begun[parent], location), service)
    return block | {
        "practice": np.full(n, words.TASK),
        "category": parents["category"][parent],
        "subcategory": _subcategory(coming, names)[kind],
        "machine": np.full(n, -1),
        "priority": parents["priority"][parent],
        "requester": parents["requester"][parent],
        "owner": owner,
        "first_team": owner,
        "kind": kind,
        "parent": begin + parent,
    }


def _internal(coming: Coming, aspect: str, when: tuple[Ints, Ints], service: Ints) -> Block:
    """Fill the columns that all tickets made by the organisation itself have in common."""
    opened, location = when
    n = len(opened)
    owner = coming.organisation.owners[service]
    priority = coming.draws.pick(f"{aspect}.priority", n, (0, 10, 50, 40))
    return {
        "opened": opened,
        "location": location,
        "service": service,
        "machine": machine(coming, aspect, service),
        "channel": np.full(n, INTERNAL),
        "priority": priority,
        "requester": people(coming, aspect, n),
        "owner": owner,
        "first_team": owner,
    }


def _category(coming: Coming, word: str) -> int:
    return coming.organisation.categories.index(word)


def _subcategory(coming: Coming, kinds: tuple[str, ...]) -> Ints:
    return np.array([coming.organisation.subcategories.index(word) for word in kinds])
