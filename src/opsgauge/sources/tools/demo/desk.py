"""The invented desk, from a seed to files.

Floor 3. In order: draw the organisation and where each truth lies, draw every ticket, plan its
steps, let people work through them, write what a tool would have recorded. Then the same without
each truth in turn, to say how large it turned out.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from opsgauge.sources.tools.demo.arrivals import arrivals
from opsgauge.sources.tools.demo.beside.exports import write_beside
from opsgauge.sources.tools.demo.beside.scene import Scene as Beside
from opsgauge.sources.tools.demo.calendars import Span, month_ends, span_until
from opsgauge.sources.tools.demo.doctoring import Doctor
from opsgauge.sources.tools.demo.draws import Draws, Flags, Ints
from opsgauge.sources.tools.demo.export import Export, write_csv, write_parquet
from opsgauge.sources.tools.demo.legs import Legs, Worked, legs_of
from opsgauge.sources.tools.demo.office_hours import write_office_hours
from opsgauge.sources.tools.demo.organisation import Organisation, found
from opsgauge.sources.tools.demo.people import Staff, staff_for
from opsgauge.sources.tools.demo.planning import Scene, plan_incidents, plan_requests
from opsgauge.sources.tools.demo.planning_rest import (
    plan_articles,
    plan_changes,
    plan_problems,
    plan_releases,
    plan_tasks,
)
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS, Plot, lay_out, truth_mark
from opsgauge.sources.tools.demo.queues import work_through
from opsgauge.sources.tools.demo.rows import Rows, rows_of
from opsgauge.sources.tools.demo.steps import Planner, Steps
from opsgauge.sources.tools.demo.telling import Promise, told
from opsgauge.sources.tools.demo.tickets import ALWAYS, Tickets
from opsgauge.sources.tools.demo.truths import TRUTHS, Run, placed, realised
from opsgauge.sources.tools.demo.waits import Waits

MAPPING = Path(__file__).with_name("mapping.yaml")
SERVICE_LEVELS = Path(__file__).with_name("service_levels.yaml")  # what the desk promises
OBJECTIVES = Path(__file__).with_name("slos.yaml")  # how much may go wrong
RULES = Path(__file__).with_name("rules.yaml")  # what must come before what, and by whom
MODEL = Path(__file__).with_name("change.bpmn")  # how it says that a change goes
PLANS = (
    plan_incidents,
    plan_requests,
    plan_tasks,
    plan_problems,
    plan_changes,
    plan_releases,
    plan_articles,
)
IN_THE_RECORDS = ("paused_clocks", "month_end_rush", "missing_week")  # nobody works differently
ON_CALL = "improvement_failed"  # its one ticket waits in no queue: without it all others are as is
LARGE = 250_000  # tickets from which on nobody is followed
USUAL_END = date(2026, 9, 30)
AFTERNOON = 13.5


@dataclass(frozen=True)
class Invented:
    """What was made: files to import, the mappings that read them, and where the desk stands.

    `files` are the audit log, read by `mapping`; `beside` are the exports of other tools, each with
    its own mapping.
    """

    files: tuple[Path, ...]
    mapping: Path
    beside: tuple[tuple[Path, Path], ...]
    truths: Path
    zone: str
    calendars: tuple[Path, ...] = ()  # the hours of the desk
    service_levels: Path = SERVICE_LEVELS
    objectives: Path = OBJECTIVES
    rules: Path = RULES
    model: Path = MODEL


@dataclass(frozen=True)
class Desk:
    """One desk of one seed: everything that is the same whatever is planted."""

    seed: int
    span: Span
    size: int
    known: dict[frozenset[str], Rows] = field(default_factory=dict)

    @cached_property
    def draws(self) -> Draws:
        """Its luck."""
        return Draws(self.seed)

    @cached_property
    def organisation(self) -> Organisation:
        """Its places, teams and services."""
        return found(self.draws)

    @cached_property
    def plot(self) -> Plot:
        """Where each truth lies."""
        return lay_out(self.draws, self.organisation, self.span)

    @cached_property
    def tickets(self) -> Tickets:
        """Every ticket of every run."""
        return arrivals(self.draws, self.organisation, self.span, self.plot, self.size)

    @cached_property
    def staff(self) -> Staff:
        """Its people, enough for a desk without truths."""
        steps = self.steps(())
        legs = legs_of(self.draws, self.tickets, steps)
        return staff_for(self.draws, self.organisation, self.span, legs)

    def steps(self, planted: Collection[str]) -> Steps:
        """Plan all tickets of a run."""
        plan = Planner()
        scene = Scene(self.draws, self.organisation, self.plot, self.tickets, planted)
        for practice in PLANS:
            practice(scene, plan)
        steps = plan.done()
        return steps.take(self._in(planted)[steps.ticket])

    def worked(self, planted: Collection[str], which: Flags | None = None) -> Rows:
        """Let people work through a run, and return what was recorded."""
        key = frozenset(planted) - frozenset(IN_THE_RECORDS)
        if key in self.known:
            rows = self.known[key]
            return rows if which is None else rows.take(which[rows.ticket])
        if key | {ON_CALL} in self.known:
            rows = self.worked(key | {ON_CALL}, which)
            return rows.take(self.tickets.only_with[rows.ticket] != truth_mark(ON_CALL))
        steps = self.steps(key)
        if which is not None:
            steps = steps.take(which[steps.ticket])
        legs = legs_of(self.draws, self.tickets, steps)
        rows = rows_of(self.tickets, steps, legs, self._done(legs), self.staff, self.span.end)
        if which is None and not self.known:
            self.known[key] = rows  # the run that is exported; others are looked at once
        return rows

    def _done(self, legs: Legs) -> Worked:
        """Follow everybody through their days, or draw the waits where there are too many."""
        if not self.large:
            return work_through(legs, self.tickets, self.staff, self.span.end)
        return Waits(self.organisation, self.span, self.tickets).work_through(legs, self.staff)

    @property
    def large(self) -> bool:
        """Whether nobody is followed, so that no ticket makes another one wait."""
        return self.size >= LARGE

    def run(self, planted: Collection[str], which: Flags | None = None) -> Run:
        """Return one run with what its tool worked out, or of it only some tickets."""
        rows = self.worked(planted, which)
        if "paused_clocks" in planted:
            rows = self.doctor.paused(rows)
        if "month_end_rush" in planted:
            rows = self.doctor.rushed(rows)
        shown = told(rows, self.tickets, self.promise)
        if "missing_week" in planted:
            left = self.doctor.missing(rows)
            rows, shown = rows.take(left), shown.take(left)
        came = self._in(planted) & (self.tickets.opened < self.span.end)
        return Run(rows, shown, self.tickets, self.plot, self.organisation, self.month_ends, came)

    def sized(self, run: Run, planted: Collection[str]) -> list[dict[str, Any]]:
        """Return every planted truth with its size, from a second run of the seed without it."""
        told_of = []
        for truth in TRUTHS:
            if truth.name not in planted:
                continue
            rest = set(planted) - {truth.name}
            if self.large:
                which = self._with_tasks(truth.among(run))
                told_of.append(realised(truth, run.only(which), self.run(rest, which)))
            else:
                told_of.append(realised(truth, run, self.run(rest)))
        return told_of

    def placed(self, run: Run, planted: Collection[str]) -> list[dict[str, Any]]:
        """Return where every planted truth lies, without the second runs that tell its size."""
        return [placed(truth, run) for truth in TRUTHS if truth.name in planted]

    def _with_tasks(self, which: Flags) -> Flags:
        """Add the tasks of bundles, without which their parents would never be done."""
        parent = self.tickets.parent
        return which | ((parent >= 0) & which[parent])

    def _in(self, planted: Collection[str]) -> Flags:
        """Return which tickets a run has."""
        return np.isin(self.tickets.only_with, [ALWAYS, *map(truth_mark, planted)])

    @cached_property
    def month_ends(self) -> Ints:
        """The last afternoons of the months, where the rushing team is."""
        team = self.organisation.teams[self.plot.rushing_team]
        return month_ends(self.span, team.zone, AFTERNOON)

    @cached_property
    def doctor(self) -> Doctor:
        """Who changes the records."""
        return Doctor(
            draws=self.draws,
            tickets=self.tickets,
            plot=self.plot,
            promise=self.promise,
            staff=self.staff,
            month_ends=self.month_ends,
            until=self.span.end,
        )

    @cached_property
    def promise(self) -> Promise:
        """The clock of its service levels."""
        home = self.organisation.locations[0]
        return Promise(self.span, home.zone, home.region)

    @cached_property
    def export(self) -> Export:
        """The columns of its tool."""
        return Export(self.draws, self.organisation, self.tickets, self.staff.people)


def invent(
    folder: Path,
    seed: int,
    tickets: int = 60_000,
    plant: Collection[str] = ALL_TRUTHS,
    ends: date = USUAL_END,
    sized: bool = True,
) -> Invented:
    """Invent a desk and write its export into a folder.

    Parameters
    ----------
    seed : the same seed, size, truths and end give the same bytes
    tickets : about how many; the tickets of truths that are not planted are missing
    plant : names from `ALL_TRUTHS`; none gives a clean desk
    ends : the last day of its 18 months
    sized : whether each truth is measured, by a second run without it; else only its place is told
    """
    desk = Desk(seed, span_until(ends), tickets)
    run = desk.run(plant)
    folder.mkdir(parents=True, exist_ok=True)
    tables = desk.export.tables(run.rows, run.told)
    file = folder / ("audit_log.parquet" if desk.large else "audit_log.csv")
    (write_parquet if desk.large else write_csv)(tables, file)
    beside = write_beside(Beside(desk.export, run.rows, run.told, desk.span, tickets), folder)
    says = {
        "seed": seed,
        "tickets": tickets,
        "ends": ends.isoformat(),
        "planted": sorted(plant),
        "truths": (desk.sized if sized else desk.placed)(run, plant),
    }
    truths = folder / "truths.json"
    truths.write_text(json.dumps(says, indent=2, ensure_ascii=False) + "\n", "utf-8")
    calendars = write_office_hours(desk.organisation, folder / "calendars")
    return Invented((file,), MAPPING, beside, truths, desk.organisation.zone, calendars)
