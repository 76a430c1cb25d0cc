"""Users and groups, for whoever may see and change them.

Floor 6. Every change is a plain form whose `do` says what; a fault is told beside what was typed.
"""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.foundation.errors import QueryWrong, UnknownName
from opsgauge.governance import people as kept
from opsgauge.governance.access import REACHED_BY, ROLES, Assignment, decide
from opsgauge.governance.people import reach_words
from opsgauge.operations import people as asked_of
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.owners import NO_SUCH_USER, OWNER_LEFT, Held, held_by, owner_register
from opsgauge.operations.people import Added, role_of
from opsgauge.web.asked import Served
from opsgauge.web.given import Given, short_form, whole_number
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.trying import tried

CHANGE = "people:change"
GONE = (OWNER_LEFT, NO_SUCH_USER)
FIELDS = ("name", "shown", "email", "alias", "role", "reach", "group")
router = APIRouter(route_class=TidyRoute)
posts = APIRouter()


@router.get("/people")
def people_page(seen: ViewOf) -> Response:
    """Draw every user and group."""
    return _people(seen)


@router.get("/people/{name}")
def user_page(seen: ViewOf, name: str) -> Response:
    """Draw one user."""
    return _user(seen, name)


@router.get("/groups/{group}")
def group_page(seen: ViewOf, group: str) -> Response:
    """Draw one group."""
    return _group(seen, group)


@posts.post("/people")
async def add_user(request: Request, ctx: Served) -> Response:
    """Make a user."""
    form = await short_form(request, ctx)

    def make() -> str:
        password = form.get("password") or None
        given = _roles(form)
        name, shown, email, alias = (form.get(key) for key in ("name", "shown", "email", "alias"))
        new = Added(name, shown, email, alias, password, given)
        user = asked_of.add_user(ctx, new)
        return f"/people/{quote(user.name)}"

    return await tried(make, lambda fault: _people(View.bare(request, ctx), form, fault))


@posts.post("/people/{name}")
async def change_user(request: Request, ctx: Served, name: str) -> Response:
    """Change a user, their password, whether they may sign in, their roles or groups."""
    form = await short_form(request, ctx)

    def change() -> str:
        _changes(ctx, name, form)
        return f"/people/{quote(name)}"

    return await tried(change, lambda fault: _user(View.bare(request, ctx), name, form, fault))


@posts.post("/groups/{group}")
async def change_group(request: Request, ctx: Served, group: str) -> Response:
    """Give a group a role, or take one."""
    form = await short_form(request, ctx)

    def change() -> str:
        if form.get("do") == "take":
            asked_of.take_role(ctx, whole_number(form.get("number")))
        elif form.get("do") == "give":
            asked_of.give_role(ctx, _role(form), group=group)
        else:
            raise QueryWrong(f"A group cannot be changed by {form.get('do')!r}.")
        return f"/groups/{quote(group, safe='')}"

    return await tried(change, lambda fault: _group(View.bare(request, ctx), group, form, fault))


def _changes(ctx: Context, name: str, form: Given) -> None:
    """Do what a form asks.

    Raises
    ------
    QueryWrong : it asks for nothing that can be done
    """
    words = [form.get(key) for key in ("shown", "email", "alias")]
    does: dict[str, Callable[[], object]] = {
        "change": lambda: asked_of.change_user(ctx, name, *words),
        "shut out": lambda: asked_of.set_active(ctx, name, False),
        "let in": lambda: asked_of.set_active(ctx, name, True),
        "password": lambda: asked_of.set_password(ctx, name, form.get("password")),
        "give": lambda: asked_of.give_role(ctx, _role(form), user=name),
        "take": lambda: asked_of.take_role(ctx, whole_number(form.get("number"))),
        "join": lambda: asked_of.join_group(ctx, name, form.get("group")),
        "leave": lambda: asked_of.leave_group(ctx, name, form.get("group")),
        "revoke": lambda: asked_of.revoke_token(ctx, whole_number(form.get("number"))),
    }
    if form.get("do") not in does:
        raise QueryWrong(f"A user cannot be changed by {form.get('do')!r}.")
    does[form.get("do")]()


def _role(form: Given) -> Assignment:
    return role_of(form.get("role"), [form.get("reach")])


def _roles(form: Given) -> tuple[Assignment, ...]:
    return (_role(form),) if form.get("role") else ()


