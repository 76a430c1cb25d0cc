"""Changes, approvals and deployments: from the change calendar and the pipeline.

Floor 3.
"""

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.beside.scene import NEVER, Scene, at, ids, texts, yes_no
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.coming import EMERGENCY, STANDARD
from opsgauge.sources.tools.demo.draws import HOUR, Flags, Ints
from opsgauge.sources.tools.demo.export import coded
from opsgauge.sources.tools.demo.steps import ASKED, State

RISKS = ("Low", "Medium", "High")
RISK_OF_KIND = ((0.9, 0.1, 0.0), (0.35, 0.5, 0.15), (0.1, 0.5, 0.4))
IN_HOUSE = ("portal", "mobile", "orders", "finance", "warehouse", "reports", "payroll")
WEEKLY = 3.0  # deployments of a service developed in the house
STEPS = {
    words.REQUEST: "Manager",
    words.CHANGE: "Change board",
    words.RELEASE_RECORD: "Go-live",
    words.WRITING: "Editor",
}
DECISIONS = ("Approved", "Rejected", "Withdrawn")


def changes(scene: Scene) -> pa.Table:
    """Return what the change calendar holds of each change."""
    t, draws, c = scene.tickets, scene.draws, scene.seen(words.CHANGE)
    n, kind = len(t), np.minimum(t.kind, EMERGENCY)
    begun = scene.first_at(State.IMPLEMENTING)[c]
    done = scene.first_at(State.REVIEW)[c]
    set_at = scene.first_at(State.SCHEDULED)[c]
    slip = (np.abs(draws.stream("change.slip").standard_normal(n)) * 0.4 * HOUR)[c]
    waiting = set_at + draws.lognormal("change.window", n, 60.0, 0.6)[c] * HOUR
    starts = np.where(begun >= 0, begun - slip, np.where(set_at >= 0, waiting, NEVER))
    length = draws.lognormal("change.length", n, 2.0, 0.5)[c] * HOUR
    risk = _risk(scene)[c]
    said, known = _outcome(scene, c)
    hurt = np.bincount(t.caused_by[t.caused_by >= 0], minlength=n)[c] > 0
    outage = np.where(hurt, draws.lognormal("change.outage", n, 35.0, 0.7)[c], 0.0)
    return pa.table(
        {
            "number": scene.numbers(c),
            "type": coded(kind[c], words.CHANGE_TYPES),
            "risk": coded(risk, RISKS),
            "service": scene.services(t.service[c]),
            "ci": coded(t.machine[c], scene.organisation.machines),
            "environment": coded(_environment(scene)[c], ("Production", "Test")),
            "planned_start": at(starts),
            "planned_end": at(np.where(starts >= 0, starts + length, NEVER)),
            "work_start": at(begun),
            "work_end": at(done),
            "approvals": pa.array(np.where(kind[c] == STANDARD, 0, 1 + (risk == 2))),
            "tested": yes_no(draws.uniform("change.tested", n)[c] < 0.9 - 0.25 * (risk == 2)),
            "rollback": yes_no(draws.uniform("change.rollback", n)[c] < 0.8),
            "outcome": coded(np.where(known, said, NEVER), words.RESOLUTIONS),
            "outage_min": pa.array(np.rint(outage), mask=~known),
        }
    )


def _risk(scene: Scene) -> Ints:
    kind = np.clip(scene.tickets.kind, STANDARD, EMERGENCY)
    edges = np.cumsum(np.array(RISK_OF_KIND), axis=1)
    luck = scene.draws.uniform("change.risk", len(kind))
    return np.minimum((luck[:, None] >= edges[kind]).sum(axis=1), 2)


def _environment(scene: Scene) -> Ints:
    return scene.draws.pick("change.environment", len(scene.tickets), (92, 8))


def _outcome(scene: Scene, tickets: Ints) -> tuple[Ints, Flags]:
    """Return how tickets went, and whether that is known yet."""
    solved = scene.first_at(State.REVIEW, State.DEPLOYED)[tickets] >= 0
    return scene.export.resolution[tickets], solved


def approvals(scene: Scene) -> pa.Table:
    """Return every yes or no that was asked, with who said it."""
    r = scene.rows
    asked = np.flatnonzero(np.isin(r.state, ASKED))
    after = np.minimum(asked + 1, len(r) - 1)
    answered = (asked + 1 < len(r)) & (r.ticket[after] == r.ticket[asked])
    refused = answered & (r.state[after] == State.REJECTED)
    withdrawn = answered & (r.state[after] == State.CANCELLED)
    decision = np.where(refused, 1, np.where(withdrawn, 2, 0))
    practice = scene.tickets.practice[r.ticket[asked]]
    names = tuple(dict.fromkeys(STEPS.values()))
    step = np.array([names.index(STEPS.get(k, "Manager")) for k in range(len(words.PRACTICES))])
    return pa.table(
        {
            "id": ids("APR", len(asked)),
            "record": scene.numbers(r.ticket[asked]),
            "step": coded(step[practice], names),
            "requested": at(r.at[asked]),
            "decided": at(np.where(answered, r.at[after], NEVER)),
            "decision": coded(np.where(answered, decision, NEVER), DECISIONS),
            "approver": scene.persons(np.where(answered, r.actor[after], NEVER)),
        }
    )


def deployments(scene: Scene) -> pa.Table:
    """Return what the pipelines of the services developed in the house brought where."""
    t, draws = scene.tickets, scene.draws
    own = np.array([scene.organisation.service_of[key] for key in IN_HOUSE])
    r = scene.seen(words.RELEASE_RECORD)
    r = r[scene.first_at(State.ROLLING_OUT)[r] >= 0]
    weeks = (scene.span.end - scene.span.start) / (7 * DAY)
    n = max(1, round(len(own) * WEEKLY * weeks * min(1.0, scene.size / 60_000)))
    began = scene.span.start + draws.uniform("deployment.at", n) * (
        scene.span.end - scene.span.start
    )
    service = np.concatenate(
        [t.service[r], own[draws.pick("deployment.service", n, [1] * len(own))]]
    )
    begun = np.concatenate([scene.first_at(State.ROLLING_OUT)[r], began])
    ends = np.concatenate(
        [
            scene.first_at(State.DEPLOYED)[r],
            began + draws.lognormal("deployment.length", n, 9.0, 0.5) * 60,
        ]
    )
    order = np.argsort(begun, kind="stable")
    count, release = len(order), np.concatenate([r, np.full(n, NEVER)])
    failed = draws.uniform("deployment.failed", count) < 0.07
    rework = np.append(False, failed[:-1]) & (draws.uniform("deployment.rework", count) < 0.8)
    commit = begun - draws.lognormal("deployment.lead", count, 30.0, 0.9) * HOUR
    test = (release < 0) & (draws.uniform("deployment.where", count) < 0.3)
    versions = [f"{1 + k // 400}.{k // 20 % 20}.{k % 20}" for k in range(count)]
    known = scene.before_end(ends) >= 0
    return pa.table(
        {
            "id": ids("DPL", count),
            "service": scene.services(service[order]),
            "environment": coded(test[order].astype(np.int64), ("Production", "Test")),
            "version": texts(versions),
            "first_commit": at(commit[order]),
            "started": at(begun[order]),
            "finished": at(np.where(known, ends, NEVER)[order]),
            "succeeded": yes_no(~failed, known[order]),
            "fix_of_earlier": yes_no(rework),
            "release": scene.numbers(release[order]),
        }
    )
