"""Habits of teams: handing straight back, resolving what comes back, leaving some work to wait.

Floor 4, analysis. Each habit is a share: of so many cases of a place, so many are so. Places differ
by nature, so each is held against how the others differ (beta-binomial, see `standing_out.py`), and
found is what stands out with odds that hold over all places of that habit (Bonferroni). Of persons
nothing is told.

Sources: the questions of BPI Challenge 2013 (push to front, ping-pong); W. M. P. van der Aalst, H.
A. Reijers and M. Song, Discovering social networks from event logs, 2005, for handing back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.analysis.mining.detector_limits import USUAL, DetectorLimits
from opsgauge.analysis.mining.examples import KEY, MONTH, examples_of, with_most
from opsgauge.analysis.mining.standing_out import Outstanding, Place, standing_out
from opsgauge.analysis.mining.stays import early_stays
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.warehouse.portable import micros, ones, summed

METHOD = "beta_binomial_over_places"
Rows = Sequence[Mapping[str, Any]]
QUEUED, AT_WORK = ("new", "assigned"), "in_progress"


@dataclass(frozen=True)
class Habit:
    """What is looked for, and how it is said.

    Attributes
    ----------
    rows : team, category (null where the habit is of teams alone), opened_month, n, hits, took_us
        and an example, of history or of stays; or what `fold` makes such rows of
    share : the least share of cases, for a place to be found
    of_stays : it is of what `stays.stays` gave
    hours : whether the time it took can be called lost
    """

    name: str
    lane: Lane
    rows: Callable[[ir.Table, DetectorLimits], ir.Table]
    says: str
    caveat: str
    look_next: str
    share: Callable[[DetectorLimits], float] = lambda limits: 0.0
    hours: bool = False
    of_stays: bool = False
    fold: Callable[[pa.Table], Rows] | None = None

    @property
    def words(self) -> str:
        """Its name, as words."""
        return self.name.replace("_", " ")


def sent_back(rows: pa.Table) -> Rows:
    """Return what `stays.early_stays` gave of the second teams: what each got, and gave back."""
    return _of_teams(rows.filter(pc.equal(rows["place"], 2)), "back", "back_us", "back_example")


def resolution_rows(history: ir.Table, limits: DetectorLimits) -> ir.Table:
    """Count a team's resolutions, and what came of them, in one pass for both who ask.

    Returns
    -------
    team, opened_month, n, and as n_, us_ and example_: `back`, after which the ticket was reopened,
    and `quick`, reopened and resolved again within a moment
    """
    rows = resolutions(history)
    back = (rows.then == "reopened").fill_null(False)
    within = rows.after_us - rows.at_us
    quick = back & ((rows.after == "resolved") & (within < limits.moment_us)).fill_null(False)
    taken = (("back", back, rows.next_us - rows.at_us), ("quick", quick, within))
    counts: dict[str, ir.Value] = {"n": rows.count()}
    for name, met, took in taken:
        counts[f"n_{name}"] = summed(ones(met).sum())
        counts[f"us_{name}"] = summed(ibis.cases((met, took), else_=0).sum())
        counts[f"example_{name}"] = with_most(rows, took, met)
    return rows.group_by("team", MONTH).aggregate(**counts)


def came_back(name: str, rows: pa.Table) -> Rows:
    """Return of what `resolution_rows` gave one kind, `back` or `quick`, as rows of any habit."""
    return _of_teams(rows, f"n_{name}", f"us_{name}", f"example_{name}")


def _of_teams(rows: pa.Table, hits: str, took_us: str, example: str) -> Rows:
    """Return rows of any habit of teams alone, from columns of other names."""
    return [
        {
            "team": row["team"],
            "category": None,
            "n": row["n"],
            "hits": row[hits],
            "took_us": row[took_us],
            "example": row[example],
        }
        for row in rows.to_pylist()
    ]


def overtaken_rows(history: ir.Table, limits: DetectorLimits) -> ir.Table:
    """Count the tickets of each category taken from a team's queue, and those that were overtaken.

    Overtaken is a ticket where one of the same team, practice and priority came later and was taken
    earlier.
    """
    taken = history.filter(
        history.phase.isin(QUEUED)
        & (history.next_phase == AT_WORK)
        & (history.next_team == history.team)
        & history.category.notnull()
        & history.until.notnull()
    )
    rows = taken.select(
        *KEY,
        "practice",
        "team",
        "category",
        MONTH,
        priority=taken.priority.fill_null(""),
        came_us=micros(taken.since),
        taken_us=micros(taken.until),
    )
    # Backwards, so that all so far are those that came later; of one instant none came later.
    later = ibis.window(
        group_by=("team", "practice", "priority"),
        order_by=(ibis.desc("came_us"), ibis.desc("taken_us")),
        rows=(None, -1),
    )
    rows = rows.mutate(first_after=rows.taken_us.min().over(later))
    over = ones(rows.first_after < rows.taken_us)
    return _counted(rows.mutate(hit=over, took=rows.taken_us - rows.first_after))


def resolutions(history: ir.Table) -> ir.Table:
    """Return a team's resolutions, with the two passages that follow on each.

    Only the passages of tickets that were ever reopened are put in order: on the last resolution
    of the others nothing follows.
    """
    passed = history.filter(history.passage.isin(["resolved", "reopened"]))
    passed = passed.select(*KEY, "seq", "team", MONTH, "passage", at_us=micros(passed.since))
    reopened = passed.filter(passed.passage == "reopened").select(*KEY).distinct()
    order = ibis.window(group_by=KEY, order_by="seq")
    torn = passed.semi_join(reopened, list(KEY))
    torn = torn.mutate(
        then=torn.passage.lead().over(order),
        next_us=torn.at_us.lead().over(order),
        after=torn.passage.lead(2).over(order),
        after_us=torn.at_us.lead(2).over(order),
    )
    word, number = ibis.null("string"), ibis.null("int64")
    alone = passed.anti_join(reopened, list(KEY))
    alone = alone.mutate(then=word, next_us=number, after=word, after_us=number)
    rows = alone.union(torn)
    return rows.filter((rows.passage == "resolved") & rows.team.notnull())


def _counted(rows: ir.Table) -> ir.Table:
    hits = rows.hit == 1
    return rows.group_by("team", "category", MONTH).aggregate(
        n=rows.count(),
        hits=summed(rows.hit.sum()),
        took_us=summed(ibis.cases((hits, rows.took), else_=0).sum().fill_null(0)),
        example=with_most(rows, rows.took, hits),
    )


SENT_BACK = Habit(
    "sent_back",
    Lane.TIME,
    lambda rows, _: early_stays(rows),
    "gave {hits} of the {of} tickets that were passed on to it straight back to the team that had "
    "them first",
    "Hours while they were open until they were given back, nights and weekends included.",
    "Read ten tickets that came straight back: was something missing that the first team can ask "
    "for, or did they belong elsewhere?",
    hours=True,
    of_stays=True,
    fold=sent_back,
)
REOPENED = Habit(
    "reopened_often",
    Lane.QUALITY,
    resolution_rows,
    "resolved {of} tickets, and {hits} of them were reopened",
    "A reopening may be a new question in an old ticket.",
    "Read ten tickets that were reopened: was the work not done, or not what was asked for?",
    fold=partial(came_back, "back"),
)
MOMENTARY = Habit(
    "resolved_for_moments",
    Lane.INTEGRITY,
    resolution_rows,
    "resolved {of} tickets, and {hits} of them were reopened and resolved again within {moment}",
    "A tool may do that by itself, as when a field was forgotten: look at who did it.",
    "Look at what is counted when a ticket is resolved, and whether it is counted twice.",
    fold=partial(came_back, "quick"),
)
OVERTAKEN = Habit(
    "left_waiting",
    Lane.QUALITY,
    overtaken_rows,
    "let {hits} of {of} tickets of ‘{category}’ wait while later ones of the same priority were "
    "taken first",
    "Some work needs one person's knowledge, and waits for that person.",
    "Ask the team what makes this work unwelcome: missing knowledge, missing rights, or the way it "
    "is counted?",
    share=lambda limits: limits.left_waiting_share,
)
HABITS = (SENT_BACK, REOPENED, MOMENTARY, OVERTAKEN)


def habit_places(habit: Habit, rows: pa.Table) -> list[list[Place]]:
    """Return the places that are held against each other: teams, or the categories of one team."""
    of_place: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in habit.fold(rows) if habit.fold else rows.to_pylist():
        if row["team"] is not None:
            told = (row["team"], row["category"])
            of_place.setdefault(tuple(each for each in told if each is not None), []).append(row)
    groups: dict[str, list[Place]] = {}
    for name, of in sorted(of_place.items()):
        groups.setdefault(name[0] if len(name) > 1 else "", []).append(_place(name, of))
    return list(groups.values())


def _place(name: tuple[str, ...], rows: Rows) -> Place:
    n, hits, took_us = (sum(int(row[of]) for row in rows) for of in ("n", "hits", "took_us"))
    return Place(name, n, hits, took_us / MICROS_PER_HOUR, examples_of(rows))


def habit_findings(
    habit: Habit,
    groups: Sequence[Sequence[Place]],
    evidence: Evidence,
    limits: DetectorLimits = USUAL,
) -> list[Finding]:
    """Return the places that have a habit more than the others have."""
    looked, bar = sum(len(places) for places in groups), limits.bar(habit.share(limits))
    found = [out for places in groups for out in standing_out(places, looked, bar)]
    moment = (
        "the hour"
        if limits.moment_minutes == USUAL.moment_minutes
        else f"{limits.moment_minutes:g} minutes"
    )
    return [_finding(habit, out, (looked, moment), evidence) for out in found]


def _finding(
    habit: Habit, out: Outstanding, judged: tuple[int, str], evidence: Evidence
) -> Finding:
    place, (looked, moment) = out.place, judged
    team, *category = place.name
    says = habit.says.format(
        hits=whole(place.hits),
        of=whole(place.of),
        category=category[0] if category else "",
        moment=moment,
    )
    took = f"; that took {whole(place.hours)} hours" if habit.hours else ""
    return Finding(
        id="-".join([habit.name, *place.name]),
        kind=habit.name,
        lane=habit.lane,
        claim=(
            f"{team} {says}: {percent(out.share, 0)}, where {percent(out.usual.mean, 0)} is "
            f"usual{took}."
        ),
        size=place.hits - out.expected,
        unit="tickets",
        interval=None,
        n=place.of,
        method=METHOD,
        evidence=evidence,
        worth_hours=out.worth_hours if habit.hours else None,
        caveats=(
            f"{whole(looked)} places were looked at for this; that is taken into account.",
            habit.caveat,
        ),
        teams=(team,),
        about=(f"team={team}", *(f"category={name}" for name in category)),
        odds=out.odds,
        look_next=habit.look_next,
        examples=place.examples,
    )
