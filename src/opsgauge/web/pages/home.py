"""Home: what matters in the newest week, how the work runs, whether the numbers can be trusted.

Floor 6.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.answers import Value
from opsgauge.operations.asking import conditions, day, written
from opsgauge.operations.claims import Claim
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.sparkline import CARD, PAIR, Size, Trend, sparkline
from opsgauge.operations.drawing.words import (
    Said,
    capfirst,
    check_tone,
    counted,
    figure,
    interval_words,
    period_brief,
    period_words,
    rule_words,
    state_words,
    tone,
)
from opsgauge.operations.home import Card, Home, home
from opsgauge.operations.looked import GRAIN, Looked, Weeks, weeks
from opsgauge.operations.marked import trend_of
from opsgauge.operations.open_signals import OpenSignal
from opsgauge.operations.phrases import when
from opsgauge.operations.pricing import beside, money_of
from opsgauge.operations.trust import Fact
from opsgauge.web.asked import AskedOf
from opsgauge.web.counted import note
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, told
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.whose_clock import of_metric

CLAIM = Size(272, 100)
WEEKS_OFFERED = 104
SUSPECT = Said("held", "Withheld: data suspect")
BY_CHANCE = Said("steady", "Off, perhaps by chance")
UNSETTLED = Said("steady", "Not settled yet")
SAID = {"worse": "Worse", "better": "Better", "change": "Changed"}
router = APIRouter(route_class=TidyRoute)


@router.get("/")
def home_page(seen: ViewOf, asked: AskedOf) -> HTMLResponse:
    """Draw Home."""
    try:
        shown = home(seen.ctx, conditions(asked.where), day("to", asked.to))
    except WorkspaceMissing as missing:
        return html("home.html", _nothing_yet(seen, missing))
    note(seen.request, (each.looked.metric for each in shown.cards), "page")
    # All links lead on to what is shown here, also where the address did not say it.
    where = tuple(written(each) for each in shown.where)
    here = replace(seen, address=seen.address.having(where=where)) if where else seen
    return html("home.html", Drawn(here, shown).values())


class Drawn:
    """Home as its template takes it."""

    def __init__(self, seen: View, shown: Home) -> None:
        self.seen, self.shown = seen, shown

    def values(self) -> Values:
        """Return what `home.html` asks for."""
        seen, shown = self.seen, self.shown
        week = period_words(shown.weeks.newest)
        state = [*choosers.which_tickets(seen), ", ", _week(seen, shown.weeks)]
        return {
            "page": frame(seen, "home", "Home", state),
            "headline": shown.headline,
            "why": shown.why,
            "crumbs": [],
            "day": capfirst(week),
            "notice": None,
            "matters": [self.matter(each) for each in shown.claims],
            "one_thing": self.one_thing(),
            "cards": [self.card(each) for each in shown.cards],
            "cards_note": f"{capfirst(when(shown.weeks.newest, shown.weeks.to.year))}, each against"
            " its own limits. No card shows speed without its price.",
            "signals": [self.signal(each) for each in shown.signals],
            "unsure": self.unsure(),
            "trust": trust_rows(seen, shown.trust),
            "checks_href": str(seen.address.to("/checks")),
        }

    def metric(self, name: str, *more: str) -> Address:
        """Return the address of a metric's page over the same weeks and tickets."""
        over = self.shown.weeks
        where = (*self.seen.address.all("where"), *more)
        return self.seen.address.to(
            f"/metrics/{name}",
            period=GRAIN,
            where=where,
            from_=over.from_.isoformat(),
            to=over.to.isoformat(),
        )

    def tickets(self, looked: Looked, *more: str) -> str:
        """Return the address of the tickets behind a metric's value in the newest week."""
        return self.behind(
            looked.metric, looked.measured.statistic if looked.measured else "", *more
        )

    def behind(self, metric: str, statistic: str, *more: str) -> str:
        """Return the address of the tickets behind a number of the newest week."""
        page = self.metric(metric, *more)
        params: dict[str, Any] = {
            "metric": metric,
            "statistic": statistic,
            "at": self.shown.weeks.newest,
        }
        return str(Address("/tickets", page.params).having(**params))

    def one_thing(self) -> Values:
        """Return the few findings to show first, or where to look for them."""
        shown, here = self.shown, self.seen.address.to("/findings")
        one = shown.one_thing
        return {
            "rows": [
                {
                    "lane": capfirst(str(each.lane)),
                    "claim": each.claim,
                    "href": f"{here}#{each.id}",
                    "reason": one.reason if one and one.finding.id == each.id else "",
                }
                for each in shown.stands_out
            ],
            "links": [link("All findings" if shown.stands_out else "What stands out", here)],
        }

    def matter(self, claim: Claim) -> Values:
        """Return a claim with its picture and its facts."""
        before, _, after = claim.finding.claim.partition(claim.figure)
        page = self.metric(claim.metric, *claim.where)
        measured = claim.charted.measured
        noun = self.shown.noun if claim.n == 1 else f"{self.shown.noun}s"
        return {
            "tone": tone(claim.verdict),
            "before": before.strip(),
            "figure": claim.figure,
            "after": after,
            "because": claim.because,
            "links": [
                link(
                    f"See the {whole(claim.n)} {noun}",
                    self.behind(claim.metric, measured.statistic, *claim.where),
                ),
                link(f"{measured.title}, week by week", page),
            ],
            "picture": sparkline(
                trend_of(self.seen.ctx, claim.charted),
                _spoken(claim.charted.measured.title),
                CLAIM,
            ),
            "caption": _caption(claim),
            "facts": self.facts(claim),
        }

    def facts(self, claim: Claim) -> list[tuple[str, str, str]]:
        """Return size, certainty and worth."""
        facts = [
            ("Size", claim.size_words, "against what is normal"),
            (
                "Certainty",
                claim.sure,
                f"that it is not chance, with {counted(claim.charts, 'chart')} looked at",
            ),
        ]
        worth = claim.finding.worth_hours
        if worth is None:
            return [*facts, ("Behind it", whole(claim.n), f"{self.shown.noun}s")]
        return [
            *facts,
            (
                "Worth",
                _rounded(worth),
                beside(
                    f"waiting hours {when(claim.period, self.shown.weeks.to.year)}",
                    money_of(claim.finding).worth,
                ),
            ),
        ]

    def card(self, card: Card) -> Values:
        """Return a scorecard."""
        looked = card.looked
        whole_card = card.state == "whole" and looked.charted is not None
        return {
            "state": card.state,
            "title": looked.title,
            "href": str(self.metric(looked.metric)),
            "said": _said(card),
            "value": figure(card.value.value, looked.unit) if card.value else None,
            "words": "No number is shown" if card.state == "withheld" else "Nothing to count",
            "spark": _spark(self.seen.ctx, looked, plain=card.by_chance or not looked.settled)
            if whole_card
            else Markup(""),
            "note": card.sentence + (self.by_chance() if card.by_chance else ""),
            "whose_clock": of_metric(self.seen, card.looked.metric),
            "facts": self.card_facts(card),
            "pair": self.pair(card.pair) if card.pair and card.state == "whole" else None,
            "links": [self.card_link(card)],
        }

    def by_chance(self) -> str:
        """Say why a card that breaks a rule is not coloured."""
        return f" Among {whole(self.shown.charts)} charts, that may be chance."

    def card_facts(self, card: Card) -> list[tuple[str, str, str]]:
        """Return interval and n; their link leads to the tickets."""
        value = card.value
        if value is None:
            return []
        low_high = interval_words(value.low, value.high, card.looked.unit)
        facts = [("95 % interval", low_high, ""), ("n", whole(value.n), self.tickets(card.looked))]
        facts += self.with_left_out(card.looked, value.period)
        good = {"lower": "less", "higher": "more"}.get(card.looked.good)
        return [*facts, ("Better is", good, "")] if good else facts

    def with_left_out(self, looked: Looked, period: str) -> list[tuple[str, str, str]]:
        """Return what a number comes to with the tickets it leaves out, where there are any."""
        rows = looked.measured.rows_with_left_out if looked.measured else ()
        href = f"{self.metric(looked.metric)}#agreed"
        return [
            ("With those left out", _written(row, looked.unit), href)
            for row in rows
            if row.period == period and not row.suppressed
        ]

    def card_link(self, card: Card) -> Values:
        """Return where a card without a pair leads."""
        if card.state == "withheld":
            return link("What the check saw", self.seen.address.to("/checks"))
        return link(f"{card.looked.title}, week by week", self.metric(card.looked.metric))

    def pair(self, pair: Looked) -> Values:
        """Return the counter-metric below a card."""
        value = pair.value
        return {
            "title": pair.title,
            "href": str(self.metric(pair.metric)),
            "spark": _spark(self.seen.ctx, pair, PAIR),
            "value": _written(value, pair.unit),
            "value_href": self.tickets(pair) if value and value.n else "",
        }

    def signal(self, signal: OpenSignal) -> Values:
        """Return a row of the open signals."""
        looked = signal.looked
        return {
            "tone": tone(signal.verdict),
            "said": SAID.get(signal.verdict, "Changed"),
            "title": looked.title,
            "href": str(self.metric(looked.metric, *signal.where)),
            "rules": capfirst("; ".join(rule_words(rule) for rule in signal.rules)),
            "since": period_brief(signal.since),
            "now": _written(signal.value, looked.unit),
            "now_href": self.tickets(looked, *signal.where),
            "spark": _spark(self.seen.ctx, looked, PAIR),
        }

    def unsure(self) -> Values | None:
        """Return the charts that break a rule, which may be chance, or None without such."""
        broken = self.shown.unsure
        if not broken:
            return None
        some = "One chart breaks" if len(broken) == 1 else f"{whole(len(broken))} charts break"
        more = " more" if self.shown.signals or self.shown.claims else ""
        week = when(self.shown.weeks.newest, self.shown.weeks.to.year)
        return {
            "words": f"{some.replace(' chart', f'{more} chart')} a rule {week}; among the "
            f"{whole(self.shown.charts)} looked at, that may be chance:",
            "links": [
                link(each.looked.title, self.metric(each.looked.metric, *each.where))
                for each in broken
            ],
        }


