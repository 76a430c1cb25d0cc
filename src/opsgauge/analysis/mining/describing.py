"""Descriptions: what lies beyond a threshold, with its tickets and hours, judged by nobody.

Floor 4, analysis. Source: ServiceNow, process mining: improvement opportunities and their settings;
the questions of BPI Challenge 2013 for the hidden support line and for push to front.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from opsgauge.analysis.mining.examples import Tickets, examples_of
from opsgauge.analysis.mining.ping_pong import Pair
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.analysis.mining.visits import STEP_COLUMNS, TWICE
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent, whole

ARROW = " → "
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Description:
    """Something beyond a threshold.

    Attributes
    ----------
    tickets, hours : that it touches; hours None where none can be said
    teams : that it names
    examples : source and number of tickets to begin with
    open_hours : of the hours, those in which the tickets needed work; None where that is all
    """

    kind: str
    claim: str
    threshold: str
    tickets: int
    hours: float | None = None
    teams: tuple[str, ...] = ()
    examples: Tickets = ()
    open_hours: float | None = None

    @property
    def delayed_hours(self) -> float | None:
        """The hours in which somebody waited for the tickets."""
        return self.hours if self.open_hours is None else self.open_hours


def most_first(found: Sequence[Description], most: float) -> list[Description]:
    """Return the descriptions of each kind with the most hours, then tickets, first."""
    kinds: dict[str, list[Description]] = {}
    for each in sorted(found, key=lambda of: (-(of.hours or 0.0), -of.tickets, of.claim)):
        kept = kinds.setdefault(each.kind, [])
        if len(kept) < most:
            kept.append(each)
    return [each for kind in sorted(kinds) for each in kinds[kind]]


def bounces(known: Sequence[Pair], limits: Thresholds) -> Iterator[Description]:
    """Yield the pairs of teams between which many tickets came straight back."""
    for pair in known:
        if pair.returned >= limits.ping_pong_tickets:
            one, two = pair.teams
            yield Description(
                "ping_pong",
                f"{whole(pair.returned)} of the {whole(pair.tickets)} tickets handed between {one} "
                f"and {two} came straight back, {whole(pair.returns)} times in all.",
                f"{whole(limits.ping_pong_tickets)} tickets or more",
                pair.returned,
                pair.hours,
                pair.teams,
                pair.examples,
            )


def rework(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the steps that tickets come back to."""
    for name, of in rows_by(rows, "step").items():
        again = [row for row in of if row["visits"] >= limits.rework_times]
        tickets = total(again, "tickets")
        if tickets:
            share = percent(tickets / total(of, "tickets"), 0)
            yield Description(
                "rework",
                f"{whole(tickets)} tickets came to ‘{name}’ more than once, {share} of those that "
                "came there.",
                f"{whole(limits.rework_times)} visits to one step, or more",
                tickets,
                hours_of(again, "again_us"),
                examples=examples_of(again),
                open_hours=hours_of(again, "open_us"),
            )


