"""Who may talk to the server: until there is sign-in, this machine alone.

Floor 6. The server listens on loopback; a request whose Host is another name is refused, which
keeps pages of other sites from reaching it by a name of their own (DNS rebinding), and so is one
that another site's page sends (Origin, Sec-Fetch-Site).
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from fastapi import Request, Response
from fastapi.responses import JSONResponse

Next = Callable[[Request], Awaitable[Response]]
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
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


async def only_this_machine(request: Request, call_next: Next) -> Response:
    """Refuse what does not come from this machine's own pages; add the headers of safety."""
    reason = _refusal(request)
    if reason:
        response: Response = JSONResponse(
            {"error": {"message": reason, "hint": "Open http://127.0.0.1 on this machine."}}, 403
        )
    else:
        response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refusal(request: Request) -> str:
    name, port = _parted(request.headers.get("host", ""))
    if name not in LOCAL_NAMES:
        return "The server answers this machine alone, under the name localhost or 127.0.0.1."
    origin = request.headers.get("origin")
    if origin is not None and origin not in {f"http://{each}{port}" for each in LOCAL_NAMES}:
        return "A page of another site may not ask this server."
    if request.headers.get("sec-fetch-site") == "cross-site" and request.method != "GET":
        return "A page of another site may not change anything here."
    return ""


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
