"""The routes of the API. Each asks one operation and returns its published form.

Floor 6. A page and its twin have the same path and the same parameters.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from opsgauge.log.periods import ALL
from opsgauge.operations.about_chart import told, told_of
from opsgauge.operations.agreed_on import agreed_on
from opsgauge.operations.asking import Asked, conditions, day
from opsgauge.operations.aspects import ACROSS, TIME, TYPE, Compared, score_card
from opsgauge.operations.both_ways import csv_rows
from opsgauge.operations.calendars import calendar_year, listed_calendars
from opsgauge.operations.catalogue import metric_list, scorecard_gaps, shown_metric
from opsgauge.operations.changes_before import changes_before
from opsgauge.operations.check import check_by_source
from opsgauge.operations.clocked import clocks_suspect
from opsgauge.operations.context import Context
from opsgauge.operations.deleted import deleted
from opsgauge.operations.describe import describe
from opsgauge.operations.events import meanwhile
from opsgauge.operations.exporting import asked_for, note_export
from opsgauge.operations.find import find
from opsgauge.operations.home import home
from opsgauge.operations.integration_compared import shown_integration
from opsgauge.operations.lists import MOST_REMEMBERED
from opsgauge.operations.measure import chart, chart_period, explain, measure
from opsgauge.operations.outages import outage_times
from opsgauge.operations.restating import restated
from opsgauge.operations.saved import saved_findings
from opsgauge.operations.service_level_chains import chains
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_level_source import beside_source
from opsgauge.operations.service_level_whatif import other_definition, whatif
from opsgauge.operations.service_level_zones import zoned
from opsgauge.operations.service_levels import Clocks, breakdown, one_shown, shown
from opsgauge.operations.ticket import ticket
from opsgauge.operations.uses import DAYS, used
from opsgauge.operations.versions import data_versions
from opsgauge.web.api.as_csv import AS_CSV, FormOf, answered
from opsgauge.web.asked import AskedOf, ChartingOf, Ctx, ListingOf, SelectionOf
from opsgauge.web.counted import seen_by_program


class Problem(BaseModel):
    """What went wrong, and what to try next."""

    message: str
    hint: str
    kind: str


class Refused(BaseModel):
    """The answer of every request that could not be answered."""

    error: Problem


ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused, "description": "The question cannot be asked this way."},
    403: {"model": Refused, "description": "Not allowed, or not from this machine."},
    404: {"model": Refused, "description": "No such metric, ticket or data version."},
    409: {"model": Refused, "description": "The records do not hold what this needs."},
}
router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Year = Annotated[int | None, Query(description="The year to show; else this one.")]
Other = Annotated[str, Query(max_length=8_000, description="Another definition, as YAML.")]
Compare = Annotated[int | None, Query(description="An earlier data version to compare with.")]
Change = Annotated[int | None, Query(description="A data version with which one changed.")]
Hours = Annotated[float | None, Query(description="How long before it to look for changes.")]
Json = dict[str, Any]
COUNTED = [Depends(seen_by_program)]


@router.get("/home", tags=["pages"])
def read_home(ctx: Ctx, asked: AskedOf) -> Json:
    """Return what matters now, how the work runs, and whether the numbers can be trusted.

    Of the last whole week that ends at `to` or before, or of the newest.
    """
    return home(ctx, conditions(asked.where), day("to", asked.to)).as_json()


@router.get("/metrics", tags=["catalogue"])
def read_metrics(ctx: Ctx) -> Json:
    """Return the metrics of the catalogue."""
    return {"metrics": metric_list(ctx)}


@router.get("/catalogue", tags=["pages"])
def read_catalogue(ctx: Ctx) -> Json:
    """Return the metrics of the catalogue, as its page shows them, and how they are used."""
    return {"metrics": metric_list(ctx), "used": used(ctx).as_json()}


@router.get("/catalogue/used", tags=["catalogue"])
def read_used(ctx: Ctx, days: Annotated[int, Query(description="To look back.")] = DAYS) -> Json:
    """Return how often each metric was looked at, and which are proposed for retirement."""
    return used(ctx, days).as_json()


@router.get("/metrics/{metric}", tags=["pages"], dependencies=COUNTED)
def read_metric(metric: str, ctx: Ctx, asked: AskedOf, how: ChartingOf) -> Json:
    """Return a metric as its page shows it: its meaning, its series, and its whole range.

    `overall` is the whole range as one number; `breakdown` is that number split by the first
    dimension of `by`, null where none is asked for. A split series is at `/measure`. `targets` and
    `owners` are what people agreed on about it. `chart` is its control chart, as `/chart` gives it;
    null where it has none.
    """
    usual = chart_period(ctx.catalogue.get(metric))
    series = replace(asked, period=asked.period or usual, by=())
    question = series.question(metric, ctx.workspace.zone)
    measured = measure(ctx, question)
    return {
        "definition": shown_metric(metric, ctx.workspace.path / "catalogue"),
        "explained": explain(ctx, question).as_json(),
        "measured": measured.as_json(),
        "chart": told_of(ctx, measured, how),
        "overall": _over_all(ctx, metric, asked, ()),
        "breakdown": _over_all(ctx, metric, asked, tuple(asked.by[:1])) if asked.by else None,
        **agreed_on(ctx, metric).as_json(),
    }


def _over_all(ctx: Context, metric: str, asked: Asked, by: tuple[str, ...]) -> Json:
    whole = replace(asked, period=ALL, by=by)
    return measure(ctx, whole.question(metric, ctx.workspace.zone)).as_json()


@router.get("/scorecards/{practice}", tags=["pages"])
def read_scorecard(practice: str, ctx: Ctx) -> Json:
    """Return by aspect the metrics of a practice, and the aspects that have none."""
    ctx.require("catalogue:read")
    return scorecard_gaps(practice, ctx.workspace.path / "catalogue")


@router.get("/metrics/{metric}/restated", tags=["pages"])
def read_restated(metric: str, ctx: Ctx, asked: AskedOf, compare_version: Compare = None) -> Json:
    """Return the past periods for which an earlier data version gave another value, with why."""
    question = asked.question(metric, ctx.workspace.zone)
    return restated(ctx, question, compare_version).as_json()


@router.get("/scorecards/{practice}/measured", tags=["numbers"])
def read_measured_scorecard(
    practice: str,
    ctx: Ctx,
    metric: str = TIME,
    type_: Annotated[str, Query(alias="type", description="What makes work alike.")] = TYPE,
    across: Annotated[str, Query(description="Whose work is compared.")] = ACROSS,
    shift: Annotated[str, Query(description="Shifts, as bands of hours.")] = "",
) -> Json:
    """Return a practice's score card with its consistency, repeatability and scalability."""
    return score_card(ctx, practice, Compared(metric, type_, across, shift)).as_json()


