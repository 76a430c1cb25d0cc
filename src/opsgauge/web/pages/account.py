"""One's own account: roles, password, tokens, and who looked at what one did.

Floor 6.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import Misuse, NotAllowed, PeopleWrong, QueryWrong
from opsgauge.governance.access import ACTIONS, decide
from opsgauge.governance.people import actor_of, reach_words
from opsgauge.governance.tokens import NewToken
from opsgauge.operations.context import Context
from opsgauge.operations.people import make_own_token, own_tokens, reach_of, revoke_token
from opsgauge.operations.signing_in import change_own_password, looks_at_me, own_user
from opsgauge.web.asked import Served
from opsgauge.web.door import address_of, door_of, let_in
from opsgauge.web.given import Given, short_form, whole_number
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, told
from opsgauge.web.pages.tidy import TidyRoute

MOST_LOOKS = 50
USUAL_DAYS = "90"
router = APIRouter(route_class=TidyRoute)
posts = APIRouter()


@router.get("/account")
def account_page(seen: ViewOf) -> Response:
    """Draw the account of who is signed in."""
    return _drawn(seen, seen.ctx)


@posts.post("/account")
async def change_account(request: Request, ctx: Served) -> Response:
    """Change the password, make a token or revoke one; `do` says which."""
    form = await short_form(request, ctx)
    view = View.bare(request, ctx)

    def change() -> Response:
        try:
            return _done(request, view, form)
        except NotAllowed:
            if form.get("do") != "token":
                raise
            return _drawn(view, ctx, form, "The token would do more than you may.")
        except Misuse as wrong:
            return _drawn(view, ctx, form, told(wrong))

    return await run_in_threadpool(change)


def _done(request: Request, seen: View, form: Given) -> Response:
    ctx, do = seen.ctx, form.get("do")
    if do == "password":
        if form.get("new") != form.get("again"):
            raise PeopleWrong("The two new passwords are not the same.")
        secret = change_own_password(ctx, form.get("old"), form.get("new"), address_of(request))
        return let_in(door_of(request), RedirectResponse("/account", 303), secret)
    if do == "token":
        made = make_own_token(ctx, _token(form))
        return _drawn(seen, ctx, made=made, made_name=form.get("name"))
    if do == "revoke":
        revoke_token(ctx, whole_number(form.get("number").strip()))
        return RedirectResponse("/account", 303)
    raise QueryWrong(f"An account cannot be changed by {do!r}.")


def _token(form: Given) -> NewToken:
    actions = tuple(form.get("actions").replace(",", " ").split())
    reach = reach_of([form.get("reach")])
    return NewToken(form.get("name"), actions, whole_number(form.get("days").strip()), reach)


def _drawn(
    seen: View, ctx: Context, form: Given | None = None, fault: str = "", **more: Any
) -> Response:
    user = own_user(ctx)
    actor, typed = actor_of(user), form or Given()
    looks = looks_at_me(ctx)
    page = frame(seen, "account", "Your account", provenance=None, json_href="/api/v1/account")
    roles = [
        {"role": each.role, "reach": reach_words(each.reach), "group": each.group}
        for each in user.given
    ]
    values: Values = {
        "page": page,
        "headline": user.shown,
        "why": f"You sign in as {user.name}.",
        "crumbs": [],
        "user": user,
        "roles": roles,
        "tokens": [(each, each.state(ctx.clock())) for each in own_tokens(ctx)],
        "actions": [
            (name, words) for name, words in ACTIONS.items() if decide(actor, name).allowed
        ],
        "looks": looks[:MOST_LOOKS],
        "looks_total": len(looks),
        "zone": ctx.workspace.settings.zone,
        "fault": fault,
        "fault_of": typed.get("do"),
        "typed": {
            "name": typed.get("name"),
            "actions": typed.get("actions") or "metric:read",
            "days": typed.get("days") or USUAL_DAYS,
            "reach": typed.get("reach"),
        },
        "made": more.get("made", ""),
        "made_name": more.get("made_name", ""),
    }
    return html("account.html", values, 400 if fault else 200)
