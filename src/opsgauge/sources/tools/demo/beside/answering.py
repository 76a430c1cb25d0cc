"""Contacts and surveys: from the telephone system, the chat, and the mails that ask how it went.

Floor 3.
"""

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.beside.scene import NEVER, Scene, at, ids, seconds, yes_no
from opsgauge.sources.tools.demo.draws import HOUR, Floats, Ints, firsts
from opsgauge.sources.tools.demo.export import coded
from opsgauge.sources.tools.demo.rows import OTHERS
from opsgauge.sources.tools.demo.steps import State

SPOKEN = (0, 3, 4)  # phone, chat, walk-in
ABANDONED, QUESTIONS = 0.06, 0.10  # for each contact that became a ticket
NOTED = 0.85  # share of contacts whose ticket number was noted
PATIENCE = 150.0  # seconds
ASKED, ANSWERS = 0.35, 0.24


def contacts(scene: Scene) -> pa.Table:
    """Return the contacts of the desk: those behind tickets, plain questions, and lost ones."""
    t, draws = scene.tickets, scene.draws
    first = np.flatnonzero(firsts(scene.rows.ticket))
    mine = scene.rows.ticket[first]
    spoken = np.isin(t.channel[mine], SPOKEN) & (t.practice[mine] == words.INCIDENT)
    told = mine[spoken].astype(np.int64)
    like = draws.stream("contact.like").integers(0, max(len(told), 1), round(0.16 * len(told)))
    lost = draws.uniform("contact.lost", len(like)) < ABANDONED / (ABANDONED + QUESTIONS)
    ticket = np.concatenate([told, np.full(len(like), NEVER)])
    of = np.concatenate([told, told[like]]) if len(told) else ticket
    n = len(ticket)
    given_up = np.concatenate([np.zeros(len(told), dtype=bool), lost])
    opened = t.opened[of] + np.where(
        ticket < 0, draws.stream("contact.shift").integers(-2700, 2700, n), 0
    )
    wait = draws.lognormal("contact.wait", n, 28.0, 0.9) * _crowded(opened)
    wait = np.where(given_up, draws.lognormal("contact.patience", n, PATIENCE, 0.5), wait)
    talk = draws.lognormal("contact.talk", n, 290.0, 0.55)
    started = np.rint(opened - wait - 0.5 * talk).astype(np.int64)
    answered = np.where(given_up, NEVER, started + wait)
    ends = started + wait + np.where(given_up, 0, talk)
    there = ~given_up
    order = np.argsort(started, kind="stable")
    noted = (draws.uniform("contact.noted", n) < NOTED) & (ticket >= 0)
    columns = {
        "channel": coded(t.channel[of], words.CHANNELS),
        "queue": scene.teams(t.first_team[of]),
        "offered": at(started),
        "answered": at(answered),
        "ended": at(ends),
        "abandoned": yes_no(given_up),
        "wait_s": seconds(wait, np.ones(n, dtype=bool)),
        "talk_s": seconds(talk, there),
        "hold_s": seconds(talk * 0.12 * draws.uniform("contact.hold", n), there),
        "wrap_s": seconds(draws.lognormal("contact.wrap", n, 55.0, 0.5), there),
        "transferred": yes_no(draws.uniform("contact.passed", n) < 0.05, there),
        "solved": yes_no(_at_once(scene, ticket), there),
        "caller": scene.persons(
            np.where(t.requester[of] >= 0, OTHERS + scene.export.staff + t.requester[of], NEVER)
        ),
        "agent": scene.persons(np.where(there, _answering(scene, of), NEVER)),
        "ticket": scene.numbers(np.where(noted, ticket, NEVER)),
    }
    table = pa.table(columns).take(pa.array(order))
    return table.add_column(0, "id", ids("CON", n))


def _crowded(opened: Ints) -> Floats:
    """Return by how much waits grow with the contacts of the same hour."""
    hour = opened // 3600
    places, counts = np.unique(hour, return_inverse=True, return_counts=True)[1:]
    usual = max(float(np.median(counts)), 1.0) if len(counts) else 1.0
    crowd = counts[places] / usual
    return np.asarray(np.clip(crowd, 0.5, 3.0) ** 1.6)


def _at_once(scene: Scene, ticket: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whether a contact ended with its ticket resolved; questions are answered."""
    solved = scene.first_at(State.RESOLVED)
    opened = scene.tickets.opened
    quick = (solved >= 0) & (solved - opened <= HOUR)
    return np.where(ticket >= 0, quick[ticket], True)


def _answering(scene: Scene, tickets: Ints) -> Ints:
    """Return who first held each ticket, as a number among all persons."""
    held = np.flatnonzero(scene.rows.agent >= 0)
    held = held[firsts(scene.rows.ticket[held])]
    agent = np.full(len(scene.tickets), NEVER, dtype=np.int64)
    agent[scene.rows.ticket[held]] = OTHERS + scene.rows.agent[held]
    return agent[tickets]


def surveys(scene: Scene) -> pa.Table:
    """Return whom the desk asked after a resolution, and what they answered, 1 to 5."""
    t, draws, n = scene.tickets, scene.draws, len(scene.tickets)
    last = scene.last_row()
    seen = np.flatnonzero(last >= 0)
    seen = seen[
        np.isin(t.practice[seen], (words.INCIDENT, words.REQUEST)) & (t.requester[seen] >= 0)
    ]
    row = last[seen]
    resolved = scene.told.resolved[row]
    asked = (resolved >= 0) & (draws.uniform("survey.asked", n)[seen] < ASKED)
    who, row, resolved = seen[asked], row[asked], resolved[asked].astype(np.int64)
    sent = resolved + HOUR
    kept = sent < scene.span.end
    who, row, sent = who[kept], row[kept], sent[kept]
    told = scene.told
    mood = 4.7 + draws.stream("survey.mood").standard_normal(n)[who] * 0.75
    mood -= 0.9 * told.reopened[row] + 0.22 * told.handed[row] + 0.8 * (told.made_sla[row] == 0)
    answers = draws.uniform("survey.answers", n)[who] < ANSWERS
    when = sent + draws.lognormal("survey.delay", n, 9.0, 1.0)[who] * HOUR
    known = answers & (when < scene.span.end)
    order = np.argsort(sent, kind="stable")
    table = pa.table(
        {
            "ticket": scene.numbers(who),
            "sent": at(sent),
            "answered": at(np.where(known, when, NEVER)),
            "stars": pa.array(np.clip(np.rint(mood), 1, 5).astype(np.int64), mask=~known),
            "user": scene.persons(OTHERS + scene.export.staff + t.requester[who]),
        }
    ).take(pa.array(order))
    return table.add_column(0, "id", ids("SRV", len(who)))
