"""The plans of tasks, problems, changes, releases and articles.

Floor 3. As `planning.py`.
"""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.coming import EMERGENCY, IMPROVING, RELEASING, STANDARD
from opsgauge.sources.tools.demo.draws import HOUR
from opsgauge.sources.tools.demo.errands import LEAD
from opsgauge.sources.tools.demo.planning import Scene
from opsgauge.sources.tools.demo.steps import WORK, Planner, State


def plan_tasks(scene: Scene, plan: Planner) -> None:
    """Plan tasks: take it, sometimes ask, do it."""
    t = scene.tickets
    k = t.of(words.TASK)
    bundled = t.kind[k] >= 0
    usual = np.array([each[3] for each in words.BUNDLE_TASKS])[np.maximum(t.kind[k], 0)]
    effort = scene.hours("task.effort", k, np.where(bundled, usual, 0.8), 0.6)
    plan.work(k, 10, t.owner[k], effort, (State.OPEN, State.WORKING))
    asked = scene.hits("task.asked", k, 0.08)
    plan.wait(k[asked], 20, State.WITH_USER, scene.hours("task.asking", k, 14.0)[asked])
    plan.work(k[asked], 21, t.owner[k][asked], effort[asked] * 0.3, (-1, State.WORKING))
    plan.wait(
        k, 90, State.COMPLETED, 600.0 + 6 * HOUR * scene.draws.uniform("task.closing", len(k))
    )
    plan.end(k, 99, State.CLOSED)


def plan_problems(scene: Scene, plan: Planner) -> None:
    """Plan problems: find the cause, perhaps with the vendor, perhaps wait for a change, verify."""
    t = scene.tickets
    p = t.of(words.PROBLEM)
    team = t.owner[p]
    at_work = (-1, State.ANALYSIS)
    plan.work(p, 10, team, scene.hours("problem.effort", p, 5.0), (State.LOGGED, State.ANALYSIS))
    has_vendor = np.array([bool(s.vendor) for s in scene.organisation.services])[t.service[p]]
    asked = has_vendor & scene.hits("problem.vendor", p, 0.4)
    plan.wait(p[asked], 20, State.WITH_VENDOR, scene.hours("problem.asking", p, 130.0)[asked])
    plan.work(p[asked], 21, team[asked], scene.hours("problem.answer", p, 1.5)[asked], at_work)
    changed = scene.hits("problem.changed", p, 0.6) | (t.fixed_by[p] >= 0)
    plan.wait(p[changed], 30, State.WITH_CHANGE, scene.hours("problem.change", p, 210.0)[changed])
    plan.work(
        p[changed], 31, team[changed], scene.hours("problem.verify", p, 1.0)[changed], at_work
    )
    plan.wait(p, 90, State.RESOLVED, scene.hours("problem.closing", p, 120.0, 0.5))
    plan.end(p, 99, State.CLOSED)


def plan_changes(scene: Scene, plan: Planner) -> None:
    """Plan changes: assess, authorise, schedule, implement, review; standard ones need no yes."""
    t = scene.tickets
    c = t.of(words.CHANGE)
    kind, office = t.kind[c], t.first_team[c]
    released, improving = kind == RELEASING, kind == IMPROVING
    weighed = ~np.isin(kind, (STANDARD, IMPROVING))
    special = released | improving
    refused = weighed & ~released & scene.hits("change.refused", c, 0.045)
    gone = ~weighed & ~improving & scene.hits("change.gone", c, 0.02)
    drafting = np.where(special, 2 * HOUR, scene.hours("change.drafting", c, 4.0))
    plan.wait(c, 1, State.DRAFT, drafting, office)
    plan.end(c[gone], 2, State.CANCELLED)
    # The planned release keeps its date: no queue may delay it.
    usual = weighed & ~released
    plan.work(
        c[usual],
        10,
        office[usual],
        scene.hours("change.assess", c, 0.7, 0.5)[usual],
        (-1, State.ASSESS),
    )
    fast = np.where(kind == EMERGENCY, 0.06, 1.0)
    yes = np.where(released, 2 * 24 * HOUR, t.approval[c] * fast)
    plan.wait(c[weighed], 20, State.AUTHORISATION, yes[weighed])
    plan.end(c[refused], 21, State.REJECTED)
    alive = ~refused & ~gone
    until = np.where(kind == EMERGENCY, 1.5, 80.0)
    planned = scene.hours("change.until", c, until, 0.7)
    planned = np.where(released, LEAD - 2 * 24 * HOUR - 2 * HOUR, planned)
    planned = np.where(improving, 22 * HOUR, planned)
    plan.wait(c[alive], 30, State.SCHEDULED, planned[alive], t.owner[c][alive])
    doing = scene.hours("change.doing", c, 1.4, 0.7)
    plan.add(
        c[alive],
        40,
        kind=WORK,
        team=t.owner[c][alive],
        state=State.IMPLEMENTING,
        effort=doing[alive],
        direct=True,
    )
    plan.wait(c[alive], 90, State.REVIEW, scene.hours("change.review", c, 40.0, 0.6)[alive])
    plan.end(c[alive], 99, State.CLOSED)


def plan_releases(scene: Scene, plan: Planner) -> None:
    """Plan releases: build, ask to go live, roll out."""
    t = scene.tickets
    r = t.of(words.RELEASE_RECORD)
    team = t.owner[r]
    plan.wait(r, 1, State.PLANNED, scene.hours("release.planning", r, 120.0, 0.5), team)
    plan.add(
        r,
        10,
        kind=WORK,
        team=team,
        state=State.BUILD,
        direct=True,
        effort=scene.hours("release.building", r, 160.0, 0.5),
    )
    plan.wait(r, 20, State.GO_LIVE, t.approval[r].astype(np.float64))
    plan.add(
        r,
        30,
        kind=WORK,
        team=team,
        state=State.ROLLING_OUT,
        direct=True,
        effort=scene.hours("release.rolling", r, 2.5, 0.4),
    )
    plan.wait(r, 90, State.DEPLOYED, scene.hours("release.closing", r, 90.0, 0.4))
    plan.end(r, 99, State.CLOSED)


def plan_articles(scene: Scene, plan: Planner) -> None:
    """Plan articles: write, have it read, publish; some are retired."""
    t = scene.tickets
    a = t.of(words.WRITING)
    plan.work(
        a, 10, t.owner[a], scene.hours("article.writing", a, 1.2, 0.5), (State.DRAFT, State.EDITING)
    )
    plan.wait(a, 20, State.CHECKING, scene.hours("article.checking", a, 40.0, 0.7))
    plan.wait(a, 90, State.PUBLISHED, scene.hours("article.life", a, 9000.0, 0.7))
    plan.end(a, 99, State.RETIRED)