@router.get(
    "/measure/{metric}",
    tags=["numbers"],
    dependencies=COUNTED,
    **AS_CSV,
)
def read_measure(
    metric: str,
    ctx: Ctx,
    asked: AskedOf,
    form: FormOf,
    compare_version: Compare = None,
) -> Json | Response:
    """Measure a metric: a row per period and combination of dimensions.

    With `compare_version`, `restated` lists the past periods that are others than in that version.
    Where tickets are left out by agreement, `excluded` says why and `rows_with_excluded` counts
    them; a CSV has `value_with_excluded` and `n_with_excluded` in each row.
    """
    question = asked.question(metric, ctx.workspace.zone)
    answer = measure(ctx, question).as_json()
    if compare_version is not None:
        answer["restated"] = restated(ctx, question, compare_version).as_json()["restated"]
    if form.is_csv:
        answer["rows"] = csv_rows(answer)
    return answered(ctx, form, answer, "rows", metric)


@router.get(
    "/chart/{metric}",
    tags=["numbers"],
    dependencies=COUNTED,
    **AS_CSV,
)
def read_chart(
    metric: str, ctx: Ctx, asked: AskedOf, how: ChartingOf, form: FormOf
) -> Json | Response:
    """Return a metric's control chart: limits, points and the rules each point breaks."""
    found = chart(ctx, asked.question(metric, ctx.workspace.zone), how)
    return answered(ctx, form, told(ctx, found), "points", f"{metric}-chart")


@router.get("/metrics/{metric}/events", tags=["numbers"], dependencies=COUNTED)
def read_events(metric: str, ctx: Ctx, asked: AskedOf) -> Json:
    """Return what happened while a metric was measured, and when its level changed for good."""
    known = ctx.catalogue.get(metric)
    asked = replace(asked, by=(), period=asked.period or chart_period(known))
    return meanwhile(ctx, asked.question(metric, ctx.workspace.zone))


@router.get("/explain/{metric}", tags=["numbers"], dependencies=COUNTED)
def read_explain(metric: str, ctx: Ctx, asked: AskedOf) -> Json:
    """Say what a number means: as a sentence, as SQL, and what is left out."""
    return explain(ctx, asked.question(metric, ctx.workspace.zone)).as_json()