def trust_rows(seen: View, facts: tuple[Fact, ...]) -> list[Values]:
    """Return the trust strip."""
    checks = seen.address.to("/checks")
    return [
        {
            "term": fact.term,
            "figure": fact.figure,
            "words": fact.words,
            "tone": check_tone(fact.state) if fact.state in {"warn", "fail"} else "",
            "href": f"{checks}#{fact.check}" if fact.check else "",
        }
        for fact in facts
    ]


def _nothing_yet(seen: View, missing: WorkspaceMissing) -> Values:
    notice = {
        "kind": "empty",
        "title": "No tickets have been imported yet",
        "why": told(missing),
        "facts": [],
        "links": [
            link("Import an export", seen.address.to("/import")),
            link("Which metrics there are", seen.address.to("/catalogue")),
        ],
    }
    return {
        "page": frame(seen, "home", "Home"),
        "headline": "Nothing to show yet",
        "why": "",
        "crumbs": [],
        "day": "",
        "notice": notice,
        "matters": [],
        "one_thing": None,
        "cards": [],
        "cards_note": "",
        "signals": [],
        "unsure": None,
        "trust": [],
        "checks_href": "",
    }


def _week(seen: View, over: Weeks) -> Values:
    """Return the chooser of the week."""
    newest = weeks(seen.ctx)
    first = seen.ctx.opened().periods.first.date()
    offered = [newest]
    while offered[-1].to > first and len(offered) < WEEKS_OFFERED:
        offered.append(Weeks.until(date.fromordinal(offered[-1].to.toordinal() - 7)))
    options = [
        choosers.choice(each.to.isoformat(), capfirst(period_words(each.newest)))
        for each in offered
        if each.to >= first
    ]
    one = choosers.field("select", "to", "Week", over.to.isoformat(), options)
    return choosers.chooser(seen, "week", period_words(over.newest), "Choose the week", [one])


