"""The routes of the API about baselines, rebases, excluded points and benchmarks.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
No body takes a baseline for a target: targets are set under /targets, by their value.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from opsgauge.foundation.agreed import Series
from opsgauge.governance.baselines import LONGEST_NAME
from opsgauge.governance.benchmarks import MOST_BYTES
from opsgauge.governance.rebases import LONGEST_EVENT
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.operations.asking import conditions
from opsgauge.operations.baselines import (
    NO_TARGET,
    Freezing,
    baseline_state,
    baseline_states,
    freeze,
    object_to,
    sign,
    summary,
)
from opsgauge.operations.benchmarks import benchmarks_beside, end_benchmark, load_benchmarks
from opsgauge.operations.measure import CHART_PERIOD
from opsgauge.operations.rebasing import (
    ExcludedPoint,
    Rebase,
    exclude_point,
    excluded_points,
    rebase,
    rebases,
    undo_exclusion,
    undo_rebase,
)
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Newest, Number

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
OfMetric = Annotated[str | None, Query(max_length=200, description="Only those of this metric.")]
Ended = Annotated[bool, Query(alias="all", description="Also what was superseded or undone.")]
Name = Annotated[str, Field(max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
Conditions = Annotated[
    list[Annotated[str, Field(max_length=2_000)]],
    Field(max_length=20, description="As in an address: team=A, or priority=1|2."),
]
Period = Annotated[str, Field(max_length=40, description="A label as 2026-W10, or a day in it.")]
Person = Annotated[
    str,
    Field(max_length=LONGEST_NAME, description="Where nobody signs in, who it is; else empty."),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Why(_Body):
    """A reason, which is kept."""

    why: Reason


class _OfSeries(_Body):
    """Which chart it is about."""

    metric: Name
    statistic: Name = ""
    where: Conditions = []
    period: Name = CHART_PERIOD

    def series(self) -> Series:
        """Return it as operations take it."""
        return Series(self.metric, self.statistic, conditions(self.where), self.period)


class NewBaseline(_OfSeries):
    """What is to be frozen; without from and to, the newest twenty periods."""

    from_: Annotated[Period, Field(alias="from")] = ""
    to: Period = ""
    accept: Annotated[
        str,
        Field(max_length=LONGEST_REASON, description="Why it is taken although not stable."),
    ] = ""


class NewRebase(_OfSeries):
    """Where a chart is to begin anew."""

    at: Period
    why: Reason
    event: Annotated[str, Field(min_length=1, max_length=LONGEST_EVENT)]
    event_day: date | None = None


class NewPoint(_OfSeries):
    """A point that is to be excluded."""

    at: Period
    why: Reason


class Signature(_Body):
    """As what somebody signs."""

    part: Annotated[Name, Field(description="owner, or frontline: who does the work.")]
    person: Person = ""


class Objection(_Body):
    """What is wrong with a baseline."""

    why: Reason
    person: Person = ""


class Table(_Body):
    """A CSV of benchmarks."""

    csv: Annotated[str, Field(min_length=1, max_length=MOST_BYTES)]


@router.get("/baselines", tags=["pages"])
def read_baselines(ctx: Ctx, metric: OfMetric = None, ended: Ended = False) -> Json:
    """Return baselines with what came after them, rebases, excluded points and benchmarks."""
    states = baseline_states(ctx, metric, ended)
    return {
        "sentence": summary([each.baseline for each in states]),
        "note": NO_TARGET,
        "baselines": [each.as_json() for each in states],
        "rebases": [each.as_json() for each in rebases(ctx, metric, ended)],
        "excluded_points": [each.as_json() for each in excluded_points(ctx, metric, ended)],
        "benchmarks": [each.as_json() for each in benchmarks_beside(ctx, metric)],
    }


@router.get("/baselines/{number}", tags=["baselines"])
def read_baseline(number: Number, ctx: Ctx) -> Json:
    """Return one baseline: its numbers, who said what of it, and what came after."""
    return baseline_state(ctx, number).as_json()


@router.post("/baselines", tags=["baselines"], status_code=201)
def make_baseline(wanted: NewBaseline, ctx: Newest) -> Json:
    """Freeze the numbers of a chart; provisional until two people have signed them."""
    asked = Freezing(wanted.series(), wanted.from_, wanted.to, wanted.accept)
    return freeze(ctx, asked).as_json()


@router.post("/baselines/{number}/sign", tags=["baselines"])
def sign_baseline(number: Number, body: Signature, ctx: Newest) -> Json:
    """Sign a baseline as its owner or for those who do the work."""
    return sign(ctx, number, body.part, body.person).as_json()


@router.post("/baselines/{number}/object", tags=["baselines"])
def object_to_baseline(number: Number, body: Objection, ctx: Newest) -> Json:
    """Say what is wrong with a baseline; it is kept beside it."""
    return object_to(ctx, number, body.why, body.person).as_json()


@router.post("/rebases", tags=["baselines"], status_code=201)
def make_rebase(wanted: NewRebase, ctx: Newest) -> Json:
    """Let a chart begin anew with a period."""
    one = wanted.series()
    parts = (one.metric, one.statistic, one.segment, one.period)
    asked = Rebase(
        *parts, at=wanted.at, why=wanted.why, event=wanted.event, event_day=wanted.event_day
    )
    return rebase(ctx, asked).as_json()


@router.post("/rebases/{number}/undo", tags=["baselines"])
def unmake_rebase(number: Number, body: Why, ctx: Newest) -> Json:
    """Undo a rebase: the phases on its two sides are one again."""
    return undo_rebase(ctx, number, body.why).as_json()


@router.post("/excluded-points", tags=["baselines"], status_code=201)
def make_point(wanted: NewPoint, ctx: Newest) -> Json:
    """Exclude a point of a chart: shown, and not counted."""
    return exclude_point(ctx, ExcludedPoint(wanted.series(), wanted.at, wanted.why)).as_json()


@router.post("/excluded-points/{number}/undo", tags=["baselines"])
def unmake_point(number: Number, body: Why, ctx: Newest) -> Json:
    """Let an excluded point count again."""
    return undo_exclusion(ctx, number, body.why).as_json()


@router.post("/benchmarks", tags=["baselines"], status_code=201)
def make_benchmarks(table: Table, ctx: Newest) -> Json:
    """Load a table of benchmarks; nothing of it where one line is wrong."""
    return {"benchmarks": [each.as_json() for each in load_benchmarks(ctx, table.csv.encode())]}


@router.post("/benchmarks/{number}/end", tags=["baselines"])
def finish_benchmark(number: Number, body: Why, ctx: Newest) -> Json:
    """Let a benchmark count no more; it is kept."""
    return end_benchmark(ctx, number, body.why).as_json()
