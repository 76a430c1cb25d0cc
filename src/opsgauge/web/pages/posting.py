"""What becomes of a form that changes something: done and led on, or drawn again as it was typed.

Floor 6.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import Misuse, NotAllowed, UnknownRecord
from opsgauge.governance.access import decide
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import at
from opsgauge.operations.uploads import discard
from opsgauge.web.asked import context, newest
from opsgauge.web.given import Given, given
from opsgauge.web.pages.frame import Values, View, told, view

LONGEST_SHOWN = 4_000  # signs of a field that are shown again


@dataclass(frozen=True)
class Sent:
    """A form that was sent and refused: what was typed, what is wrong, and how grave that is."""

    form: Given
    fault: str = ""
    status: int = 200

    def typed(self, *names: str, **usual: str) -> dict[str, str]:
        """Return fields as they were typed; `usual` are those of a form that was not sent yet."""
        if not self.fault:
            return {name: usual.get(name, "") for name in (*names, *usual)}
        return {name: self.form.get(name)[:LONGEST_SHOWN] for name in (*names, *usual)}


UNSENT = Sent(Given())
Act = Callable[[Context, Given], str]
Draw = Callable[[View, Sent], Response]


async def acted(request: Request, act: Act, draw: Draw) -> Response:
    """Do what a form asks, and lead on; where that cannot be, draw its page with what was typed.

    Parameters
    ----------
    act : does it, and returns the address to lead to
    draw : the page the form stands on
    """
    form = await given(request, newest(request))
    if form.upload is not None:
        discard(form.upload)  # no such form has a file

    def run() -> Response:
        try:
            return RedirectResponse(act(newest(request), form), 303)
        except Misuse as wrong:
            seen = view(request, context(request))
            return draw(seen, Sent(form, told(wrong), _status(wrong)))

    return await run_in_threadpool(run)


def _status(wrong: Misuse) -> int:
    if isinstance(wrong, NotAllowed):
        return 403
    return 404 if isinstance(wrong, UnknownRecord) else 400


def why_not(ctx: Context, action: str) -> str:
    """Return why the actor may not do something, "" where it may."""
    verdict = decide(ctx.actor, action)
    return "" if verdict.allowed else verdict.reason


def ends(address: str, number: int, words: str, reason: bool = True) -> Values:
    """Return the form that ends something, as `parts/forms.html` takes it."""
    return {
        "href": f"{address}/{number}/end",
        "number": number,
        "words": words,
        "reason": reason,
    }


def options(pairs: list[tuple[str, str]], heading: str = "") -> Values:
    """Return choices of a field under one heading, as `parts/forms.html` takes them."""
    return {"text": heading, "options": [{"value": key, "text": text} for key, text in pairs]}


def metric_choices(ctx: Context, judged: bool = False) -> list[Values]:
    """Return the metrics to choose from, by practice.

    Parameters
    ----------
    judged : only those that have a better direction
    """
    by_practice: dict[str, list[tuple[str, str]]] = {}
    for each in ctx.catalogue:
        if not judged or each.definition.good in ("lower", "higher"):
            by_practice.setdefault(each.practice, []).append((each.name, each.definition.title))
    return [
        options(sorted(pairs, key=lambda pair: pair[1]), practice.replace("_", " ").capitalize())
        for practice, pairs in by_practice.items()
    ]


def local_day(text: str, ctx: Context) -> date:
    """Return the day of a moment of the records of people, on the workspace's clock."""
    return datetime.fromisoformat(text).astimezone(ctx.workspace.zone).date()


def moment(text: str, ctx: Context) -> str:
    """Return a moment of the records of people as one says it."""
    return at(datetime.fromisoformat(text), ctx.workspace.settings.zone)
