"""Targets: how each is doing, a form to set one, and those that stood before.

Floor 6.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.units import amount
from opsgauge.governance.targets import SET
from opsgauge.operations.aiming import USUAL_PERIOD, Aim
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.sparkline import Size, Trend, sparkline
from opsgauge.operations.drawing.words import Said, capfirst, days_words, plain, target_said
from opsgauge.operations.marked import trend_between
from opsgauge.operations.targets import (
    PERIODS,
    TargetState,
    aim_words,
    end_target,
    set_target,
    summary,
    target_history,
    target_states,
)
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import (
    UNSENT,
    Sent,
    acted,
    ends,
    local_day,
    metric_choices,
    options,
    why_not,
)

PLACE = "/targets"
SPARK = Size(132, 32)
SUSPECT = Said("held", "Data suspect")
router = APIRouter()


@router.get(PLACE)
def targets_page(
    seen: ViewOf,
    metric: str = "",
    statistic: str = "",
    period: str = "",
    where: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Draw every target, or those of one metric, and the form as the address fills it in."""
    return _drawn(seen, UNSENT, Aim(metric, "", statistic, where or (), period))


@router.post(PLACE)
async def set_one(request: Request) -> Response:
    """Set a target as the form says."""
    return await acted(request, _set, _again)


@router.post(PLACE + "/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """End a target."""

    def end(ctx: Context, form: Given) -> str:
        end_target(ctx, number, form.get("why"))
        return f"{PLACE}#history"

    return await acted(request, end, _again)


def _set(ctx: Context, form: Given) -> str:
    aim = Aim(
        metric=form.get("metric"),
        value=form.get("value"),
        statistic=form.get("statistic"),
        where=form.get("where").split("\n"),
        period=form.get("period"),
        percent=form.get("percent") == "yes",
        from_=form.get("from"),
        review=form.get("review"),
        why=form.get("why"),
    )
    return f"{PLACE}#target-{set_target(ctx, aim.target(ctx)).number}"


def _again(seen: View, sent: Sent) -> Response:
    return _drawn(seen, sent, Aim("", ""))


def _drawn(seen: View, sent: Sent, asked: Aim) -> Response:
    ctx = seen.ctx
    states = target_states(ctx, asked.metric or None)
    not_set = why_not(ctx, SET)
    values = {
        "page": frame(
            *(seen, "metrics", "Targets"),
            json_href=str(seen.address.to(f"/api/v1{PLACE}", metric=asked.metric)),
        ),
        "headline": summary(states),
        "why": "A target names what a metric should come to, from when, and when it is reviewed. "
        "Until the review it is forecast from the periods since it began.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Targets", "")],
        "targets": [target_row(seen, each, may_end=not not_set) for each in states],
        "history": _history(ctx, asked.metric or None),
        "form": None if not_set else _form(ctx, sent, asked),
        "metrics": [options([("", "Choose a metric")]), *metric_choices(ctx, judged=True)],
        "statistics": [options([("", "The metric’s usual one"), *_statistics(ctx)])],
        "periods": [options([(each, capfirst(each)) for each in PERIODS])],
        "fault": sent.fault,
        "why_not": not_set,
        "of_metric": _one_metric(seen, asked.metric),
    }
    return html("targets.html", values, sent.status)


def target_row(seen: View, state: TargetState, may_end: bool = False) -> Values:
    """Return a target as the templates take it; numbers of suspect data are not told."""
    target = state.target
    told = f"Aim: {state.aim()}. No number is shown, since a check fails on which it stands."
    return {
        "number": target.number,
        "title": state.title,
        "aim": state.aim(),
        "href": str(
            seen.address.to(
                f"/metrics/{target.metric}",
                where=[written(each) for each in target.segment],
                statistic=target.statistic,
                period=target.period,
            )
        ),
        "said": SUSPECT if state.suspect else target_said(state.outlook.state),
        "sentence": told if state.suspect else state.sentence(),
        "which": which(target),
        "spark": "" if state.suspect else _spark(seen.ctx, state),
        "review": days_words(target.review_day, target.review_day) if target.review_day else "",
        "set": f"From {days_words(target.from_day, target.from_day)}, by {target.made_by}",
        "why": target.why,
        "end": ends(PLACE, target.number, "End it") if may_end else None,
    }


def which(target: Target) -> str:
    """Say of which numbers a target is."""
    statistic = f"{capfirst(plain(target.statistic))} of each {target.period}"
    tickets = [each.sentence() for each in target.segment]
    return ", ".join([statistic, *(tickets or ["all tickets"])])


def _spark(ctx: Context, state: TargetState) -> str:
    values = tuple(value for _, value in state.series)
    known = [value for value in values if value is not None]
    if not known:
        return ""
    label = f"{len(values)} {state.target.period}s, newest {amount(known[-1], state.unit)}"
    labels = [period for period, _ in state.series]
    trend = trend_between(ctx, Trend(values, goal=state.target.goal), labels, state.target.period)
    return sparkline(trend, f"{label}, aim {state.aim()}", SPARK)


def _history(ctx: Context, metric: str | None) -> list[Values]:
    known = {each.name: each.definition for each in ctx.catalogue}
    told = []
    for target in reversed(target_history(ctx, metric)):
        if target.ended_at is None:
            continue
        about = known.get(target.metric)
        told.append(
            {
                "title": about.title if about else plain(target.metric),
                "aim": capfirst(aim_words(target, about.unit, about.good)) if about else "",
                "which": which(target),
                "days": days_words(
                    *(local_day(at, ctx) for at in (target.made_at, target.ended_at))
                ),
                "set": f"By {target.made_by}",
                "why": target.why,
            }
        )
    return told


def _form(ctx: Context, sent: Sent, asked: Aim) -> Values:
    today = ctx.clock().astimezone(ctx.workspace.zone).date().isoformat()
    return dict(
        sent.typed(
            *("value", "percent", "review", "why"),
            metric=asked.metric,
            statistic=asked.statistic,
            period=asked.period or USUAL_PERIOD,
            where="\n".join(asked.where),
            **{"from": today},
        )
    )


def _statistics(ctx: Context) -> Sequence[tuple[str, str]]:
    names = dict.fromkeys(name for each in ctx.catalogue for name in each.statistics)
    return [(name, capfirst(plain(name))) for name in names]


def _one_metric(seen: View, metric: str) -> Values | None:
    if not metric:
        return None
    title = seen.ctx.catalogue.get(metric).definition.title
    return link(title, seen.address.to(PLACE))
