"""The page that says what happened, and what one can do now.

Floor 6. It asks nothing of the data, so that it can be drawn whatever is broken.
"""

from fastapi import Request
from fastapi.responses import HTMLResponse

from opsgauge.operations.drawing.words import capfirst
from opsgauge.web.pages.frame import bare_frame, html, knows_somebody, link

TITLES = {
    400: "This cannot be asked in that way",
    401: "This needs somebody who is signed in",
    403: "This is not allowed",
    404: "There is no such thing here",
    405: "This is no page",
    429: "There were too many tries",
    409: "The records do not hold what this needs",
}
LINKS = [link("Home", "/"), link("All metrics", "/catalogue"), link("All tickets", "/tickets")]
UNEXPECTED = "Something went wrong that should not have"


def error_page(
    request: Request, status: int, message: str, hint: str, reference: str = ""
) -> HTMLResponse:
    """Return the page that tells an error.

    Parameters
    ----------
    reference : what to quote when asking for help; it stands in the server's log
    """
    title = TITLES.get(status, UNEXPECTED)
    known = status in TITLES
    said = message.removesuffix(".")
    said = capfirst(said) if status == 403 else said  # it begins with the name of a role
    return html(
        "error.html",
        {
            "page": bare_frame(request, title),
            "headline": said if known else title,
            "why": "" if known else message,
            "crumbs": [],
            "hint": hint,
            "links": LINKS if knows_somebody(request) else [link("Sign in", "/sign-in")],
            "reference": reference,
        },
        status,
    )