def _people(seen: View, form: Given | None = None, fault: str = "") -> Response:
    found = asked_of.people(seen.ctx)
    active = sum(each.active for each in found.users)
    values: Values = {
        "left": _left(seen) if found.users else None,
        "headline": f"{counted(active, 'user')} may sign in" if found.users else "Nobody signs in",
        "why": ""
        if found.users
        else "Whoever reaches this machine's own address may do everything. The first user is an "
        "administrator; from then on everybody signs in.",
        "crumbs": [],
        "users": [
            {
                "user": each,
                "href": f"/people/{quote(each.name)}",
                "roles": ", ".join(dict.fromkeys(one.role for one in each.given)) or "none",
            }
            for each in found.users
        ],
        "groups": [
            {
                "name": name,
                "href": f"/groups/{quote(name, safe='')}",
                "members": sum(name in each.groups for each in found.users),
                "roles": ", ".join(dict.fromkeys(one.role for one in given)) or "none",
            }
            for name, given in found.groups.items()
        ],
    }
    return _html("people.html", seen, "People", values, form, fault)


def _user(seen: View, name: str, form: Given | None = None, fault: str = "") -> Response:
    user = asked_of.one_user(seen.ctx, name)
    values: Values = {
        "headline": user.shown,
        "why": f"Signs in as {user.name}." if user.active else f"{user.name} may not sign in.",
        "crumbs": [link("People", "/people"), link(user.name, "")],
        "user": user,
        "given": _given(user.given),
        "tokens": [
            (each, each.state(seen.ctx.clock())) for each in asked_of.tokens(seen.ctx, user.name)
        ],
        "page_href": f"/people/{quote(user.name)}",
        "holds": [_held(each) for each in held_by(seen.ctx, user)],
        "group_hrefs": {each: f"/groups/{quote(each, safe='')}" for each in user.groups},
    }
    return _html("person.html", seen, user.shown, values, form, fault)


def _held(held: Held) -> Values:
    """Return what somebody answers for, and the form that names another owner."""
    named = quote(held.subject, safe="")
    href = f"/owners?kind={held.kind}&subject={named}#set"
    return {
        "text": f"{held.kind} {held.title}",
        "href": f"/targets#target-{named}" if held.kind == "target" else href,
        "could_take": ", ".join(held.could_take),
    }


def _left(seen: View) -> Values | None:
    """Return how many things are owned by people who left or are no users, None for none."""
    if not decide(seen.ctx.actor, "owner:read").allowed:
        return None
    gone = [each for each in owner_register(seen.ctx).gaps if each.what in GONE]
    if not gone:
        return None
    are = "thing is" if len(gone) == 1 else "things are"
    return link(f"{len(gone)} {are} owned by somebody who left or is no user", "/owners#gaps")


def _group(seen: View, group: str, form: Given | None = None, fault: str = "") -> Response:
    found = asked_of.people(seen.ctx)
    members = [each for each in found.users if group in each.groups]
    if group not in found.groups:
        raise UnknownName(
            f"There is no group {group[:40]!r}.",
            hint="A group is there once a user is in it; put one in on the user's page.",
        )
    values: Values = {
        "headline": group,
        "why": f"{counted(len(members), 'user')} have what is given to this group."
        if len(members) != 1
        else "1 user has what is given to this group.",
        "crumbs": [link("People", "/people"), link(group, "")],
        "members": [link(each.shown, f"/people/{quote(each.name)}") for each in members],
        "given": _given(tuple(found.groups[group])),
        "page_href": f"/groups/{quote(group, safe='')}",
    }
    return _html("group.html", seen, group, values, form, fault)


def _given(given: tuple[kept.Given, ...]) -> list[Values]:
    return [{"one": each, "reach": reach_words(each.reach)} for each in given]


def _html(
    template: str, seen: View, title: str, values: Values, form: Given | None, fault: str
) -> Response:
    typed = form or Given()
    twin = "/api/v1/people"
    around: Values = {
        "page": frame(seen, "people", title, provenance=None, json_href=twin),
        "zone": seen.ctx.workspace.settings.zone,
        "may_change": decide(seen.ctx.actor, CHANGE).allowed,
        "roles": sorted(ROLES),
        "reached_by": ", ".join(REACHED_BY),
        "fault": fault,
        "fault_of": typed.get("do"),
        "typed": {key: typed.get(key) for key in FIELDS},
        "again": form is not None,
    }
    return html(template, values | around, 400 if fault else 200)
