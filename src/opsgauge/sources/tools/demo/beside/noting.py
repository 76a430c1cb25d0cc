"""Notes and messages: what people wrote on tickets, to one another and to those who asked.

Floor 3. Every note follows from an update that was recorded, and draws luck of its own, so that
nothing else of the desk is as it is because of them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.beside.scene import NEVER, Scene, at, ids
from opsgauge.sources.tools.demo.draws import Floats, Ints, place
from opsgauge.sources.tools.demo.export import coded
from opsgauge.sources.tools.demo.rows import OTHERS, SYSTEM
from opsgauge.sources.tools.demo.steps import SOLVED, State

MOST = 60_000  # tickets, the newest, whose notes are exported
WORK_NOTE, REPLY, ANSWER = range(3)
KINDS = ("Work note", "Reply", "Answer")
WORKING = (State.IN_PROGRESS, State.FULFILMENT, State.WORKING, State.ANALYSIS)
NOTED = 0.4  # share of the times work was taken up that are noted
SUMMED_UP = 0.8  # of resolutions
ASKED, REPLIED = 0.95, 0.9  # of waits for the user; of their ends
HABITS = (0.35, 0.9)  # share of handoffs that a team writes a note with, from the least to the most
UNHURRIED = 1200  # seconds: who waits longer before work begins is written to at times
WRITTEN_TO = 0.16
ROUNDS = (0.7, 0.22, 0.08)  # once, twice, three times to and fro
FILES = (0.1, 0.04, 0.22)  # share of notes of each kind with files
SENTENCES = (
    (
        "Checked the log, nothing out of the ordinary.",
        "Same trouble as on Monday, see the other ticket.",
        "Restarted the service; it has been quiet since.",
        "User was called, nobody answered.",
        "Needs somebody with rights on that machine.",
        "Steps so far: signed out everywhere, cleared what was stored, signed in again.",
        "Settings compared with a machine that works; one differs.",
        "Passed on.",
    ),
    (
        "Could you tell us which device it happens on?",
        "Please send a picture of the message you see.",
        "Since when has this been so, and does a colleague see it too?",
        "We need the number on the label before we can go on.",
        "Did it work again after a restart?",
    ),
    (
        "Here is the picture.",
        "It is the laptop I got in spring.",
        "Since this morning, and my neighbour has it as well.",
        "Yes, but after an hour it was the same again.",
        "Sorry for the late answer, I was on the road.",
    ),
)


@dataclass(frozen=True)
class Written:
    """Notes of one kind: of which ticket, when, and by whom, as a number among all persons."""

    kind: int
    ticket: Ints
    moment: Ints
    author: Ints


def notes(scene: Scene) -> pa.Table:
    """Return what was written on the newest tickets, the oldest note first."""
    desk = _Writing(scene)
    every = [desk.handed_over(), desk.taken_up(), desk.summed_up(), *desk.waits(), *desk.before()]
    ticket = np.concatenate([each.ticket for each in every])
    moment = np.concatenate([each.moment for each in every])
    author = np.concatenate([each.author for each in every])
    kind = np.concatenate([np.full(len(each.ticket), each.kind) for each in every])
    told = (moment >= desk.since) & (moment < scene.span.end)
    order = np.flatnonzero(told)
    order = order[np.lexsort((kind[order], ticket[order], moment[order]))]
    ticket, moment, author, kind = ticket[order], moment[order], author[order], kind[order]
    n = len(order)
    draws = scene.draws
    files = (draws.uniform("note.files", n) < np.asarray(FILES)[kind]).astype(np.int64)
    files += files * (draws.uniform("note.more", n) < 0.2)
    return pa.table(
        {
            "id": ids("NTE", n),
            "record": scene.numbers(ticket),
            "written": at(moment),
            "type": coded(kind, KINDS),
            "author": scene.persons(author),
            "files": pa.array(files),
            "text": _texts(kind, draws.uniform("note.first", n), draws.uniform("note.then", n)),
        }
    )


def _texts(kind: Ints, first: Floats, then: Floats) -> pa.Array:
    """Return one sentence or two for each note."""
    said = [sentence for of in SENTENCES for sentence in of]
    begins = np.cumsum([0, *map(len, SENTENCES)])[:-1][kind]
    many = np.asarray([len(of) for of in SENTENCES])[kind]
    one = begins + (first * many).astype(np.int64)
    other = begins + (then * 2 * many).astype(np.int64)  # beyond the last: nothing more
    more = np.where((other < begins + many) & (other != one), other, NEVER)
    ends = pa.array(["", *(f" {sentence}" for sentence in said)]).take(pa.array(more + 1))
    return pa.compute.binary_join_element_wise(pa.array(said).take(pa.array(one)), ends, "")


class _Writing:
    """The updates that notes follow from."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.draws = scene, scene.draws
        self.rows, self.tickets = scene.rows, scene.tickets

    @cached_property
    def since(self) -> int:
        """The opening of the oldest ticket whose notes are exported."""
        there = np.unique(self.rows.ticket)
        opened = np.sort(self.tickets.opened[there])
        return int(opened[max(len(there) - MOST, 0)]) if len(there) else 0

    def handed_over(self) -> Written:
        """Return what teams wrote as they handed tickets on, moments before they did."""
        rows = self.rows
        same = np.append(False, rows.ticket[1:] == rows.ticket[:-1])
        moved = np.flatnonzero(same & (rows.team != np.roll(rows.team, 1)) & (rows.team >= 0))
        gave = rows.team[moved - 1]
        low, high = HABITS
        teams = len(self.scene.organisation.teams)
        habit = low + (high - low) * self.draws.uniform("note.habit", teams)
        wrote = (gave >= 0) & (self.draws.uniform("note.handed", len(moved)) < habit[gave])
        wrote &= rows.actor[moved] != SYSTEM
        moved = moved[wrote]
        sooner = self.draws.lognormal("note.sooner", len(moved), 45.0, 0.8)
        moment = np.maximum(rows.at[moved] - np.rint(sooner).astype(np.int64), rows.at[moved - 1])
        return Written(WORK_NOTE, rows.ticket[moved], moment, rows.actor[moved])

    def taken_up(self) -> Written:
        """Return what whoever began to work on a ticket noted of it."""
        rows = self.rows
        begun = np.flatnonzero(np.isin(rows.state, WORKING) & (rows.agent >= 0))
        begun = begun[self.draws.uniform("note.begun", len(begun)) < NOTED]
        later = self.draws.lognormal("note.later", len(begun), 420.0, 0.9)
        moment = rows.at[begun] + np.rint(later).astype(np.int64)
        moment = np.minimum(moment, self._next(begun))
        return Written(WORK_NOTE, rows.ticket[begun], moment, OTHERS + rows.agent[begun])

    def _next(self, rows: Ints) -> Ints:
        """Return when the next update of the same ticket came; the end of time where none did."""
        after = np.minimum(rows + 1, len(self.rows) - 1)
        same = (after > rows) & (self.rows.ticket[after] == self.rows.ticket[rows])
        return np.where(same, self.rows.at[after], self.scene.span.end)

    def summed_up(self) -> Written:
        """Return what was noted as tickets were resolved."""
        rows = self.rows
        done = np.flatnonzero(np.isin(rows.state, SOLVED) & (rows.agent >= 0))
        done = done[self.draws.uniform("note.done", len(done)) < SUMMED_UP]
        return Written(WORK_NOTE, rows.ticket[done], rows.at[done], OTHERS + rows.agent[done])

    def waits(self) -> tuple[Written, Written]:
        """Return what users were asked as tickets came to wait for them, and their answers."""
        rows = self.rows
        hold = np.flatnonzero((rows.state == State.WITH_USER) & (rows.agent >= 0))
        hold = hold[self.draws.uniform("note.asked", len(hold)) < ASKED]
        asked = Written(REPLY, rows.ticket[hold], rows.at[hold], OTHERS + rows.agent[hold])
        end = self._next(hold)
        asks = self.tickets.requester[rows.ticket[hold]]
        says = (end < self.scene.span.end) & (asks >= 0)
        says &= self.draws.uniform("note.said", len(hold)) < REPLIED
        return asked, Written(ANSWER, rows.ticket[hold][says], end[says], self._asks(asks[says]))

    def _asks(self, requester: Ints) -> Ints:
        return OTHERS + self.scene.export.staff + requester

    def before(self) -> tuple[Written, Written]:
        """Return what was asked and answered to and fro before anybody began to work.

        The longer tickets wait, the more often they are written on.
        """
        t = self.tickets
        begun = self.scene.first_at(*WORKING)
        waited = begun - t.opened
        who = np.flatnonzero((begun >= 0) & (waited > UNHURRIED) & (t.requester >= 0))
        who = who[np.isin(t.practice[who], (words.INCIDENT, words.REQUEST))]
        holds = self._first_holder()[who]
        luck = self.draws.uniform("note.before", len(t))[who]
        usual = float(np.median(waited[who])) if len(who) else 1.0
        written = (luck < WRITTEN_TO * np.sqrt(waited[who] / usual)) & (holds >= 0)
        who, holds = who[written], holds[written]
        rounds = 1 + place(self.draws.uniform("note.rounds", len(t))[who], ROUNDS)
        each = np.repeat(np.arange(len(who)), rounds)
        turn = np.arange(len(each)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
        part = waited[who][each] / (2 * rounds[each] + 1)  # between two messages
        asked = t.opened[who][each] + np.rint((2 * turn + 1) * part).astype(np.int64)
        said = t.opened[who][each] + np.rint((2 * turn + 2) * part).astype(np.int64) - 1
        author = self._asks(t.requester[who])[each]
        return (
            Written(REPLY, who[each], asked, holds[each]),
            Written(ANSWER, who[each], said, author),
        )

    def _first_holder(self) -> Ints:
        """Return who first held each ticket, as a number among all persons; -1 where nobody did."""
        held = np.flatnonzero(self.rows.agent >= 0)[::-1]
        agent = np.full(len(self.tickets), NEVER, dtype=np.int64)
        agent[self.rows.ticket[held]] = OTHERS + self.rows.agent[held]  # the last written stays
        return agent
