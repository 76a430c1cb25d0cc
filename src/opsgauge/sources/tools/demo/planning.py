"""The plans of incidents and orders; those of the other practices are in `planning_rest.py`.

Floor 3. Every draw is made for every ticket, needed or not, so that planting a truth moves no
other ticket's luck.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.coming import MONITORING, WHOLE_BUNDLE
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Flags, Floats, Ints
from opsgauge.sources.tools.demo.errands import SUBMITTED
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.plot import Plot
from opsgauge.sources.tools.demo.steps import JOIN, Planner, State
from opsgauge.sources.tools.demo.tickets import Tickets

AT_DESK = (State.NEW, State.IN_PROGRESS)
HANDED_ON = (State.ASSIGNED, State.IN_PROGRESS)
RESUMED = (-1, State.IN_PROGRESS)
BACK = (State.REOPENED, State.IN_PROGRESS)
HOLDS = (-1, State.WITH_USER, State.WITH_VENDOR, State.WITH_CHANGE, State.WITH_PROBLEM)
SPREAD = 0.85  # of the logarithm of work


@dataclass(frozen=True)
class Scene:
    """All that a plan is made from."""

    draws: Draws
    organisation: Organisation
    plot: Plot
    tickets: Tickets
    planted: Collection[str]

    def hits(self, aspect: str, which: Ints, share: float | Floats) -> Flags:
        """Draw yes or no for each of the tickets."""
        return self.draws.hits(aspect, len(which), share)

    def hours(
        self, aspect: str, which: Ints, median: float | Floats, spread: float = SPREAD
    ) -> Floats:
        """Draw a length for each of the tickets, in seconds from a median in hours."""
        return self.draws.lognormal(aspect, len(which), median, spread) * HOUR


def closing_delay(scene: Scene, aspect: str, which: Ints) -> Floats:
    """Return how long after its resolution a ticket is closed: by the user, or by a nightly job."""
    by_user = scene.hits(f"{aspect}.confirmed", which, 0.35)
    soon = np.minimum(scene.hours(f"{aspect}.confirming", which, 7.0), 71 * HOUR)
    late = 72 * HOUR + scene.draws.uniform(f"{aspect}.closing", len(which)) * 3 * HOUR
    return np.where(by_user, soon, late)


def plan_incidents(scene: Scene, plan: Planner) -> None:
    """Plan the service desk first, then the owner of the service, with holds and detours."""
    t = scene.tickets
    i = t.of(words.INCIDENT)
    first_contact = np.array([c.first_contact for c in words.INCIDENTS])[t.category[i]]
    watched = t.channel[i] == MONITORING
    gone = scene.hits("incident.gone", i, 0.03)
    solved_first = scene.hits("incident.first", i, first_contact) & ~watched & (t.priority[i] > 0)
    plan.wait(
        i[gone], 0, State.NEW, scene.hours("incident.going", i, 3.0)[gone], t.first_team[i][gone]
    )
    plan.end(i[gone], 1, State.CANCELLED)
    at_desk = ~gone & ~watched
    plan.work(
        i[at_desk],
        10,
        t.first_team[i][at_desk],
        scene.hours("incident.desk", i, 0.3, 0.6)[at_desk],
        AT_DESK,
    )
    asked = at_desk & scene.hits("incident.asked", i, 0.09)
    plan.wait(i[asked], 11, State.WITH_USER, scene.hours("incident.asking", i, 16.0, 1.0)[asked])
    plan.work(
        i[asked],
        12,
        t.first_team[i][asked],
        scene.hours("incident.answer", i, 0.15, 0.5)[asked],
        RESUMED,
    )
    _second_line(scene, plan, i, ~gone & ~solved_first)
    _resolve_incidents(scene, plan, i, (~gone, solved_first))


def _second_line(scene: Scene, plan: Planner, i: Ints, passed_on: Flags) -> None:
    """Plan the owner's work, with the holds and the detours of an ordinary desk."""
    t, organisation = scene.tickets, scene.organisation
    owner = t.owner[i]
    effort = effort_of(scene, i)
    detour = passed_on & scene.hits("incident.detour", i, 0.05)
    elsewhere = _another(scene, "incident.elsewhere", owner)
    plan.work(
        i[detour],
        20,
        elsewhere[detour],
        scene.hours("incident.look", i, 0.2, 0.5)[detour],
        HANDED_ON,
    )
    watched = t.channel[i] == MONITORING
    for mask, states in ((passed_on & ~watched, HANDED_ON), (passed_on & watched, AT_DESK)):
        plan.work(i[mask], 30, owner[mask], effort[mask] * 0.65, states)
    _bounces(scene, plan, i, passed_on)
    _misrouted(scene, plan, i, passed_on & ~watched)
    kind = scene.draws.pick("incident.hold", len(i), (56, 24, 11, 4, 5))
    median = np.array([1.0, 20.0, 50.0, 70.0, 90.0])
    has_vendor = np.array([bool(s.vendor) for s in organisation.services])[t.service[i]]
    held = passed_on & (kind > 0) & ~((kind == 2) & ~has_vendor)
    slower = slowness(scene, i)
    holding = scene.hours("incident.holding", i, median[kind], 0.9) * (1 + 1.5 * slower)
    plan.wait(i[held], 40, np.array(HOLDS)[kind][held], holding[held])
    late = passed_on & scene.hits("slower_service.late", i, 0.5 * slower)
    plan.wait(
        i[late], 45, State.WITH_VENDOR, scene.hours("slower_service.wait", i, 40.0, 0.6)[late]
    )
    plan.work(i[late], 46, owner[late], effort[late] * 0.1, RESUMED)
    plan.work(i[held], 41, owner[held], effort[held] * 0.35, RESUMED)
    again = passed_on & scene.hits("incident.again", i, 0.07)
    other = _another(scene, "incident.other", owner)
    plan.work(i[again], 50, other[again], scene.hours("incident.expert", i, 1.0)[again], HANDED_ON)
    returned = again & scene.hits("incident.returned", i, 0.3)
    plan.work(
        i[returned],
        55,
        owner[returned],
        scene.hours("incident.returning", i, 0.4)[returned],
        HANDED_ON,
    )