@router.get("/findings", tags=["numbers"])
def read_findings(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return what was found in the records, with size and certainty; and what people saved."""
    saved = [each.as_json() for each in saved_findings(ctx)]
    return {**find(ctx, chosen).as_json(), "saved": saved}


@router.get("/descriptions", tags=["numbers"])
def read_descriptions(ctx: Ctx, chosen: SelectionOf, steps: str = "phase") -> Json:
    """Return what lies beyond a threshold of the workspace, judged by nobody."""
    return describe(ctx, chosen, steps).as_json()


@router.get("/tickets", tags=["pages"])
def read_tickets(request: Request, ctx: Ctx, listing: ListingOf) -> Json:
    """List the tickets behind a number, as many as its n; without a metric, all that are chosen.

    A list of more rows than people read is an export, which is noted in the audit.
    """
    listed = listing.answer(ctx)
    if len(listed.rows) > MOST_REMEMBERED:
        asked = asked_for(request.query_params.multi_items())
        note_export(ctx, "tickets as JSON", asked, len(listed.rows))
    return listed.as_json()


@router.get("/tickets/{source}/{ticket_id:path}", tags=["pages"])
def read_ticket(source: str, ticket_id: str, ctx: Ctx, hours: Hours = None) -> Json:
    """Return one ticket: as it stands, what happened, where its time went.

    `changes_before` holds the changes made within so many hours before it was opened; `outage`
    when that began and was detected, as it counts, as the source has it, and who decided.
    """
    return {
        **ticket(ctx, ticket_id, source).as_json(),
        "changes_before": changes_before(ctx, ticket_id, source, hours).as_json(),
        "outage": outage_times(ctx, ticket_id, source).as_json(),
    }


@router.get("/changes-before/{ticket_id:path}", tags=["numbers"], **AS_CSV)
def read_changes_before(
    ticket_id: str,
    ctx: Ctx,
    form: FormOf,
    source: str | None = None,
    hours: Hours = None,
) -> Json | Response:
    """Return the changes made before an incident, on its item, one it needs, or its service."""
    plain = changes_before(ctx, ticket_id, source, hours).as_json()
    return answered(ctx, form, plain, "changes", "changes-before")


@router.get("/checks", tags=["pages"])
def read_checks(ctx: Ctx) -> Json:
    """Return what was looked at in the data, what was found, and the data-quality score."""
    return check_by_source(ctx).as_json()


@router.get("/calendars", tags=["pages"])
def read_calendars(ctx: Ctx) -> Json:
    """Return the business calendars; one whose file does not fit with its fault."""
    return {"calendars": [line.as_json() for line in listed_calendars(ctx)]}


@router.get("/calendars/{name}", tags=["pages"])
def read_calendar(name: str, ctx: Ctx, year: Year = None) -> Json:
    """Return a business calendar as a year of days: open hours, holidays, clock changes."""
    return calendar_year(ctx, name, year).as_json()


@router.get("/service-levels", tags=["pages"])
def read_service_levels(ctx: Ctx, asked: AskedOf) -> Json:
    """Return every service level and how it is kept, with the chains they form.

    Dates choose clocks by when they were decided; what runs or is paused is as it stands now.
    """
    chosen = _clocks(asked)
    return {
        **shown(ctx, chosen).as_json(),
        "chains": [each.as_json() for each in chains(ctx, chosen)],
    }


@router.get("/service-levels/{name}", tags=["pages"])
def read_service_level(
    name: str, ctx: Ctx, asked: AskedOf, part: str = "team", other: Other = ""
) -> Json:
    """Return one service level: kept, its late clocks' time, pauses, the source's own flag.

    `part` is what time is split by; `other`, another definition of it, adds what would be.
    """
    chosen = _clocks(asked)
    late = breakdown(ctx, name, part, chosen, late_only=True)
    kept = one_shown(ctx, name, chosen)
    told = {
        **kept.as_json(),
        "suspect": list(clocks_suspect(ctx)),
        "late": late.as_json(),
        "pauses": paused(ctx, name, chosen).as_json(),
        "source": beside_source(ctx, name, chosen).as_json(),
        "zones": zoned(ctx, name).as_json(),
    }
    if other:
        told["whatif"] = whatif(ctx, name, other_definition(other, "other", name)).as_json()
    return told


def _clocks(asked: AskedOf) -> Clocks:
    return Clocks(conditions(asked.where), day("from", asked.from_), day("to", asked.to))


@router.get("/versions", tags=["pages"])
def read_versions(ctx: Ctx, change: Change = None) -> Json:
    """Return the data versions, and what changed in how their data came in, newest first.

    `integration` compares key numbers of the same tickets before and after one change; it is null
    for whom no number is.
    """
    lines = [line.as_json() for line in data_versions(ctx)]
    log = shown_integration(ctx, change)
    return {"versions": lines, "integration": log.as_json() if log else None}


@router.get("/deleted", tags=["numbers"])
def read_deleted(ctx: Ctx) -> Json:
    """Return the tickets that are gone at their source, with what was last known of them."""
    return deleted(ctx).as_json()