def extreme_repetition(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the steps that few tickets come to very many times."""
    for name, of in rows_by(rows, "step").items():
        beyond = _beyond(of, "visits", limits)
        tickets = total(beyond, "tickets")
        if beyond and tickets >= limits.extreme_records:
            yield Description(
                "extreme_repetition",
                f"{whole(tickets)} tickets came to ‘{name}’ {whole(beyond[0]['visits'])} times or "
                "more.",
                _extreme_words(limits),
                tickets,
                hours_of(beyond, "again_us"),
                examples=examples_of(beyond),
                open_hours=hours_of(beyond, "open_us"),
            )


def repeating(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the patterns of steps that tickets go through several times in a row."""
    times = "twice" if limits.repeating_times == TWICE else f"{whole(limits.repeating_times)} times"
    patterns: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        patterns[tuple(row[name] for name in STEP_COLUMNS[: row["length"]])].append(row)
    for pattern, of in patterns.items():
        tickets = total(of, "tickets")
        yield Description(
            "repeating_pattern",
            f"{whole(tickets)} tickets went through {ARROW.join(pattern)} {times} in a row.",
            f"{whole(limits.repeating_steps)} steps or more, {times} in a row",
            tickets,
            hours_of(of, "again_us"),
            examples=examples_of(of),
            open_hours=hours_of(of, "open_us"),
        )


def slow(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the steps, and ways from step to step, in which one team takes longer than others."""
    for kind, names in (("slow_node", ("step",)), ("slow_transition", ("step", "then"))):
        groups: dict[tuple[str, ...], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            groups[tuple(row[name] for name in names)][row["team"]].append(row)
        for key, teams in groups.items():
            yield from _slow_teams(kind, key, teams, limits)


def _slow_teams(
    kind: str, key: tuple[str, ...], teams: Mapping[str, Sequence[Row]], limits: Thresholds
) -> Iterator[Description]:
    counts = {team: (total(of, "n"), hours_of(of, "lasts_us")) for team, of in teams.items()}
    n, hours = (sum(each[at] for each in counts.values()) for at in (0, 1))
    for team, (own, own_hours) in counts.items():
        if n < limits.slow_occurrences or min(own, n - own) < limits.slow_each:
            continue
        mean, others = own_hours / own, (hours - own_hours) / (n - own)
        if (mean - others) * 60 >= limits.slow_gap_minutes:
            where = f"in ‘{key[0]}’" + (f" before ‘{key[1]}’" if len(key) > 1 else "")
            yield Description(
                kind,
                f"Tickets of {team} are {where} for {duration(mean)} on average, those of other "
                f"teams for {duration(others)}.",
                f"{duration(limits.slow_gap_minutes / 60)} more than in other teams, with "
                f"{whole(limits.slow_each)} or more of each",
                int(own),
                (mean - others) * own,
                (team,),
                examples_of(teams[team]),
            )


def extreme_duration(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the practices in which few tickets take very long."""
    for practice, of in rows_by(rows, "practice").items():
        n, long = total(of, "n"), total(of, "long")
        if long >= limits.extreme_records and long <= limits.extreme_share * n:
            yield Description(
                "extreme_duration",
                f"{whole(long)} {practice}s took more than "
                f"{whole(limits.extreme_duration_times)} times the median of "
                f"{duration(of[0]['median_us'] / MICROS_PER_HOUR)}.",
                f"{whole(limits.extreme_duration_times)} times the median, at most "
                f"{percent(limits.extreme_share, 0)} of tickets, {whole(limits.extreme_records)} "
                "or more",
                long,
                fsum(row["long_us"] for row in of) / MICROS_PER_HOUR,
                examples=examples_of(of),
            )


def touchpoints(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield what is updated very often: few tickets of a practice, or all of one team."""
    for practice, of in rows_by(rows, "practice").items():
        beyond = _beyond(of, "touches", limits)
        tickets = total(beyond, "tickets")
        if tickets >= limits.extreme_records:
            yield Description(
                "extreme_touchpoints",
                f"{whole(tickets)} {practice}s were updated {whole(beyond[0]['touches'])} times or "
                "more.",
                _extreme_words(limits),
                tickets,
                hours_of(beyond, "took_us"),
                examples=examples_of(beyond),
            )
        yield from _many_touches(practice, of, limits)


def _many_touches(practice: str, of: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    n, touches = total(of, "tickets"), sum(row["tickets"] * row["touches"] for row in of)
    for team, own in rows_by(of, "team").items():
        mine = total(own, "tickets")
        if n < limits.touchpoints_occurrences or min(mine, n - mine) < limits.touchpoints_each:
            continue
        mean = sum(row["tickets"] * row["touches"] for row in own) / mine
        others = (touches - mean * mine) / (n - mine)
        if mean - others >= limits.touchpoints_gap:
            yield Description(
                "high_touchpoints",
                f"{practice.capitalize()}s of {team} are updated {mean:.1f} times on average, "
                f"those of other teams {others:.1f} times.",
                f"{whole(limits.touchpoints_gap)} updates more than in other teams, with "
                f"{whole(limits.touchpoints_each)} tickets or more of each",
                int(mine),
                hours_of(own, "took_us"),
                (team,),
                examples_of(own),
            )


@dataclass(frozen=True)
class Path:
    """A path that tickets took, some of these, and what those took on average that are resolved."""

    steps: tuple[str, ...]
    tickets: int
    examples: Tickets
    mean_us: float | None = None


def extra_steps(paths: Sequence[Path], limits: Thresholds) -> Iterator[Description]:
    """Yield the paths that are another path with one step more.

    Their hours are those by which they took longer than the others, 0 where they did not.
    """
    by_steps = {path.steps: path for path in paths}
    for path in paths:
        n, length = path.tickets, len(path.steps)
        if n < limits.extra_step_records or length < limits.extra_step_steps:
            continue
        for at, name in enumerate(path.steps):
            without = by_steps.get(path.steps[:at] + path.steps[at + 1 :])
            if without is None or without.tickets < limits.extra_step_records:
                continue
            regular = without.tickets
            enough = limits.extra_step_share * regular <= n <= regular
            if enough or n > limits.extra_step_always:
                yield Description(
                    "extra_step",
                    f"{whole(n)} tickets took a path with one ‘{name}’ more, as step {at + 1} of "
                    f"{length}; {whole(regular)} took it without.",
                    f"{whole(limits.extra_step_records)} tickets and "
                    f"{whole(limits.extra_step_steps)} steps or more",
                    n,
                    _longer(path, without),
                    examples=path.examples,
                )
                break


def _longer(path: Path, other: Path) -> float | None:
    """Return the hours by which tickets of a path took longer than those of another."""
    if path.mean_us is None or other.mean_us is None:
        return None
    return max(0.0, path.mean_us - other.mean_us) * path.tickets / MICROS_PER_HOUR


def hidden_lines(rows: Sequence[Row], limits: Thresholds) -> Iterator[Description]:
    """Yield the teams that get work from one team, give it back, and finish next to nothing."""
    for team, of in rows_by(rows, "team").items():
        n = total(of, "n")
        senders = rows_by([row for row in of if row["before"] is not None], "before")
        if not senders or n < limits.hidden_tickets:
            continue
        before, most = max(senders.items(), key=lambda each: total(each[1], "n"))
        sent, back = total(most, "n"), total(most, "back")
        enough = min(sent, back) >= limits.hidden_share * n
        if enough and total(of, "last") <= limits.hidden_finished * n:
            yield Description(
                "hidden_line",
                f"{team} works behind {before}: of {whole(n)} tickets that came to it, "
                f"{whole(sent)} came from there, and {whole(back)} went back.",
                f"{percent(limits.hidden_share, 0)} from one team and back to it, at most "
                f"{percent(limits.hidden_finished, 0)} finished",
                n,
                hours_of(of, "held_us"),
                (team, before),
                examples_of(most),
            )


def push_to_front(rows: Sequence[Row]) -> Iterator[Description]:
    """Yield, for each practice, what share the first team resolves without passing it on."""
    for practice, of in rows_by(rows, "practice").items():
        n, kept = total(of, "n"), total(of, "kept")
        if kept < n:
            yield Description(
                "push_to_front",
                f"{whole(kept)} of {whole(n)} {practice}s were resolved by the team that had them "
                f"first: {percent(kept / n, 0)}; {whole(n - kept)} were passed on.",
                "none: what is usual differs from desk to desk",
                n - kept,
                hours_of(of, "passed_us"),
                examples=examples_of(of),
            )


def _beyond(rows: Sequence[Row], name: str, limits: Thresholds) -> list[Row]:
    """Return the rows with far more than the median, where they are few."""
    every = sorted(rows, key=lambda row: row[name])
    n, so_far, median = total(every, "tickets"), 0, 0.0
    for row in every:
        so_far += int(row["tickets"])
        if so_far * 2 >= n:
            median = float(row[name])
            break
    beyond = [row for row in every if row[name] >= limits.extreme_times * median]
    return beyond if n and total(beyond, "tickets") <= limits.extreme_share * n else []


def _extreme_words(limits: Thresholds) -> str:
    return (
        f"{whole(limits.extreme_times)} times the median, at most "
        f"{percent(limits.extreme_share, 0)} of tickets, {whole(limits.extreme_records)} or more"
    )


def rows_by(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    """Return rows by what they have in a column, in its order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return dict(sorted(groups.items()))


def total(rows: Sequence[Row], name: str) -> int:
    """Return the sum of a column of whole numbers."""
    return sum(int(row[name]) for row in rows)


def hours_of(rows: Sequence[Row], name: str) -> float:
    """Return the sum of a column of microseconds, in hours."""
    return sum(int(row[name] or 0) for row in rows) / MICROS_PER_HOUR


def recoverable(
    step: str, of: tuple[int, float, float], teams: tuple[str, ...], examples: Tickets
) -> Description:
    """Return a step of waiting with the hours that could be won in it.

    Parameters
    ----------
    of : its tickets, the hours to win, and the hours in which its quickest quarter is done
    """
    tickets, hours, quick = of
    return Description(
        "recoverable_wait",
        f"{step}: {whole(hours)} hours could be won, were all of its {whole(tickets)} tickets done "
        f"in {duration(quick)}, as its quickest quarter is.",
        "a quarter of the tickets of a step are as quick",
        tickets,
        hours,
        teams,
        examples,
    )