def effort_of(scene: Scene, i: Ints) -> Floats:
    """Return the work of the owning team on each incident, in seconds."""
    t = scene.tickets
    median = np.array([c.hours for c in words.INCIDENTS])[t.category[i]]
    return scene.hours("incident.effort", i, median) * (1 + 0.3 * slowness(scene, i))


def slowness(scene: Scene, i: Ints) -> Floats:
    """Return how far the planted service has slowed at each incident: 0 not yet, 1 all the way."""
    t, plot = scene.tickets, scene.plot
    if "slower_service" not in scene.planted:
        return np.zeros(len(i))
    way = (t.opened[i] - plot.slow_from) / (plot.slow_until - plot.slow_from)
    return np.where(t.category[i] == plot.slow_category, np.clip(way, 0.0, 1.0), 0.0)


def _bounces(scene: Scene, plan: Planner, i: Ints, passed_on: Flags) -> None:
    """Let the planted pair send tickets to and fro before one of them gets to work."""
    if "ping_pong" not in scene.planted:
        return
    owner, (one, other) = scene.tickets.owner[i], scene.plot.pair
    theirs = passed_on & ((owner == one) | (owner == other))
    away = np.where(owner == one, other, one)
    look = scene.hours("ping_pong.look", i, 0.15, 0.4)
    for turn, share in enumerate((0.42, 0.2, 0.07)):
        bounced = theirs & scene.hits("ping_pong", i, share)  # who bounces twice bounced once
        plan.work(i[bounced], 32 + turn, away[bounced], look[bounced], HANDED_ON)
        plan.work(i[bounced], 32.5 + turn, owner[bounced], look[bounced], HANDED_ON)


def _misrouted(scene: Scene, plan: Planner, i: Ints, passed_on: Flags) -> None:
    """Send the planted category to a team that can only pass it on."""
    if "wrong_routing" not in scene.planted:
        return
    wrong = passed_on & (scene.tickets.category[i] == scene.plot.misrouted)
    wrong &= scene.hits("wrong_routing", i, 0.85)
    plan.work(
        i[wrong],
        15,
        scene.plot.wrong_team,
        scene.hours("wrong_routing.look", i, 0.25, 0.5)[wrong],
        HANDED_ON,
    )


def _another(scene: Scene, aspect: str, owner: Ints) -> Ints:
    """Draw for each ticket a central team that is not its owner."""
    central = np.array(
        [k for kind, k in scene.organisation.team_of.items() if kind not in ("change", "assets")]
    )
    chosen = central[scene.draws.pick(aspect, len(owner), np.ones(len(central)))]
    following = central[(np.searchsorted(central, chosen) + 1) % len(central)]
    return np.where(chosen == owner, following, chosen)


def _resolve_incidents(scene: Scene, plan: Planner, i: Ints, flags: tuple[Flags, Flags]) -> None:
    """Plan the resolution, sometimes a second one, and the closing."""
    alive, solved_first = flags
    t = scene.tickets
    again = alive & scene.hits("incident.reopened", i, 0.045)
    closing = closing_delay(scene, "incident", i)
    until_again = np.minimum(scene.hours("incident.reopening", i, 20.0, 0.9), 70 * HOUR)
    plan.wait(i[alive], 90, State.RESOLVED, np.where(again, until_again, closing)[alive])
    last = np.where(solved_first, t.first_team[i], t.owner[i])
    plan.work(i[again], 91, last[again], scene.hours("incident.rework", i, 0.8)[again], BACK)
    plan.wait(i[again], 95, State.RESOLVED, closing[again])
    plan.end(i[alive], 99, State.CLOSED)


