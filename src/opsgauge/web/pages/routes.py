"""The routes of all pages, and the page that tells an error.

Floor 6. Each page has its own file; its JSON twin has the same address under /api/v1.
"""

from fastapi import APIRouter

from opsgauge.web.pages import (
    account,
    alerts,
    audit,
    baselines,
    breach_risk,
    calendars,
    catalogue,
    checks,
    comparing,
    early_signs,
    exclusions,
    home,
    incoming,
    maps_compared,
    metric,
    monthly,
    objectives,
    outages,
    owners,
    people,
    process_map,
    published,
    requests,
    restated,
    scorecard,
    search,
    service_levels,
    services,
    signals,
    signing_in,
    spectrum,
    targets,
    ticket,
    tickets,
    versions,
)
from opsgauge.web.pages.errors import error_page

__all__ = ["error_page", "router"]

router = APIRouter()
for page in (
    home,
    monthly,
    metric,
    restated,
    comparing,
    early_signs,
    published,
    tickets,
    ticket,
    process_map,
    maps_compared,
    spectrum,
    checks,
    catalogue,
    calendars,
    requests,
    breach_risk,
    service_levels,
    objectives,
    services,
    outages,
    versions,
    scorecard,
    search,
    incoming,
    audit,
    signing_in,
    account,
    people,
    signals,
    alerts,
    targets,
    owners,
    exclusions,
    baselines,
):
    router.include_router(page.router)
for room in (account, people, services):
    router.include_router(room.posts)