def _said(card: Card) -> Said:
    if card.by_chance:
        return BY_CHANCE
    if card.state == "withheld":
        return SUSPECT
    if card.state == "whole" and card.looked.charted:
        said = state_words(card.looked.charted)
        return said if card.looked.settled or said.tone == "steady" else UNSETTLED
    return Said("steady", "Nothing to count" if card.state == "empty" else "Too few to judge")


def _spark(ctx: Context, looked: Looked, size: Size = CARD, plain: bool = False) -> Markup:
    """Draw a trend; a small one without marks, one that is `plain` without those of signals."""
    if looked.charted is None:
        return Markup("")
    if size is not CARD:
        return sparkline(Trend(Trend.of(looked.charted).values), _spoken(looked.title), size)
    trend = trend_of(ctx, looked.charted)
    if plain:
        trend = replace(trend, verdicts=())
    return sparkline(trend, _spoken(looked.title), size)


def _spoken(title: str) -> str:
    return f"{title}, week by week"


def _written(value: Value | None, unit: str) -> str:
    return "none" if value is None else amount(value.value, unit)


def _rounded(hours: float) -> str:
    """Round to two figures of meaning."""
    digits = max(len(str(int(hours))) - 2, 0)
    return whole(round(hours, -digits))


def _caption(claim: Claim) -> str:
    measured = claim.charted.measured
    low, high = (amount(end, measured.unit) for end in (claim.charted.lower, claim.charted.upper))
    normal = f"{low} to {high}" if claim.charted.lower > 0 else f"up to {high}"
    return f"{len(claim.charted.points)} weeks; normal is {normal}"