def plan_requests(scene: Scene, plan: Planner) -> None:
    """Plan a yes, the delivery, the confirmation; a bundle waits for its tasks."""
    t = scene.tickets
    r = t.of(words.REQUEST)
    whole = t.item[r] == WHOLE_BUNDLE
    asked = t.approval[r] >= 0
    refused = asked & ~whole & scene.hits("request.refused", r, 0.035)
    gone = ~asked & scene.hits("request.gone", r, 0.025)
    team = t.owner[r]
    plan.wait(r[asked], 1, State.SUBMITTED, float(SUBMITTED), team[asked])
    plan.wait(r[asked], 2, State.APPROVAL, approval_of(scene, r)[asked])
    plan.end(r[refused], 3, State.REJECTED)
    plan.wait(r[gone], 2, State.SUBMITTED, scene.hours("request.going", r, 5.0)[gone], team[gone])
    plan.end(r[gone], 3, State.CANCELLED)
    alive = ~refused & ~gone
    _deliver(scene, plan, r, (alive, asked, whole))
    again = alive & ~whole & scene.hits("request.reopened", r, 0.016)
    closing = closing_delay(scene, "request", r)
    until_again = np.minimum(scene.hours("request.reopening", r, 24.0, 0.8), 70 * HOUR)
    plan.wait(r[alive], 90, State.FULFILLED, np.where(again, until_again, closing)[alive])
    plan.work(
        r[again],
        91,
        team[again],
        scene.hours("request.rework", r, 0.4)[again],
        (State.REOPENED, State.FULFILMENT),
    )
    plan.wait(r[again], 95, State.FULFILLED, closing[again])
    plan.end(r[alive], 99, State.CLOSED)


def approval_of(scene: Scene, r: Ints) -> Floats:
    """Return how long the yes to each order takes, in seconds."""
    t, plot = scene.tickets, scene.plot
    usual = t.approval[r].astype(np.float64)
    if "improvement_worked" not in scene.planted:
        return usual
    eased = (t.item[r] == plot.improved_item) & (t.opened[r] >= plot.improved_at)
    return np.where(eased, usual * 0.12, usual)


def _deliver(scene: Scene, plan: Planner, r: Ints, flags: tuple[Flags, Flags, Flags]) -> None:
    """Plan work on the order, waits for goods or the user, and the visit that brings it."""
    alive, asked, whole = flags
    t = scene.tickets
    single, item = alive & ~whole, np.minimum(t.item[r], len(words.ITEMS) - 1)
    hours = np.where(whole, 0.4, np.array([i.hours for i in words.ITEMS])[item])
    effort = scene.hours("request.effort", r, hours)
    for mask, queued in ((alive & asked, State.APPROVED), (alive & ~asked, State.SUBMITTED)):
        plan.work(r[mask], 10, t.owner[r][mask], effort[mask], (queued, State.FULFILMENT))
    resumed = (-1, State.FULFILMENT)
    delivered = np.array([i.delivery for i in words.ITEMS])[item]
    ordered = single & scene.hits("request.ordered", r, delivered)
    plan.wait(
        r[ordered],
        20,
        State.DELIVERY,
        scene.hours("request.delivery", r, 4.0 * DAY / HOUR, 0.5)[ordered],
    )
    plan.work(r[ordered], 21, t.owner[r][ordered], effort[ordered] * 0.4, resumed)
    told = single & scene.hits("request.told", r, 0.10)
    plan.wait(r[told], 30, State.WITH_USER, scene.hours("request.telling", r, 18.0)[told])
    plan.work(r[told], 31, t.owner[r][told], effort[told] * 0.3, resumed)
    field = np.array([o.field for o in scene.organisation.locations])[t.location[r]]
    brought = single & scene.hits("request.brought", r, 0.08 + 0.5 * delivered)
    plan.work(
        r[brought],
        40,
        field[brought],
        scene.hours("request.visit", r, 0.5, 0.5)[brought],
        (State.ASSIGNED, State.FULFILMENT),
    )
    bundled = alive & whole
    plan.wait(r[bundled], 60, State.TASKS, 0.0)
    plan.add(
        r[bundled],
        61,
        kind=JOIN,
        team=t.owner[r][bundled],
        state=State.FULFILMENT,
        effort=effort[bundled] * 0.3,
    )
