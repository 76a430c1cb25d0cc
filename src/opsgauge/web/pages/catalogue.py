"""The catalogue: every metric with the question it answers and how it stands.

Floor 6.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.operations.asking import written
from opsgauge.operations.catalogue import metric_list
from opsgauge.operations.choices import practices
from opsgauge.operations.drawing.words import Said, capfirst, plain, state_words
from opsgauge.operations.fitting import gaps
from opsgauge.operations.looked import (
    GRAIN,
    Look,
    Looked,
    look_meanwhile,
    usual_tickets,
    weeks,
)
from opsgauge.operations.phrases import unit_words
from opsgauge.operations.uses import used
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.whose_clock import of_metric

GOOD = {"lower": "less", "higher": "more", "neutral": "neither"}
WHY_NOT = {
    "missing": Said("held", "Not in the records"),
    "withheld": Said("held", "Withheld: data suspect"),
    "unfit": Said("steady", "Not by the week"),
    "too_few": Said("steady", "Too few to judge"),
}
LATER = Said("steady", "Being looked at; open the page again")
router = APIRouter(route_class=TidyRoute)


@router.get("/catalogue")
def catalogue_page(seen: ViewOf, words: str = "") -> HTMLResponse:
    """Draw the catalogue, or those of its metrics that hold some words."""
    every = metric_list(seen.ctx)
    metrics = [each for each in every if fits(words, each)]
    if words.strip():
        found = f"{len(metrics)} of {len(every)} metrics hold “{words.strip()}”"
        return html("catalogue.html", metrics_table(seen, metrics, found, "", words.strip()))
    decided = sum(each["state"] == "kpi" for each in metrics)
    headline = f"{len(metrics)} metrics, each with one definition"
    serve = "Each serves" if decided == len(metrics) else f"{decided} of them serve"
    why = (
        f"{serve} a decision that somebody takes. What a number means, and how it is computed, "
        "stands on its page."
    )
    every_metric = metrics_table(seen, metrics, headline, why)
    beside = {"used": _used(seen), "score_cards": _score_cards(seen)}
    return html("catalogue.html", every_metric | beside)


def fits(words: str, metric: dict[str, Any]) -> bool:
    """Say whether every word stands somewhere in a metric's name, title, question or practice."""
    said = " ".join(metric[key] for key in ("id", "title", "question", "practice")).lower()
    return all(word in said.replace("_", " ") or word in said for word in words.lower().split())


def metrics_table(
    seen: View, metrics: Sequence[dict[str, Any]], headline: str, why: str, words: str = ""
) -> Values:
    """Return what `catalogue.html` asks for, for some metrics."""
    states, complete = _looked(seen)
    titles = {each["id"]: each["title"] for each in metric_list(seen.ctx)}
    chapters = dict.fromkeys(each["practice"] for each in metrics)
    return {
        "used": None,
        "score_cards": [],
        "page": frame(
            seen, "metrics", "Metrics", ["How each metric stands in the newest whole week"]
        ),
        "headline": headline,
        "why": why,
        "crumbs": [],
        "words": words,
        "all_href": str(seen.address.to("/catalogue")),
        "leading_href": str(seen.address.to("/leading")),
        "practices": [
            {
                "id": chapter,
                "title": capfirst(plain(chapter)),
                "metrics": [
                    _row(
                        seen, each, titles, states.get(each["id"], LATER if not complete else None)
                    )
                    for each in metrics
                    if each["practice"] == chapter
                ],
            }
            for chapter in chapters
        ],
    }


def _row(
    seen: View, metric: dict[str, Any], titles: dict[str, str], looked: Looked | Said | None
) -> Values:
    counter = metric["counter_metric"]
    return {
        "id": metric["id"],
        "title": metric["title"],
        "href": metric_href(seen, metric["id"]),
        "question": metric["question"],
        "whose_clock": of_metric(seen, metric["id"]),
        "unit": unit_words(metric["unit"]),
        "good": GOOD[metric["good"]],
        "statistics": metric["statistics"],
        "counter": titles.get(counter, ""),
        "counter_href": metric_href(seen, counter) if counter else "",
        "state": WHY_NOT["withheld"] if metric.get("suspect") else _state(looked),
        "marks": marks(metric),
        "beside": metric["read_beside"],
        "aspect": metric["aspect"],
    }


def metric_href(seen: View, name: str) -> str:
    """Return the address of a metric's page over the weeks and of the tickets that it is judged by.

    Wherever one comes from, the page then shows the same figure and calls the same normal.
    """
    metric = seen.ctx.catalogue.get(name)
    try:
        over, kinds = weeks(seen.ctx), practices(seen.ctx)
    except WorkspaceMissing:
        return str(seen.address.to(f"/metrics/{name}"))
    where = tuple(written(each) for each in usual_tickets(metric, kinds))
    of: dict[str, Any] = {"where": where} if where else {}
    if GRAIN in metric.grains:
        of |= {"period": GRAIN, "from_": over.from_.isoformat(), "to": over.to.isoformat()}
    return str(seen.address.to(f"/metrics/{name}", **of))


def marks(metric: dict[str, Any]) -> list[str]:
    """Return the words that stand behind a metric's title."""
    said = ["count alone"] if metric["vanity"] else []
    return said + ([metric["lifecycle"]] if metric["lifecycle"] != "certified" else [])


def _state(looked: Looked | Said | None) -> Said:
    if isinstance(looked, Said):
        return looked
    if looked is None:
        return Said("steady", "No data yet")
    if looked.charted is None:
        return WHY_NOT.get(looked.why, Said("steady", "Nothing to count"))
    return state_words(looked.charted) if looked.point else WHY_NOT["too_few"]


def _score_cards(seen: View) -> list[Values]:
    """Return the practices with a score card, and the aspects that no metric of theirs tells of."""
    cards = [gaps(seen.ctx.catalogue, practice) for practice in PRACTICES]
    return [
        {
            "text": capfirst(plain(card["practice"])),
            "href": str(seen.address.to(f"/scorecards/{card['practice']}")),
            "gaps": ", ".join(card["gaps"]) or "none",
        }
        for card in cards
        if any(card["aspects"].values())
    ]


def _used(seen: View) -> Values:
    """Return how metrics are used, and those that nobody needs."""
    answer = used(seen.ctx)
    return {
        "sentence": answer.sentence(),
        "rows": [
            {
                "title": line.title,
                "href": metric_href(seen, line.metric),
                "last": line.last_view.isoformat() if line.last_view else "never",
                "needed_by": ", ".join(plain(name) for name in line.needed_by),
            }
            for line in answer.proposed
        ],
    }


def _looked(seen: View) -> tuple[Look, bool]:
    try:
        return look_meanwhile(seen.ctx, weeks(seen.ctx))
    except WorkspaceMissing:
        return {}, True
