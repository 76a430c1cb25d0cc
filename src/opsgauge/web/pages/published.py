"""Published numbers: those of one metric or all, a form to publish, and one computed again.

Floor 6. The number that a metric's page shows is published by the same address: its parameters are
the question.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import amount, whole
from opsgauge.governance.published import ACTION as MAKE
from opsgauge.log.periods import ALL
from opsgauge.operations.asking import Asked
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import at, counted, named
from opsgauge.operations.measure import explain
from opsgauge.operations.publishing import (
    READ,
    Publication,
    publish,
    published_number,
    published_numbers,
)
from opsgauge.operations.recomputing import Compared, recompute
from opsgauge.web.asked import AskedOf
from opsgauge.web.given import Given
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.metric_asked import series_of
from opsgauge.web.pages.posting import UNSENT, Sent, acted, why_not

PLACE = "/published"
FEW = 3  # on the page of a metric
LONGEST_NOTE = 200
Metric = Annotated[str, Query(description="Only numbers of this metric.")]
router = APIRouter()


@router.get(PLACE)
def published_page(seen: ViewOf, asked: AskedOf, metric: Metric = "") -> Response:
    """Draw what was published, and the form where the address names a metric."""
    return _drawn(seen, UNSENT, asked, metric)


@router.post(PLACE)
async def publish_one(request: Request, asked: AskedOf, metric: Metric = "") -> Response:
    """Publish the number of the address."""

    def act(ctx: Context, form: Given) -> str:
        ctx.require("published:make")
        note = form.get("note").strip()
        if not 0 < len(note) <= LONGEST_NOTE:
            raise QueryWrong(
                f"What it is published for takes 1 to {LONGEST_NOTE} letters.",
                hint="Such as: the board's report of March.",
            )
        kept, _ = publish(ctx, series_of(metric, asked, View.bare(request, ctx)), note)
        return f"{PLACE}/{kept.ref}"

    return await acted(request, act, lambda seen, sent: _drawn(seen, sent, asked, metric))


@router.get(PLACE + "/{ref}")
def one_published_page(
    ref: str, seen: ViewOf, again: Annotated[str, Query(description="yes")] = ""
) -> Response:
    """Draw one published number as it is kept, and computed again where that is asked for."""
    found = published_number(seen.ctx, ref)
    kept = found.number.kept
    metric = str(kept.question["metric"])
    unit = str(kept.answer["unit"])
    told = recompute(seen.ctx, ref) if again == "yes" else None
    values = {
        "page": frame(seen, "metrics", f"Published {found.ref}", provenance=None),
        "headline": f"{found.ref}: {_title(seen, metric)}",
        "why": str(kept.answer["sentence"]),
        "crumbs": [
            link("Metrics", seen.address.to("/catalogue")),
            link("Published numbers", seen.address.to(PLACE, metric=metric)),
            link(found.ref, ""),
        ],
        "facts": _facts(seen, found),
        "rows": [_row(row, unit) for row in kept.answer["rows"]],
        "split": bool(kept.question["by"]),
        "again_href": str(seen.address.having(again="yes")),
        "compared": _compared(told.named, told.newest, unit) if told else [],
    }
    return html("published_number.html", values)


def of_metric(seen: View, metric: str, shown: bool) -> Values:
    """Return what a metric's page says of numbers that were published of it.

    Parameters
    ----------
    shown : whether the page shows a number that could be published
    """
    may_read, may_make = (not why_not(seen.ctx, action) for action in (READ, MAKE))
    found = published_numbers(seen.ctx, FEW, metric) if may_read else []
    address = Address(PLACE, seen.address.having(definition=None).params).having(metric=metric)
    return {
        "may_read": may_read,
        "newest": [_line(seen, each) for each in found],
        "all_href": str(seen.address.to(PLACE, metric=metric)),
        "publish_href": f"{address}#publish" if may_make and shown else "",
    }


def _drawn(seen: View, sent: Sent, asked: Asked, metric: str) -> Response:
    found = published_numbers(seen.ctx, metric=metric)
    said = f"{counted(len(found), 'number')} {'was' if len(found) == 1 else 'were'} published"
    values = {
        "page": frame(seen, "metrics", "Published numbers", provenance=None),
        "headline": f"{said}{f' of {_title(seen, metric)}' if metric else ''}",
        "why": "A published number is kept with its question, its definition and the version of "
        "its data, so that it can be had again, or what differs be told.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Published numbers", "")],
        "numbers": [_line(seen, each) for each in found],
        "all_href": str(seen.address.to(PLACE)) if metric else "",
        "form": _form(seen, sent, asked, metric) if metric else None,
        "fault": sent.fault,
        "why_not": why_not(seen.ctx, MAKE) if metric else "",
    }
    return html("published.html", values, sent.status)


def _form(seen: View, sent: Sent, asked: Asked, metric: str) -> Values | None:
    """Return the form that publishes what a metric's page shows; None for who may not."""
    if why_not(seen.ctx, MAKE):
        return None
    return {
        "action": str(seen.address),
        "sentence": explain(seen.ctx, series_of(metric, asked, seen)).sentence,
        "note": sent.typed("note")["note"],
        "back": str(Address(f"/metrics/{metric}", seen.address.pairs("metric"))),
        "longest": LONGEST_NOTE,
    }


