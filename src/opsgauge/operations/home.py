"""Home: what matters now, how the work runs, and whether the numbers can be trusted.

Floor 5. Everything here is of the newest week that is over, and follows from the data version, so
it is computed once. Only that week's signals are shown: among many charts over many weeks, some
would be there by chance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.finding import Finding
from opsgauge.metrics.metric import BUILT_IN, Metric
from opsgauge.operations.answers import FEWEST_TICKETS, Provenance, Value, iso
from opsgauge.operations.asking import written
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.choices import practices
from opsgauge.operations.claims import Claim, Subject, claim
from opsgauge.operations.context import Context
from opsgauge.operations.find import known
from opsgauge.operations.found import published_finding
from opsgauge.operations.home_words import (
    MOST_CLAIMS,
    OPENED,
    RESOLVED,
    headline,
    unsure_team,
    why,
)
from opsgauge.operations.looked import (
    PRACTICE,
    UNSETTLED,
    Look,
    Looked,
    Weeks,
    look,
    of_one_practice,
    weeks,
)
from opsgauge.operations.meant import meant
from opsgauge.operations.open_signals import (
    BACKLOG,
    OpenSignal,
    full_teams,
    held_by_teams,
    level_signals,
    signals_of,
    team_charts,
    withheld_of_teams,
)
from opsgauge.operations.phrases import chart_sentence, noun, when
from opsgauge.operations.pricing import an_hour_waited
from opsgauge.operations.ranked import OneThing, stand_out
from opsgauge.operations.standing import Candidate, ChartKey, Standing, standings
from opsgauge.operations.trust import Fact, trust_facts

MOST_CARDS = 6  # two rows of three; a wall of numbers is not read
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


@dataclass(frozen=True)
class Card:
    """A metric in the newest week, with the one that shows its price.

    `state` is "whole", "withheld", "empty" or "too_few". It is `by_chance` where it breaks a rule,
    and among all charts looked at that may be chance.
    """

    looked: Looked
    state: str
    value: Value | None
    sentence: str
    pair: Looked | None
    by_chance: bool = False


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
    signals: tuple[OpenSignal, ...]  # what is news among all charts looked at
    unsure: tuple[OpenSignal, ...]  # charts that break a rule, which may be the luck of many
    charts: int  # looked at
    trust: tuple[Fact, ...]
    provenance: Provenance
    one_thing: OneThing | None = None  # of all findings, where they were looked for before
    stands_out: tuple[Finding, ...] = ()  # of them, the few to show first

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
            "one_thing": self.one_thing.as_json() if self.one_thing else None,
            "stands_out": [published_finding(each) for each in self.stands_out],
            "cards": [_card(each) for each in self.cards],
            "signals": [_signal(each) for each in self.signals],
            "unsure": [_signal(each) for each in self.unsure],
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
    key = ("home", ctx.scope, ctx.phases, over, where)
    shown = ctx.opened().once(key, lambda: _home(ctx, over, where))
    an_hour = an_hour_waited(ctx)
    if an_hour is not None:
        shown = replace(shown, claims=tuple(each.priced(an_hour) for each in shown.claims))
    found = known(ctx)
    if found is None:
        return shown
    return replace(shown, one_thing=found.one_thing, stands_out=stand_out(found.findings))


def _called(where: tuple[Condition, ...], practices: Sequence[str]) -> str:
    named = next((each.values for each in where if each.column == PRACTICE), practices)
    return noun([each for each in named if each])


def _home(ctx: Context, over: Weeks, where: tuple[Condition, ...]) -> Home:
    seen = look(ctx, over, where, _belongs(ctx))
    held = held_by_teams(ctx, over, where)
    teams = team_charts(ctx, held)
    withheld = withheld_of_teams(ctx, held)
    judged = standings({**_candidates(seen), **_team_candidates(teams, over.newest)})
    charts = len(judged)
    name = _called(where, practices(ctx))
    full = full_teams(seen, teams) if len(teams) > 1 else ()
    claims = _claims(seen, full, judged, name)
    claimed = {(metric, each.where) for each in claims for metric in (each.metric, *each.twins)}
    broken = [*full, *signals_of(seen)]
    every = [*broken, *level_signals(seen, judged)]
    rest = [each for each in every if (each.looked.metric, each.where) not in claimed]
    signals = tuple(each for each in rest if _is_news(each, judged))
    unsure = tuple(each for each in rest if each not in signals)
    by_chance = {each.looked.metric for each in unsure if not each.where}
    return Home(
        weeks=over,
        where=where,
        noun=name,
        headline=headline(seen, (len(claims), len(signals), len(unsure)), over),
        why=f"{why(seen, name, over)}{unsure_team(full, claims, name, judged)}{withheld}",
        claims=claims,
        cards=tuple(
            replace(card, by_chance=card.looked.metric in by_chance) for card in _cards(seen)
        ),
        signals=signals,
        unsure=unsure,
        charts=charts,
        trust=trust_facts(ctx),
        provenance=ctx.provenance(),
    )


def _candidates(seen: Look) -> dict[ChartKey, Candidate]:
    """Return the charts whose newest week can be judged."""
    return {
        (each.metric, ()): Candidate(each.charted, each.point, each.stock)
        for each in seen.values()
        if each.settled and each.charted and each.point
    }


def _team_candidates(teams: Mapping[str, Charted], newest: str) -> dict[ChartKey, Candidate]:
    found: dict[ChartKey, Candidate] = {}
    for team, chart in teams.items():
        point = next(
            (p for p in chart.points if p.period == newest and p.judged and p.value is not None),
            None,
        )
        if point is not None:
            found[BACKLOG, (f"team={team}",)] = Candidate(chart, point, drifts=True)
    return found


def _is_news(signal: OpenSignal, judged: Mapping[ChartKey, Standing]) -> bool:
    standing = judged.get((signal.looked.metric, signal.where))
    return standing is not None and standing.is_news


def _belongs(ctx: Context) -> Callable[[Metric], bool]:
    """Return which metrics Home looks at: its own, and those a workspace adds."""
    cards = [ctx.catalogue.metrics[name] for name in FIRST_CARDS if name in ctx.catalogue.metrics]
    pairs = {metric.definition.counter_metric for metric in cards}
    names = {*FIRST_CARDS, *BESIDE, *pairs}
    return lambda metric: metric.name in names or metric.origin != BUILT_IN


def _claims(
    seen: Look,
    full: Sequence[OpenSignal],
    judged: Mapping[ChartKey, Standing],
    name: str,
) -> tuple[Claim, ...]:
    """Claim what is sure enough of all charts looked at, those of single teams among them."""
    found: list[Claim] = []
    for each, *twins in _told_once(seen):
        standing = judged.get((each.metric, ()))
        if each.charted and each.point and standing:
            title = _together([each.title, *(twin.title for twin in twins)])
            stock = f"open {name}s" if each.metric == BACKLOG else ""
            subject = Subject(each.metric, each.bucket, title, stock=stock, drifts=each.stock)
            same = tuple(twin.metric for twin in twins)
            one = claim(subject, each.charted, each.point, standing)
            found += [replace(one, twins=same)] if one else []
    of_teams = [_team_claim(each, judged, name) for each in full]
    held = [each for each in of_teams if each is not None]
    # What teams hold is not told a second time as the backlog of all.
    made = [each for each in found if each.metric != BACKLOG or _more(each, held)]
    return tuple(sorted([*made, *held], key=lambda each: each.rank)[:MOST_CLAIMS])


def _told_once(seen: Look) -> list[list[Looked]]:
    """Return the metrics whose newest week is judged, those that say the same together.

    Time to assign is the time to first response where being assigned is the response.
    """
    groups: dict[tuple[object, ...], list[Looked]] = {}
    for each in seen.values():
        point = each.point
        if each.settled and each.charted and point:
            same = (each.unit, point.value, point.n, point.signals, each.charted.centre)
            groups.setdefault(same, []).append(each)
    return list(groups.values())


def _together(titles: Sequence[str]) -> str:
    """Return titles as one subject.

    Examples
    --------
    >>> _together(["Time to assign", "Time to first response"])
    'Time to assign, and with it time to first response,'
    """
    first, *others = titles
    rest = " and ".join(f"{title[:1].lower()}{title[1:]}" for title in others)
    return f"{first}, and with it {rest}," if rest else first


def _more(whole: Claim, teams: Sequence[Claim]) -> bool:
    """Say whether teams explain less than half of what all hold beyond the usual."""
    return sum(team.finding.size for team in teams) < whole.finding.size / 2


def _team_claim(signal: OpenSignal, judged: Mapping[ChartKey, Standing], name: str) -> Claim | None:
    """Claim of a team above its limits that it holds more than its usual work."""
    looked, point = signal.looked, signal.looked.point
    standing = judged.get((looked.metric, signal.where))
    if looked.charted is None or point is None or standing is None:
        return None
    team = signal.where[0].partition("=")[2]
    stock = f"open {name}s"
    subject = Subject(looked.metric, looked.bucket, team, signal.where, stock, True, True)
    return claim(subject, looked.charted, point, standing)


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


def _finding(made: Claim) -> dict[str, Any]:
    return {
        **published_finding(made.finding),
        "metric": made.metric,
        "where": list(made.where),
        "verdict": made.verdict,
        "certainty": made.certainty,
    }


def _signal(signal: OpenSignal) -> dict[str, Any]:
    return {
        **_metric(signal.looked),
        "rules": list(signal.rules),
        "since": signal.since,
        "where": list(signal.where),
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
