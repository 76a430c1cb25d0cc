"""The routes of the API about conformance: rules, the tickets behind them, their evidence.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from opsgauge.operations.conformance.evidence import evidence_pack
from opsgauge.operations.conformance.models import model_fit, model_tickets
from opsgauge.operations.conformance.over_time import exceptions
from opsgauge.operations.conformance.rules import conformance, rule_tickets
from opsgauge.operations.conformance.times import time_tickets, times
from opsgauge.operations.lists import Page
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf, paged
from opsgauge.web.conforming import (
    EvidenceOf,
    ExceptionsOf,
    ModelBehindOf,
    ModelledOf,
    ProfiledOf,
    RuleBehindOf,
    TimesBehindOf,
    zipped,
)

router = APIRouter(prefix="/api/v1/conformance", tags=["conformance"], responses=ANSWERS)
Json = dict[str, Any]
PageOf = Annotated[Page, Depends(paged)]


@router.get("")
def read_rules(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return every rule of the workspace, and how many tickets break it."""
    return conformance(ctx, chosen).as_json()


@router.get("/tickets")
def read_rule_tickets(
    ctx: Ctx,
    chosen: SelectionOf,
    behind: RuleBehindOf,
    page: PageOf,
) -> Json:
    """Return the tickets behind a number of a rule, as many as it."""
    return rule_tickets(ctx, behind, chosen, page).as_json()


@router.get("/exceptions")
def read_exceptions(ctx: Ctx, chosen: SelectionOf, asked: ExceptionsOf) -> Json:
    """Return what share of tickets breaks each rule by period, judged on a control chart."""
    return exceptions(ctx, asked, chosen).as_json()


@router.get("/evidence.zip", response_class=Response)
def read_evidence(ctx: Ctx, chosen: SelectionOf, wanted: EvidenceOf) -> Response:
    """Return the evidence of rules as a zip; the audit keeps that it was taken away."""
    return zipped(evidence_pack(ctx, wanted, chosen))


@router.get("/times")
def read_times(ctx: Ctx, chosen: SelectionOf, asked: ProfiledOf) -> Json:
    """Return how long it takes from step to step, and how often it is unusual."""
    return times(ctx, asked, chosen).as_json()


@router.get("/times/tickets")
def read_time_tickets(
    ctx: Ctx, chosen: SelectionOf, asked: ProfiledOf, behind: TimesBehindOf, page: PageOf
) -> Json:
    """Return the tickets behind a number of two steps, as many as it."""
    return time_tickets(ctx, asked, behind, chosen, page).as_json()


@router.get("/model")
def read_model(ctx: Ctx, chosen: SelectionOf, asked: ModelledOf) -> Json:
    """Return how tickets fit a model: fitness, precision, departures, steps, habits."""
    return model_fit(ctx, asked, chosen).as_json()


@router.get("/model/tickets")
def read_model_tickets(
    ctx: Ctx, chosen: SelectionOf, asked: ModelledOf, behind: ModelBehindOf, page: PageOf
) -> Json:
    """Return the tickets behind a number about a model, as many as it."""
    return model_tickets(ctx, asked, behind, chosen, page).as_json()
