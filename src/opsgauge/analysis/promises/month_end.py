"""The month's last days: a team that resolves what it holds then, or what then comes back.

Floor 4, analysis. For each team the resolutions of the last two working days of every whole month
are held against those of every other two working days of these months: how many there are (Student,
with the spread that the other pairs of days show), and how many of them come back, reopened (exact,
as a share of all that came back). Found is what has odds that hold over both and over all teams
(Bonferroni), and is at least 1.75 times what is usual, or three times of what comes back. Working
days are those that bring a third or more of what a usual day brings to the whole desk.

Source: Student, The probable error of a mean, 1908.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from statistics import median
from typing import Any

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import bdtrc, stdtr

from opsgauge.analysis.mining.detector_limits import USUAL, DetectorLimits
from opsgauge.analysis.mining.examples import Tickets, examples_of, with_most
from opsgauge.analysis.mining.habits import resolutions
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import periods_table
from opsgauge.warehouse.portable import ones, summed

KIND, METHOD = "month_end_closing", "pairs_of_days"
AT_THE_END = 2  # working days
NEARLY_NONE = 0.35  # of a usual day of the whole desk
FEWEST_DAYS = 10  # working days of a month
FEWEST_MONTHS = 4
FEWEST = 60  # resolutions of a team
FEWEST_MORE = 10  # above the usual, over all months; or that came back
SURE = 0.01  # odds by chance over all teams
Counts = npt.NDArray[np.int64]
Examples = Mapping[tuple[str, date], Mapping[str, Any]]  # rows with an example
Days = Mapping[date, tuple[int, int]]  # resolutions, and those that came back


@dataclass(frozen=True)
class MonthEnd:
    """A team's resolutions at the end of months, and in the other days of the same months.

    Attributes
    ----------
    months : whole months looked at
    resolved, usual : at their ends, and in as many other days
    back, usual_back : of these, those that came back
    odds, odds_back : of so many, and of so many that came back, for this team alone
    examples : tickets resolved at their ends, those that came back first
    """

    team: str
    months: int
    resolved: int
    usual: float
    back: int
    usual_back: float
    odds: float
    odds_back: float
    examples: Tickets = ()


def resolution_days(history: ir.Table, bucket_us: int) -> ir.Table:
    """Count resolutions by team and local day, and those that were reopened afterwards.

    Returns
    -------
    team, day, n, back, example (of those that came back, where any did)
    """
    rows = resolutions(history)
    rows = rows.mutate(bucket=rows.at_us // bucket_us, back=ones(rows.then == "reopened"))
    dated = rows.inner_join(periods_table().select("bucket", "day"), "bucket")
    return dated.group_by("team", "day").aggregate(
        n=dated.count(), back=summed(dated.back.sum()), example=with_most(dated, dated.back)
    )


def by_team(rows: pa.Table) -> dict[str, dict[date, tuple[int, int]]]:
    """Return what `resolution_days` gave as days of each team."""
    made: dict[str, dict[date, tuple[int, int]]] = {}
    for row in rows.to_pylist():
        day = date.fromisoformat(row["day"])
        made.setdefault(row["team"], {})[day] = (int(row["n"]), int(row["back"]))
    return dict(sorted(made.items()))


def day_examples(rows: pa.Table) -> Examples:
    """Return what `resolution_days` gave as the example of each team and day."""
    return {(row["team"], date.fromisoformat(row["day"])): row for row in rows.to_pylist()}


def working_months(teams: Mapping[str, Days]) -> list[list[date]]:
    """Return the working days of each whole month, by what the desk as a whole resolved."""
    whole_desk: dict[date, int] = {}
    for days in teams.values():
        for day, (n, _) in days.items():
            whole_desk[day] = whole_desk.get(day, 0) + n
    if not whole_desk:
        return []
    usual = median(sorted(whole_desk.values())[len(whole_desk) // 3 :])
    months: dict[tuple[int, int], list[date]] = {}
    for day in sorted(day for day, n in whole_desk.items() if n >= NEARLY_NONE * usual):
        months.setdefault((day.year, day.month), []).append(day)
    # The export may have cut the first and the last month short; of the last, its end is missing.
    kept = [months[month] for month in sorted(months)][:-1]
    return [days for days in kept if len(days) >= FEWEST_DAYS]


def month_ends(teams: Mapping[str, Days], examples: Examples | None = None) -> list[MonthEnd]:
    """Return every team that resolved enough, the least likely by chance first."""
    months = working_months(teams)
    if len(months) < FEWEST_MONTHS:
        return []
    found = [
        replace(_compared(team, days, months), examples=_at_ends(team, months, examples or {}))
        for team, days in teams.items()
        if sum(n for n, _ in days.values()) >= FEWEST
    ]
    return sorted(found, key=lambda each: (min(each.odds, each.odds_back), each.team))


def _at_ends(team: str, months: Sequence[Sequence[date]], examples: Examples) -> Tickets:
    ends = [(team, day) for month in months for day in month[-AT_THE_END:]]
    return examples_of(examples[end] for end in ends if end in examples)


def _compared(team: str, days: Days, months: Sequence[Sequence[date]]) -> MonthEnd:
    ends: list[tuple[int, int]] = []
    pairs: list[tuple[int, int]] = []
    for month in months:
        ends.append(_of(days, month[-AT_THE_END:]))
        rest = month[:-AT_THE_END]
        first = len(rest) % AT_THE_END
        pairs += [
            _of(days, rest[at : at + AT_THE_END]) for at in range(first, len(rest), AT_THE_END)
        ]
    end, other = np.array(ends), np.array(pairs)
    return MonthEnd(
        team,
        len(months),
        int(end[:, 0].sum()),
        float(other[:, 0].mean() * len(end)),
        int(end[:, 1].sum()),
        float(other[:, 1].mean() * len(end)),
        _odds_of_more(end[:, 0], other[:, 0]),
        _odds_of_back(end[:, 1], other[:, 1]),
    )


def _of(days: Days, which: Sequence[date]) -> tuple[int, int]:
    there = [days.get(day, (0, 0)) for day in which]
    return sum(n for n, _ in there), sum(back for _, back in there)


def _odds_of_more(end: Counts, other: Counts) -> float:
    """Return the odds of so many at the ends, where they were days like the others."""
    spread = max(float(other.var(ddof=1)), float(other.mean()))
    if not spread > 0:
        return 1.0
    error = sqrt(spread * (1 / len(end) + 1 / len(other)))
    return float(stdtr(len(other) - 1, -(float(end.mean()) - float(other.mean())) / error))


def _odds_of_back(end: Counts, other: Counts) -> float:
    """Return the odds that so many of all that came back came from the ends."""
    spread = max(1.0, float(other.var(ddof=1)) / max(float(other.mean()), 1e-9))
    at_end, every = int(end.sum() / spread), int((end.sum() + other.sum()) / spread)
    if at_end <= 0:
        return 1.0
    return float(bdtrc(at_end - 1, every, len(end) / (len(end) + len(other))))


def month_end_closings(
    known: Sequence[MonthEnd], evidence: Evidence, limits: DetectorLimits = USUAL
) -> list[Finding]:
    """Return the teams that resolve at the end of months what they would not otherwise."""
    found = []
    for each in known:
        tests = 2 * len(known)
        odds = []
        if each.resolved >= max(limits.month_end_times * each.usual, each.usual + FEWEST_MORE):
            odds.append(each.odds * tests)
        if each.back >= max(limits.month_end_back_times * each.usual_back, FEWEST_MORE):
            odds.append(each.odds_back * tests)
        if odds and min(odds) < SURE:
            found.append(_finding(each, min(odds), len(known), evidence))
    return found


def _finding(of: MonthEnd, odds: float, looked: int, evidence: Evidence) -> Finding:
    came_back = (
        f" {whole(of.back)} of them came back ({percent(of.back / of.resolved, 0)}), where "
        f"{whole(of.usual_back)} would be usual."
        if of.back
        else ""
    )
    return Finding(
        id=f"{KIND}-{of.team}",
        kind=KIND,
        lane=Lane.INTEGRITY,
        claim=(
            f"{of.team} resolved {whole(of.resolved)} tickets on the last two working days of "
            f"{whole(of.months)} months, where {whole(of.usual)} are usual in two days.{came_back}"
        ),
        size=max(of.back - of.usual_back, of.resolved - of.usual),
        unit="tickets",
        interval=None,
        n=of.resolved,
        method=METHOD,
        evidence=evidence,
        caveats=(
            f"{whole(looked)} teams were looked at; that is taken into account.",
            "Months may have an end for a good reason, such as a closing of the books: read the "
            "tickets before anyone is asked why.",
        ),
        teams=(of.team,),
        about=(f"team={of.team}",),
        odds=odds,
        look_next=(
            f"Read ten tickets that {of.team} resolved at the end of a month and that came back: "
            "was anything done before they were resolved? Then look at what the month is judged by."
        ),
        examples=of.examples,
    )
