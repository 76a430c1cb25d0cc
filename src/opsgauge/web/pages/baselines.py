"""Baselines: each with its state, signatures and chart, and forms to freeze, sign and rebase.

Floor 6.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from opsgauge.governance.access import LOCAL
from opsgauge.governance.baselines import FREEZE, FRONTLINE, OWN, OWNER, SIGN, Baseline
from opsgauge.governance.benchmarks import LOAD
from opsgauge.governance.rebases import REBASE
from opsgauge.operations.asking import day
from opsgauge.operations.baselines import (
    NO_TARGET,
    Freezing,
    baseline_states,
    freeze,
    object_to,
    sign,
    summary,
)
from opsgauge.operations.benchmarks import end_benchmark, load_benchmarks
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.operations.rebasing import (
    ExcludedPoint,
    Rebase,
    exclude_point,
    rebase,
    undo_exclusion,
    undo_rebase,
)
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.baseline_rows import (
    PLACE,
    baseline_row,
    benchmark_rows,
    marks,
    series_asked,
)
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import UNSENT, Sent, acted, metric_choices, options, why_not

GRAINS = ("day", "week", "month", "quarter", "year")
DOES = (
    ("freeze", "Freeze a baseline"),
    ("rebase", "Let the chart begin anew"),
    ("exclude", "Exclude a point"),
)
router = APIRouter()


@router.get(PLACE)
def baselines_page(
    seen: ViewOf,
    metric: str = "",
    statistic: str = "",
    period: str = "",
    where: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Draw every baseline, or those of one metric, and the form as the address fills it in."""
    asked = {"metric": metric, "statistic": statistic, "period": period or "week"}
    return _drawn(seen, UNSENT, asked | {"where": "\n".join(where or ())})


@router.post(PLACE)
async def decide_one(request: Request) -> Response:
    """Freeze a baseline, rebase a chart or exclude a point, as the form says."""
    return await acted(request, _decide, _again)


@router.post(PLACE + "/{number}/sign")
async def sign_one(number: Number, request: Request) -> Response:
    """Sign a baseline."""

    def act(ctx: Context, form: Given) -> Baseline:
        return sign(ctx, number, form.get("part"), form.get("person"))

    return await acted(request, _led(act), _again)


@router.post(PLACE + "/{number}/object")
async def object_to_one(number: Number, request: Request) -> Response:
    """Say what is wrong with a baseline."""

    def act(ctx: Context, form: Given) -> Baseline:
        return object_to(ctx, number, form.get("why"), form.get("person"))

    return await acted(request, _led(act), _again)


@router.post("/rebases/{number}/end")
async def undo_one(number: Number, request: Request) -> Response:
    """Undo a rebase."""

    def act(ctx: Context, form: Given) -> str:
        undo_rebase(ctx, number, form.get("why"))
        return f"{PLACE}#marks"

    return await acted(request, act, _again)


@router.post("/excluded-points/{number}/end")
async def count_again(number: Number, request: Request) -> Response:
    """Let an excluded point count again."""

    def act(ctx: Context, form: Given) -> str:
        undo_exclusion(ctx, number, form.get("why"))
        return f"{PLACE}#marks"

    return await acted(request, act, _again)


@router.post("/benchmarks")
async def load_some(request: Request) -> Response:
    """Load benchmarks."""

    def act(ctx: Context, form: Given) -> str:
        load_benchmarks(ctx, form.get("csv").encode())
        return f"{PLACE}#benchmarks"

    return await acted(request, act, _again)


@router.post("/benchmarks/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """Let a benchmark count no more."""

    def act(ctx: Context, form: Given) -> str:
        end_benchmark(ctx, number, form.get("why"))
        return f"{PLACE}#benchmarks"

    return await acted(request, act, _again)


def _led(act: Callable[[Context, Given], Baseline]) -> Callable[[Context, Given], str]:
    return lambda ctx, form: f"{PLACE}#baseline-{act(ctx, form).number}"


def _decide(ctx: Context, form: Given) -> str:
    series, does = series_asked(form), form.get("does")
    if does == "rebase":
        one = (series.metric, series.statistic, series.segment, series.period)
        rebase(
            ctx,
            Rebase(
                *one,
                at=form.get("from"),
                why=form.get("why"),
                event=form.get("event"),
                event_day=day("event day", form.get("event_day").strip()),
            ),
        )
        return f"{PLACE}#marks"
    if does == "exclude":
        exclude_point(ctx, ExcludedPoint(series, form.get("from"), form.get("why")))
        return f"{PLACE}#marks"
    made = freeze(ctx, Freezing(series, form.get("from"), form.get("to"), form.get("why")))
    return f"{PLACE}#baseline-{made.number}"


def _again(seen: View, sent: Sent) -> Response:
    return _drawn(seen, sent, {"metric": "", "statistic": "", "period": "week", "where": ""})


def _drawn(seen: View, sent: Sent, asked: dict[str, str]) -> Response:
    ctx, metric = seen.ctx, asked["metric"] or None
    states = baseline_states(ctx, metric, ended=True)
    standing = [each for each in states if each.baseline.ended_at is None]
    not_freeze = why_not(ctx, FREEZE)
    values = {
        "page": frame(
            *(seen, "metrics", "Baselines"),
            json_href=str(seen.address.to(f"/api/v1{PLACE}", metric=metric)),
        ),
        "headline": summary([each.baseline for each in standing]),
        "why": f"{NO_TARGET} It counts once its owner and somebody who does the work have signed.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Baselines", "")],
        "baselines": [baseline_row(seen, each, _may(ctx)) for each in standing],
        "superseded": [
            baseline_row(seen, each, {}) for each in states if each.baseline.ended_at is not None
        ],
        "marks": marks(seen, metric, may_undo=not why_not(ctx, REBASE)),
        "benchmarks": benchmark_rows(seen, metric, may_end=not why_not(ctx, LOAD)),
        "load": None if why_not(ctx, LOAD) else sent.typed("csv"),
        "form": None if not_freeze else _form(sent, asked),
        "does": [options(list(DOES))],
        "metrics": [options([("", "Choose a metric")]), *metric_choices(ctx)],
        "statistics": [options([("", "The metric’s usual one"), *_statistics(ctx)])],
        "periods": [options([(each, capfirst(each)) for each in GRAINS])],
        "fault": sent.fault,
        "why_not": not_freeze,
        "named": ctx.actor == LOCAL,
        "of_metric": _one_metric(seen, metric),
    }
    return html("baselines.html", values, sent.status)


def _may(ctx: Context) -> dict[str, bool]:
    """Return as what the actor may sign, and whether they may object."""
    return {
        OWNER: not why_not(ctx, OWN),
        FRONTLINE: not why_not(ctx, SIGN),
    }


def _form(sent: Sent, asked: dict[str, str]) -> Values:
    names = ("from", "to", "why", "event", "event_day")
    return dict(sent.typed(*names, does="freeze", **asked))


def _statistics(ctx: Context) -> list[tuple[str, str]]:
    names = dict.fromkeys(name for each in ctx.catalogue for name in each.statistics)
    return [(name, capfirst(plain(name))) for name in names]


def _one_metric(seen: View, metric: str | None) -> Values | None:
    if not metric:
        return None
    return link(seen.ctx.catalogue.get(metric).definition.title, seen.address.to(PLACE))
