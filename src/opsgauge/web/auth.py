"""What every request passes: from where it may come, and who it is from.

Floor 6. A request whose Host is not a name of this server is refused, which keeps pages of other
sites from reaching it by a name of their own (DNS rebinding), and so is one that another site's
page sends (Origin, Sec-Fetch-Site). Then a session's cookie or a token says who asks. Until there
is a user, this machine's own user is whoever reaches loopback. What changes something by a cookie
has to bring the session's form token, which no other site can know: as a header, or within the
first bytes of a form.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from opsgauge.foundation.errors import NotAllowed, NotSignedIn, OpsgaugeError
from opsgauge.governance.sessions import Known
from opsgauge.governance.sign_ins import NOBODY
from opsgauge.web.counted import WARMING
from opsgauge.web.door import LOCAL_NAMES, Door, form_token

Tell = Callable[[Request, OpsgaugeError], Response]
SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/sign-in", "/sign-in/provider", "/sign-in/return", "/setup")
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
HEADER = "x-opsgauge-form-token"
LOOKED_AT = 8_192  # bytes of a form in which its token has to stand
STATIC = "/static/"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_ALONE = "max-age=31536000"


class Gate:
    """Stands before every route; what it lets pass says in `state` who asks.

    `state.actor` is who asks, `state.known` the user behind a session or token (None for this
    machine's own user), `state.secret` the session's secret and `state.form_token` its form token.
    """

    def __init__(self, app: ASGIApp, door: Door, tell: Tell) -> None:
        self._app, self._door, self._tell = app, door, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope.setdefault("state", {}).update(
            actor=NOBODY, known=None, secret="", form_token="", door=self._door
        )

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(scope, MutableHeaders(scope=message))
            await send(message)

        try:
            receive = await self._let_pass(request, receive)
        except OpsgaugeError as wrong:
            await self._refused(request, wrong)(scope, receive, told)
            return
        try:
            await self._app(scope, receive, told)
        finally:
            if request.method not in SAFE:
                self._door.keeper.forget()

    async def _let_pass(self, request: Request, receive: Receive) -> Receive:
        """Say in the request's state who asks; return what its body is read from.

        Raises
        ------
        NotAllowed : it comes from elsewhere, or lacks its form token
        NotSignedIn : nobody is known, and it is no page that anybody may open
        """
        reason = refusal(request, self._door)
        if reason:
            raise NotAllowed(reason, hint="Open it under its own address; see base_url.")
        if request.scope.get(WARMING):
            request.state.actor = self._door.keeper.own
            return receive
        if request.url.path.startswith(STATIC):
            return receive
        await self._know(request)
        if request.state.actor is NOBODY and request.url.path not in OPEN:
            raise NotSignedIn("Nobody is signed in.", hint="Sign in, or send a token as Bearer.")
        guarded = request.method not in SAFE and request.url.path not in OPEN
        if guarded and request.state.secret:
            return await _with_form_token(request, receive)
        return receive

    async def _know(self, request: Request) -> None:
        """Find out who asks; stays nobody where that cannot be said."""
        keeper, bearer = self._door.keeper, _bearer(request)
        secret = bearer or _cookie(request, self._door.cookie)
        found, asks = (keeper.held(secret) if secret else None), True
        if found is None:
            found, asks = await run_in_threadpool(keeper.look, secret, bool(bearer))
        if not asks:
            request.state.actor = self._door.keeper.own
            return
        if bearer and (found is None or not found.token):
            raise NotSignedIn("This token is none, or has ended.", hint="Make a new one.")
        if found is not None and bool(found.token) == bool(bearer):
            _say(request, found, "" if bearer else secret)

    def _refused(self, request: Request, wrong: OpsgaugeError) -> Response:
        path = request.url.path
        if isinstance(wrong, NotSignedIn) and not path.startswith("/api/"):
            if self._door.set_up is not None and not self._door.keeper.has_users():
                return RedirectResponse("/setup", 303)
            query = f"?{request.url.query}" if request.url.query else ""
            asked = f"{path}{query}" if request.method == "GET" else "/"
            return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", 303)
        answer = self._tell(request, wrong)
        if isinstance(wrong, NotSignedIn):
            answer.headers["WWW-Authenticate"] = 'Bearer realm="Opsgauge"'
        return answer

    def _mark(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._door.secure:
            headers.setdefault("Strict-Transport-Security", HTTPS_ALONE)
        if scope["state"]["known"] is not None:
            headers.setdefault("Cache-Control", "private, no-cache")


def refusal(request: Request, door: Door) -> str:
    """Return why a request is refused by where it comes from; "" where it is not."""
    name, port = _parted(request.headers.get("host", ""))
    own = door.names | {_listening(request.scope)}
    if not name or name not in own:
        return (
            "The server does not answer under this name: it answers as localhost or 127.0.0.1, "
            "and under the name in the setting base_url."
        )
    local = {f"http://{each}{port}" for each in (*LOCAL_NAMES, _listening(request.scope))}
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in local | door.origins:
        return "A page of another site may not ask this server."
    from_where = request.headers.get("sec-fetch-site")
    if from_where in ("cross-site", "same-site") and request.method not in SAFE:
        return "A page of another site may not change anything here."
    return ""


def _listening(scope: Scope) -> str:
    """Return the address at which the server was reached; an address is nobody's own name."""
    host = (scope.get("server") or ("", None))[0] or ""
    try:
        ip_address(host)
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host


def _parted(host: str) -> tuple[str, str]:
    """Part a Host header into its name and its port with the colon.

    Examples
    --------
    >>> _parted("localhost:8787"), _parted("[::1]:80"), _parted("evil.example")
    (('localhost', ':8787'), ('[::1]', ':80'), ('evil.example', ''))
    """
    if host.startswith("["):
        name, bracket, port = host.partition("]")
        return name + bracket, port
    name, colon, port = host.partition(":")
    return name.lower(), colon + port


def _say(request: Request, found: Known, secret: str) -> None:
    request.state.known, request.state.actor = found, found.actor
    request.state.secret = secret
    request.state.form_token = form_token(secret) if secret else ""


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _cookie(request: Request, name: str) -> str:
    return request.cookies.get(name, "")


async def _with_form_token(request: Request, receive: Receive) -> Receive:
    """Refuse what does not bring the session's form token; return the body, unread.

    Raises
    ------
    NotAllowed : it is not there
    """
    token, sent = request.state.form_token, Headers(scope=request.scope)
    if sent.get(HEADER, "") == token:
        return receive
    taken: list[Message] = []
    if not request.url.path.startswith("/api/"):
        begun = b""
        while len(begun) < LOOKED_AT:
            message = await receive()
            taken.append(message)
            begun += message.get("body", b"")
            if not message.get("more_body") or message["type"] != "http.request":
                break
        if token.encode() in begun[: LOOKED_AT + len(token)]:
            return _again(taken, receive)
    raise NotAllowed(
        "This form is not of your session: it may have been open since before you signed in.",
        hint=f"Open the page again. A program sends {HEADER}, which /api/v1/account tells.",
    )


def _again(taken: list[Message], receive: Receive) -> Receive:
    left = iter(taken)

    async def more() -> Any:
        message = next(left, None)
        return await receive() if message is None else message

    return more