def _title(seen: View, metric: str) -> str:
    known = seen.ctx.catalogue.metrics
    return known[metric].definition.title if metric in known else metric


def _line(seen: View, each: Publication) -> Values:
    number = each.number
    return {
        "ref": each.ref,
        "href": str(seen.address.to(f"{PLACE}/{each.ref}")),
        "again_href": str(seen.address.to(f"{PLACE}/{each.ref}", again="yes")),
        "title": _title(seen, str(number.kept.question["metric"])),
        "sentence": str(number.kept.answer["sentence"]),
        "note": number.kept.place,
        "when": at(number.at, seen.ctx.workspace.settings.zone),
        "by": number.actor,
    }


def _facts(seen: View, found: Publication) -> list[tuple[str, str]]:
    number, kept = found.number, found.number.kept
    return [
        ("Published", f"{at(number.at, seen.ctx.workspace.settings.zone)}, by {number.actor}"),
        ("For", kept.place),
        ("Of data version", whole(kept.data_version)),
        ("Definition", str(kept.definition["metric"])),
        ("Program", kept.code),
    ]


def _row(row: Mapping[str, Any], unit: str) -> Values:
    value = row["value"]
    return {
        "period": "Whole range" if row["period"] == ALL else row["period"],
        "of": _of(row["by"]),
        "value": "withheld" if row.get("suppressed") else amount(value, unit),
        "n": "" if row["n"] is None else whole(row["n"]),
    }


def _of(by: Mapping[str, str | None]) -> str:
    return ", ".join(named(value, name) for name, value in by.items())


def _compared(named_: Compared, newest: Compared, unit: str) -> list[Values]:
    """Return what both data versions give now; the same version is told once."""
    told: Sequence[tuple[Compared, str]] = [(named_, "which it names")]
    if newest.data_version != named_.data_version:
        told = [*told, (newest, "the newest")]
    return [
        {
            "title": f"Data version {each.data_version}, {which}",
            "tone": "steady" if each.same else "concern",
            "words": "The same values"
            if each.same
            else f"{counted(len(each.differences), 'other value')}"
            if each.answered
            else "No answer",
            "reasons": [f"By the {why.cause.value}: {why.words}" for why in each.reasons],
            "rows": [
                {
                    "period": "Whole range" if row.period == ALL else row.period,
                    "of": _of(row.by),
                    "was": amount(row.was, unit),
                    "is": amount(row.is_, unit),
                }
                for row in each.differences
            ],
        }
        for each, which in told
    ]
