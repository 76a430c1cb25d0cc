"""Can the numbers be trusted: every check of the data, the gravest state first.

Floor 6.
"""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.log.checks.score import Score
from opsgauge.operations.check import check_by_source
from opsgauge.operations.checked import Affected, Check, Checked
from opsgauge.operations.phrases import score_words
from opsgauge.operations.trust import trust_facts
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.home import trust_rows
from opsgauge.web.pages.tidy import TidyRoute

GRAVEST_FIRST = ("fail", "unknown", "warn", "note", "pass")
TITLES = {
    "fail": "What fails ({n})",
    "unknown": "What could not be looked at ({n})",
    "warn": "What asks to be looked at ({n})",
    "note": "What is worth knowing ({n})",
    "pass": "What holds ({n})",
}
router = APIRouter(route_class=TidyRoute)


@router.get("/checks")
def checks_page(seen: ViewOf) -> HTMLResponse:
    """Draw the list of checks."""
    checked = check_by_source(seen.ctx)
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
            "groups": groups(checked.checks),
            "not_compared": [each for each in checked.checks if _idle(each)],
            "scores": scores(checked),
            "affected": [_affected(seen, each) for each in checked.impact],
            "trust": trust_rows(seen, trust_facts(seen.ctx)),
            "metric_hrefs": {
                name: (metrics[name].definition.title, str(seen.address.to(f"/metrics/{name}")))
                for name in touched
                if name in metrics
            },
            "examples": {each.id: _examples(seen, each) for each in checked.checks},
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
    unknown = sum(each.state == "unknown" for each in checks)
    if unknown:
        return f"No check fails, but {unknown} of {len(checks)} could not be made"
    doubtful = sum(each.state == "warn" for each in checks)
    if doubtful:
        asks = "asks" if doubtful == 1 else "ask"
        return f"No check fails; {doubtful} of {len(checks)} {asks} to be looked at"
    made = sum(not _idle(each) for each in checks)
    return f"All {made} checks hold"


def _of(count: int, of: int) -> str:
    return f"{count} of {of} checks {'fails' if count == 1 else 'fail'}"


def _why(checks: tuple[Check, ...]) -> str:
    held = sum(each.state == "pass" and each.compared for each in checks)
    idle = sum(map(_idle, checks))
    none = f", {idle} had nothing to compare" if idle else ""
    return (
        f"{held} found nothing{none}. A failed check withholds a number only where it makes the "
        "number wrong, not where it makes it less sure."
    )


def groups(checks: tuple[Check, ...]) -> list[Values]:
    """Return the checks by state, the gravest first, each group with its title."""
    return [
        {"state": state, "title": TITLES[state].format(n=len(there)), "checks": there}
        for state in GRAVEST_FIRST
        if (there := [each for each in checks if each.state == state and not _idle(each)])
    ]


def scores(checked: Checked) -> list[Values]:
    """Return the data-quality score over all and, where there are more, of each source."""
    rows = [("Over all", checked.score)]
    rows += checked.sources.items() if len(checked.sources) > 1 else []
    return [_score(*row) for row in rows]


def _score(name: str, of: Score) -> Values:
    return {"name": name, "words": score_words(of), "score": of}


def _affected(seen: View, of: Affected) -> Values:
    checks = [link(each, f"#{each}") for each in of.checks]
    href = str(seen.address.to(f"/metrics/{of.metric}"))
    return {**link(of.title, href), "numbers": of.numbers, "checks": checks}


def _idle(check: Check) -> bool:
    """Say whether a check had nothing to look at."""
    return check.state == "pass" and not check.compared


def _examples(seen: View, check: Check) -> list[Values]:
    """Return the examples of a check that its words do not hold already; tickets as links."""
    if check.tickets:
        return [link(number, _ticket(seen, source, number)) for source, number in check.tickets]
    return [link(text, "") for text in check.examples if text not in check.words]


def _ticket(seen: View, source: str, number: str) -> str:
    """Return the address of a ticket by itself."""
    return str(seen.address.to(f"/tickets/{quote(source, safe='')}/{quote(number, safe='')}"))
