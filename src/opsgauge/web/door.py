"""The server's door: under which names it answers, who sets it up, and the cookie of a session.

Floor 6. One `Door` belongs to an application; `auth.py` stands in it.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request, Response

from opsgauge.foundation.settings import Settings
from opsgauge.governance.sessions import Known
from opsgauge.operations.context import Context
from opsgauge.operations.doorkeeper import Doorkeeper
from opsgauge.operations.openid import Provider
from opsgauge.operations.signing_in import SetUp

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
LONGEST_NEXT = 2_000
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Door:
    """How one server is reached and entered.

    Attributes
    ----------
    set_up : makes the first administrator; None where nobody has to sign in
    origins : addresses, as browsers write them, of pages that may ask; beside this machine's own
    """

    keeper: Doorkeeper
    set_up: SetUp | None = None
    provider: Provider | None = None
    names: frozenset[str] = frozenset(LOCAL_NAMES)
    origins: frozenset[str] = field(default_factory=frozenset)
    secure: bool = False
    days: int = 7

    @property
    def cookie(self) -> str:
        """The name of a session's cookie; over https browsers then hold it to this one host."""
        return "__Host-opsgauge" if self.secure else "opsgauge_session"


def make_door(ctx: Context, people: bool = False) -> Door:
    """Return the door of a workspace.

    Parameters
    ----------
    people : whether one has to sign in even before there is a user, who is then made by a link
    """
    settings = ctx.workspace.settings
    keeper = Doorkeeper(ctx, people)
    return Door(
        keeper=keeper,
        set_up=SetUp() if people and not keeper.has_users() else None,
        provider=Provider.of(settings) if settings.oidc_issuer else None,
        names=frozenset((*LOCAL_NAMES, *_own_names(settings))),
        origins=frozenset(_own_origins(settings)),
        secure=settings.base_url.startswith("https://"),
        days=settings.session_days,
    )


def _own_names(settings: Settings) -> Iterable[str]:
    if settings.base_url:
        host = urlsplit(settings.base_url).hostname or ""
        yield f"[{host}]" if ":" in host else host


def _own_origins(settings: Settings) -> Iterable[str]:
    if settings.base_url:
        parts = urlsplit(settings.base_url)
        yield f"{parts.scheme}://{parts.netloc.lower()}"


def is_loopback(host: str) -> bool:
    """Say whether an address to listen on is reached from this machine alone.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def door_of(request: Request) -> Door:
    """Return the door of the application that a request came to."""
    door: Door = request.app.state.door
    return door


def known_of(request: Request) -> Known | None:
    """Return who is signed in; None where nobody is, or nobody has to be."""
    found: Known | None = getattr(request.state, "known", None)
    return found


def address_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else "nowhere"


def form_token(secret: str) -> str:
    """Return what a form of a session has to bring along, which no other site can know.

    Examples
    --------
    >>> len(form_token("a"))
    64
    """
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def let_in(door: Door, response: Response, secret: str) -> Response:
    """Give a browser the cookie of its session."""
    response.set_cookie(
        door.cookie,
        secret,
        max_age=door.days * DAY,
        path="/",
        secure=door.secure,
        httponly=True,
        samesite="lax",
    )
    return response


def let_out(door: Door, response: Response) -> Response:
    """Take the cookie of a session back."""
    response.delete_cookie(door.cookie, path="/", secure=door.secure, httponly=True, samesite="lax")
    return response


def safe_next(address: str) -> str:
    r"""Return where to go on after sign-in: an address of this server, or Home.

    Examples
    --------
    >>> safe_next("/metrics/backlog?period=week")
    '/metrics/backlog?period=week'
    >>> safe_next("//evil.example"), safe_next("https://evil.example"), safe_next("/\\evil.org")
    ('/', '/', '/')
    """
    odd = any(character <= " " or character in "\\\x7f" for character in address)
    if odd or len(address) > LONGEST_NEXT or not address.startswith("/"):
        return "/"
    if address.startswith(("//", "/sign-in", "/setup")):
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else address
