"""Can the numbers be trusted: every check of the data, the worst first.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.operations.check import check
from opsgauge.operations.checked import Check
from opsgauge.operations.trust import trust_facts
from opsgauge.web.pages.frame import View, ViewOf, frame, html
from opsgauge.web.pages.home import trust_rows
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)


@router.get("/checks")
def checks_page(seen: ViewOf) -> HTMLResponse:
    """Draw the list of checks."""
    checked = check(seen.ctx)
    touched = {name for each in checked.checks for name in each.affects} - {"*"}
    metrics = seen.ctx.catalogue.metrics
    return html(
        "checks.html",
        {
            "page": frame(
                seen, "checks", "Checks", [f"Data version {checked.provenance.data_version}"]
            ),
            "headline": headline(checked.checks),
            "why": _why(checked.checks),
            "crumbs": [],
            "checked": checked,
            "trust": trust_rows(seen, trust_facts(seen.ctx)),
            "metric_hrefs": {
                name: (metrics[name].definition.title, str(seen.address.to(f"/metrics/{name}")))
                for name in touched
                if name in metrics
            },
            "example_hrefs": _examples(seen, checked.checks),
        },
    )


def headline(checks: tuple[Check, ...]) -> str:
    """Return the page's sentence."""
    failed = [each for each in checks if each.state == "fail"]
    held = [each for each in failed if each.critical]
    if held:
        return f"{_of(len(held), len(checks))}, and the numbers on it are withheld"
    if failed:
        return f"{_of(len(failed), len(checks))}; no number is withheld"
    doubtful = [each for each in checks if each.state == "warn"]
    if doubtful:
        return f"No check fails; {len(doubtful)} of {len(checks)} ask to be looked at"
    return f"All {len(checks)} checks hold"


def _of(count: int, of: int) -> str:
    return f"{count} of {of} checks {'fails' if count == 1 else 'fail'}"


def _why(checks: tuple[Check, ...]) -> str:
    held = sum(each.state == "pass" for each in checks)
    return (
        f"{held} found nothing. A failed check withholds a number only where it makes the number "
        "wrong, not where it makes it less sure."
    )


def _examples(seen: View, checks: tuple[Check, ...]) -> dict[str, str]:
    """Return addresses for the examples that are tickets' numbers."""
    texts = {text for each in checks if each.id not in NO_TICKETS for text in each.examples}
    return {text: str(seen.address.to("/search", q=text)) for text in texts}


NO_TICKETS = ("unmapped_words", "rejected_records", "repeated_records")
