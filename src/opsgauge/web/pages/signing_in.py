"""Signing in and out, by password or by an OpenID provider, and the first administrator.

Floor 6. Anybody may open these pages; what they show tells nothing of who there is.
"""

from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import (
    Fault,
    Misuse,
    OpsgaugeError,
    PeopleWrong,
    SignInRefused,
    TooManyTries,
    UnknownName,
)
from opsgauge.governance.people_changes import NewUser
from opsgauge.operations.openid import Away, Provider
from opsgauge.operations.signing_in import SetUp, sign_in, sign_in_from_provider, sign_out
from opsgauge.web.asked import Served
from opsgauge.web.door import Door, address_of, door_of, known_of, let_in, let_out, safe_next
from opsgauge.web.given import Given, short_form
from opsgauge.web.pages.frame import Values, bare_frame, html, told

AWAY = "opsgauge_away"  # the cookie of somebody who is at the provider
AWAY_SECONDS = 600
router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name
    """Draw where one signs in; whoever is signed in goes on."""
    if known_of(request) is not None:
        return RedirectResponse(safe_next(next), 303)
    return _sign_in(request, {"name": "", "next": safe_next(next)})


@router.post("/sign-in")
async def take_sign_in(request: Request, ctx: Served) -> Response:
    """Let in whoever knows a password."""
    form = await short_form(request, ctx)
    typed = {"name": form.get("name"), "next": safe_next(form.get("next"))}
    try:
        secret = await run_in_threadpool(
            sign_in, ctx, form.get("name"), form.get("password"), address_of(request)
        )
    except (SignInRefused, TooManyTries) as wrong:
        answer = _sign_in(request, typed, told(wrong), 429 if _waits(wrong) else 401)
        if isinstance(wrong, TooManyTries):
            answer.headers["Retry-After"] = str(wrong.wait_seconds)
        return answer
    await run_in_threadpool(_end_old, request, ctx)
    return let_in(door_of(request), RedirectResponse(typed["next"], 303), secret)


def _waits(wrong: OpsgaugeError) -> bool:
    return isinstance(wrong, TooManyTries)


def _end_old(request: Request, ctx: Served) -> None:
    """End the session that the browser had before: nobody goes on in it."""
    if request.state.secret:
        sign_out(ctx, request.state.secret)


@router.post("/sign-out")
def take_sign_out(request: Request, ctx: Served) -> Response:
    """End the session."""
    if request.state.secret:
        sign_out(ctx, request.state.secret)
    return let_out(door_of(request), RedirectResponse("/sign-in", 303))


@router.get("/sign-in/provider")
def to_provider(request: Request, ctx: Served, next: str = "/") -> Response:  # noqa: A002 - its name
    """Send a browser to the OpenID provider."""
    door, away = door_of(request), Away.begin()
    try:
        where = _provider(door).address(ctx, away, _back(request))
    except Fault as wrong:
        return _sign_in(request, {"name": "", "next": safe_next(next)}, told(wrong), 502)
    answer = RedirectResponse(where, 303)
    kept = f"{away.secret}.{urlencode({'next': safe_next(next)})}"
    # Lax: it has to come along when the provider sends the browser back.
    answer.set_cookie(
        AWAY, kept, AWAY_SECONDS, path="/sign-in", secure=door.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get("/sign-in/return")
def from_provider(request: Request, ctx: Served) -> Response:
    """Let in whom the provider knows."""
    door = door_of(request)
    secret, _, query = request.cookies.get(AWAY, "").partition(".")
    next_ = safe_next(dict(parse_qsl(query)).get("next", "/"))
    try:
        given = {name: value for name, value in request.query_params.items() if len(value) < 8_192}
        who = _provider(door).answered(ctx, Away(secret), _back(request), given)
        session = sign_in_from_provider(ctx, who, address_of(request))
    except (SignInRefused, PeopleWrong, Fault) as wrong:
        answer = _sign_in(request, {"name": "", "next": next_}, told(wrong), 401)
    else:
        _end_old(request, ctx)
        answer = let_in(door, RedirectResponse(next_, 303), session)
    answer.delete_cookie(AWAY, path="/sign-in", secure=door.secure, httponly=True, samesite="lax")
    return answer


@router.get("/setup")
def set_up_page(request: Request, code: str = "") -> Response:
    """Draw where the first administrator is made, for whoever has the printed link."""
    return _set_up(request, _setter(request), Given({"code": code}))


@router.post("/setup")
async def take_set_up(request: Request, ctx: Served) -> Response:
    """Make the first administrator, and sign them in."""
    maker = _setter(request)
    form = await short_form(request, ctx)
    new = NewUser(form.get("name"), form.get("shown"))

    def make() -> str:
        maker.make(ctx, form.get("code"), new, form.get("password"))
        return sign_in(ctx, new.name, form.get("password"), address_of(request))

    if form.get("password") != form.get("again"):
        return _set_up(request, maker, form, "The two passwords are not the same.")
    try:
        secret = await run_in_threadpool(make)
    except Misuse as wrong:
        return _set_up(request, maker, form, told(wrong))
    return let_in(door_of(request), RedirectResponse("/people", 303), secret)


def _setter(request: Request) -> SetUp:
    door = door_of(request)
    if door.set_up is None or door.keeper.has_users():
        raise UnknownName("Opsgauge is set up already.", hint="Sign in.")
    return door.set_up


def _provider(door: Door) -> Provider:
    if door.provider is None:
        raise UnknownName("No OpenID provider is set up.", hint="See oidc_issuer in the settings.")
    return door.provider


def _back(request: Request) -> str:
    """Return where the provider sends browsers back to: under the public address, if one is set."""
    base = door_of(request).keeper.ctx.workspace.settings.base_url
    return f"{base or str(request.base_url).rstrip('/')}/sign-in/return"


def _sign_in(request: Request, typed: Values, fault: str = "", status: int = 200) -> Response:
    provider = door_of(request).provider
    href = f"/sign-in/provider?{urlencode({'next': typed['next']})}"
    values: Values = {
        "page": bare_frame(request, "Sign in"),
        "headline": "Sign in",
        "why": "",
        "crumbs": [],
        "fault": fault,
        "typed": typed,
        "provider": {"text": f"Sign in with {provider.name}", "href": href} if provider else None,
    }
    return html("sign_in.html", values, status)


def _set_up(request: Request, maker: SetUp, form: Given, fault: str = "") -> Response:
    fits = maker.fits(form.get("code"))
    values = {
        "page": bare_frame(request, "Set up"),
        "headline": "Make the first administrator",
        "why": "" if fits else "Open the link that opsgauge serve printed where it was started.",
        "crumbs": [],
        "fault": fault,
        "fits": fits,
        "typed": {name: form.get(name) for name in ("code", "name", "shown")},
    }
    return html("setup.html", values, 400 if fault else 200 if fits else 403)
