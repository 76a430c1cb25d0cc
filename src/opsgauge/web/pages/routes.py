"""The routes of all pages, and the page that tells an error.

Floor 6. Each page has its own file; its JSON twin has the same address under /api/v1.
"""

from fastapi import APIRouter

from opsgauge.web.pages import (
    calendars,
    catalogue,
    checks,
    exclusions,
    home,
    incoming,
    metric,
    owners,
    process_map,
    requests,
    restated,
    scorecard,
    search,
    service_levels,
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
    metric,
    restated,
    tickets,
    ticket,
    process_map,
    checks,
    catalogue,
    calendars,
    requests,
    service_levels,
    versions,
    scorecard,
    search,
    incoming,
    targets,
    owners,
    exclusions,
):
    router.include_router(page.router)
