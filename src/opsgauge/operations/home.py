"""Home: what matters now, how the work runs, and whether the numbers can be trusted.

Floor 5. Everything here is of the newest week that is over, and follows from the data version, so
it is computed once. Only that week's signals are shown: among many charts over many weeks, some
would be there by chance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import whole
from opsgauge.metrics.metric import BUILT_IN, Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Charted, Provenance, Value, iso
from opsgauge.operations.asking import written
from opsgauge.operations.choices import practices
from opsgauge.operations.claims import Claim, Subject, claim
from opsgauge.operations.context import Context
from opsgauge.operations.found import published_finding
from opsgauge.operations.looked import (
    FEWEST_TICKETS,
    GRAIN,
    PRACTICE,
    UNSETTLED,
    Look,
    Looked,
    Weeks,
    look,
    of_one_practice,
    weekly,
    weeks,
)
from opsgauge.operations.meant import meant
from opsgauge.operations.measure import charted
from opsgauge.operations.phrases import chart_sentence, noun, when
from opsgauge.operations.trust import Fact, trust_facts

MOST_CLAIMS = 3
MOST_CARDS = 6  # two rows of three; a wall of numbers is not read
OPENED, RESOLVED, BACKLOG = "tickets_opened", "tickets_resolved", "backlog"
# What a card is made of first; a metric that the records cannot give leaves its place to the next.
FIRST_CARDS = (
    "time_to_resolve",
    "reassigned_share",
    "first_assignment_resolution_share",
    "backlog",
    "sla_met_share",
    "time_to_assign",
    "time_to_first_response",
    "handoffs_per_ticket",
    "time_to_close",
    "cancelled_share",
)
# What Home looks at: the cards, what they cost, and what says where work piles up or comes back.
# Each chart more is one more that is beyond its limits by chance; the catalogue shows them all.
BESIDE = (OPENED, RESOLVED, "backlog_age", "reopened_share", "pending_share", "major_share")
HELD = "The data is suspect, so no number is shown"
_COUNTS = ("none", "one", "two", "three")


@dataclass(frozen=True)
class Card:
    """A metric in the newest week, with the one that shows its price.

    `state` is "whole", "withheld", "empty" or "too_few".
    """

    looked: Looked
    state: str
    value: Value | None
    sentence: str
    pair: Looked | None


@dataclass(frozen=True)
class OpenSignal:
    """A metric that breaks a rule in the newest week, and since when it does."""

    looked: Looked
    value: Value
    verdict: str
    rules: tuple[str, ...]
    since: str  # the first period of the run


@dataclass(frozen=True)
class Home:
    """What Home shows."""

    weeks: Weeks
    where: tuple[Condition, ...]
    noun: str
    headline: str
    why: str
    claims: tuple[Claim, ...]
    cards: tuple[Card, ...]
    signals: tuple[OpenSignal, ...]
    charts: int  # looked at
    trust: tuple[Fact, ...]
    provenance: Provenance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "data_as_of": iso(self.provenance.data_as_of),
            "period": self.weeks.newest,
            "from": self.weeks.from_.isoformat(),
            "to": self.weeks.to.isoformat(),
            "where": [written(each) for each in self.where],
            "headline": self.headline,
            "why": self.why,
            "findings": [_finding(each) for each in self.claims],
            "cards": [_card(each) for each in self.cards],
            "signals": [
                {**_metric(each.looked), "rules": list(each.rules), "since": each.since}
                for each in self.signals
            ],
            "charts": self.charts,
            "trust": [vars(fact) for fact in self.trust],
        }


def home(ctx: Context, where: tuple[Condition, ...] = (), to: date | None = None) -> Home:
    """Return what matters in the newest week that is over, and ends at `to` or before.

    Needs `metric:read`, `chart:read` and `check:read`. Where nothing is said of the practice, and
    there are several, it is of one alone: half of a week's incidents and orders is nobody's time.
    """
    for action in ("metric:read", "chart:read", "check:read"):
        ctx.require(action)
    ctx = ctx.holding()
    over = weeks(ctx, to)
    where = of_one_practice(meant(ctx, where), practices(ctx))
    return ctx.opened().once(("home", ctx.scope, over, where), lambda: _home(ctx, over, where))


def _called(where: tuple[Condition, ...], practices: Sequence[str]) -> str:
    named = next((each.values for each in where if each.column == PRACTICE), practices)
    return noun([each for each in named if each])


def _home(ctx: Context, over: Weeks, where: tuple[Condition, ...]) -> Home:
    seen = look(ctx, over, where, _belongs(ctx))
    teams = _teams(ctx, over, where)
    charts = sum(each.charted is not None for each in seen.values())
    name = _called(where, practices(ctx))
    signals = tuple(_signals(seen))
    claims = _claims(seen, teams, charts, name)
    claimed = {each.metric for each in claims if not each.where}
    others = [each for each in signals if each.looked.metric not in claimed]
    return Home(
        weeks=over,
        where=where,
        noun=name,
        headline=HELD if _all_held(seen) else _headline(len(claims), len(others), over),
        why=_why(seen, name, over),
        claims=claims,
        cards=tuple(_cards(seen)),
        signals=signals,
        charts=charts,
        trust=trust_facts(ctx),
        provenance=ctx.provenance(),
    )


def _belongs(ctx: Context) -> Callable[[Metric], bool]:
    """Return which metrics Home looks at: its own, and those a workspace adds."""
    cards = [ctx.catalogue.metrics[name] for name in FIRST_CARDS if name in ctx.catalogue.metrics]
    pairs = {metric.definition.counter_metric for metric in cards}
    names = {*FIRST_CARDS, *BESIDE, *pairs}
    return lambda metric: metric.name in names or metric.origin != BUILT_IN


def _teams(ctx: Context, over: Weeks, where: tuple[Condition, ...]) -> dict[str, Charted]:
    """Chart what each team holds at the end of each week, where there are weeks enough."""
    if BACKLOG not in ctx.catalogue.metrics:
        return {}
    by_team = Question(
        BACKLOG, by=("team",), where=where, period=GRAIN, from_=over.from_, to=over.to
    )
    measured = weekly(ctx, by_team)
    if measured.suspect:
        return {}
    found = {}
    for team in {row.by["team"] for row in measured.rows if row.n and row.by["team"]}:
        rows = tuple(row for row in measured.rows if row.by["team"] == team)
        one = replace(measured, rows=rows, by=())
        try:
            found[str(team)] = charted(ctx, one)
        except TooFewPoints:
            continue
    return found


def _claims(seen: Look, teams: Mapping[str, Charted], charts: int, name: str) -> tuple[Claim, ...]:
    found = []
    for each in seen.values():
        if each.settled and each.charted and each.point and each.point.signals:
            stock = f"open {name}s" if each.metric == BACKLOG else ""
            subject = Subject(each.metric, each.bucket, each.title, stock=stock, drifts=each.stock)
            found.append(claim(subject, each.charted, each.point, charts))
    made = [each for each in found if each is not None]
    team = _fullest_team(seen, teams, name)
    if team:
        # What one team holds is not told a second time as the backlog of all.
        told = [each for each in made if each.metric != BACKLOG or _more(each, team)]
        made = [*told, team]
    return tuple(sorted(made, key=lambda each: each.rank)[:MOST_CLAIMS])


def _more(whole: Claim, team: Claim) -> bool:
    """Say whether a team explains less than half of what all hold beyond the usual."""
    return team.finding.size < whole.finding.size / 2


def _fullest_team(seen: Look, teams: Mapping[str, Charted], name: str) -> Claim | None:
    """Claim the team that is farthest over its usual work, of those above their limits."""
    over: list[tuple[float, Claim]] = []
    for team, chart in teams.items():
        point = next((p for p in chart.points if p.period == seen[BACKLOG].newest), None)
        if point is None or point.n < FEWEST_TICKETS or (point.value or 0) <= chart.upper:
            continue
        where = (f"team={team}",)
        subject = Subject(BACKLOG, seen[BACKLOG].bucket, team, where, f"open {name}s", True, True)
        made = claim(subject, chart, point, len(teams))
        if made:
            over.append((made.finding.size, made))
    return max(over, key=lambda pair: pair[0])[1] if over else None


def _cards(seen: Look) -> list[Card]:
    first = [seen[name] for name in FIRST_CARDS if name in seen]
    rest = [each for each in seen.values() if each not in first and each.bucket == "speed"]
    there = [each for each in [*first, *rest] if each.why != "missing"]
    return [_card_of(each, seen) for each in there[:MOST_CARDS]]


def _card_of(looked: Looked, seen: Look) -> Card:
    pair = seen.get(looked.counter_metric or "")
    year = int(looked.newest[:4])
    if looked.why == "withheld":
        return Card(looked, "withheld", None, looked.words, pair)
    value = looked.value
    if value is None or value.value is None:
        words = f"Nothing to count {when(looked.newest, year)}."
        return Card(looked, "empty", None, words, pair)
    if not looked.enough(value.n):
        words = f"{value.n} {when(looked.newest, year)}; {FEWEST_TICKETS} are needed for a state."
        return Card(looked, "too_few", value, words, pair)
    if looked.charted is None:
        return Card(looked, "too_few", value, looked.words, pair)
    sentence = chart_sentence(looked.charted) + ("" if looked.settled else UNSETTLED)
    return Card(looked, "whole", value, sentence, pair)


def _signals(seen: Look) -> list[OpenSignal]:
    found = []
    for each in seen.values():
        point, value = each.point, each.value
        if each.settled and each.charted and point and value and point.signals:
            since = _since(each.charted, point.period, point.verdict)
            found.append(OpenSignal(each, value, point.verdict, point.signals, since))
    return sorted(found, key=lambda signal: ("worse", "change", "better").index(signal.verdict))


def _since(chart: Charted, newest: str, verdict: str) -> str:
    back = [point for point in reversed(chart.points) if point.period <= newest]
    run = list(takewhile(lambda point: point.verdict == verdict, back))
    return run[-1].period


def _all_held(seen: Look) -> bool:
    """Say whether a failed check withholds every number there would be."""
    there = [each for each in seen.values() if each.why != "missing"]
    return bool(there) and all(each.why == "withheld" for each in there)


def _headline(claims: int, others: int, over: Weeks) -> str:
    """Say how many things matter, and what is with the rest.

    Parameters
    ----------
    others : metrics with a signal that nothing is claimed of
    """
    week = when(over.newest, over.to.year)
    if not claims:
        return (
            f"{'Nothing is sure enough to claim' if others else 'Nothing left its limits'} {week}"
        )
    things = f"{_COUNTS[claims].capitalize()} thing{'s' if claims > 1 else ''}"
    matter = "matter" if claims > 1 else "matters"
    if claims == MOST_CLAIMS:
        return f"{things} that {matter} {week}"
    rest = "else is sure enough to claim" if others else "else left its limits"
    return f"{things} {matter} {week}; nothing {rest}"


def _why(seen: Look, name: str, over: Weeks) -> str:
    """Say what came in and what was done."""
    opened, resolved = (_counted(seen, metric) for metric in (OPENED, RESOLVED))
    if opened is None:
        return ""
    done = "" if resolved is None else f" and {whole(resolved)} were resolved"
    return f"{whole(opened)} {name}s came in{done} {when(over.newest, over.to.year)}."


def _counted(seen: Look, metric: str) -> float | None:
    value = seen[metric].value if metric in seen else None
    return value.value if value else None


def _finding(made: Claim) -> dict[str, Any]:
    return {
        **published_finding(made.finding),
        "metric": made.metric,
        "where": list(made.where),
        "verdict": made.verdict,
        "certainty": made.certainty,
    }


def _metric(looked: Looked) -> dict[str, Any]:
    value, point = looked.value, looked.point
    return {
        "metric": looked.metric,
        "title": looked.title,
        "unit": looked.unit,
        "value": value.value if value else None,
        "low": value.low if value else None,
        "high": value.high if value else None,
        "n": value.n if value else 0,
        "verdict": point.verdict if point else None,
        "suspect": list(looked.suspect),
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        **_metric(card.looked),
        "state": card.state,
        "sentence": card.sentence,
        "pair": _metric(card.pair) if card.pair else None,
    }
