"""Our own web hook: one POST with the message's idempotency key as a header, no redirect followed.

Floor 4. Apprise cannot send a header that differs from message to message, hence this.
"""

import json
from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

import httpx

from opsgauge.alerts.addresses import Look, allowed_addresses
from opsgauge.alerts.message import Written
from opsgauge.foundation.errors import Fault

# By kind: whether it is encrypted, and whether it sends a form in the place of JSON.
SCHEMES: Mapping[str, tuple[bool, bool]] = {
    "http": (False, False),
    "https": (True, False),
    "json": (False, False),
    "jsons": (True, False),
    "form": (False, True),
    "forms": (True, True),
}
KEY = "Idempotency-Key"
OK = range(200, 300)
REDIRECTS = range(300, 400)


def send(
    url: str, message: Written, seconds: float, private_hosts: Collection[str], look: Look
) -> None:
    """Post a message.

    Raises
    ------
    AddressRefused : the host may not be reached
    Fault : it did not take the message
    """
    parts = urlsplit(url)
    encrypted, is_form = SCHEMES[parts.scheme.lower()]
    host = parts.hostname or ""
    found = allowed_addresses(host, private_hosts, look)
    if not found:
        raise Fault(f"The host {host!r} is not known.")
    headers, query = _headers_and_query(parts)
    address = f"[{found[0]}]" if ":" in found[0] else found[0]
    port = f":{parts.port}" if parts.port else ""
    target = f"{'https' if encrypted else 'http'}://{address}{port}{parts.path or '/'}"
    asked = f"{target}?{query}" if query else target
    sent = {**headers, "Host": f"{host}{port}", KEY: message.key}
    told = _told(message)
    content = urlencode(_flat(told)) if is_form else json.dumps(told, ensure_ascii=False)
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    sent["Content-Type"] = kind
    auth = None
    if parts.username:
        auth = httpx.BasicAuth(unquote(parts.username), unquote(parts.password or ""))
    try:
        # The environment's proxies and netrc would lead elsewhere; redirects are not followed.
        with httpx.Client(timeout=seconds, trust_env=False, auth=auth) as client:
            answer = client.post(
                asked,
                content=content.encode(),
                headers=sent,
                extensions={"sni_hostname": host} if encrypted else {},
            )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
        raise Fault(f"{host} cannot be reached ({type(wrong).__name__}).") from None
    _must_be_taken(host, answer.status_code)


def _must_be_taken(host: str, status: int) -> None:
    if status in REDIRECTS:
        raise Fault(f"{host} leads elsewhere ({status}), which is not followed.")
    if status not in OK:
        raise Fault(f"{host} answered {status}.")


def _headers_and_query(parts: SplitResult) -> tuple[dict[str, str], str]:
    """Return what the URL says of headers (`+Name=value`) and the rest of its query."""
    pairs = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True)
    headers = {name[1:]: value for name, value in pairs if name.startswith("+")}
    return headers, urlencode([pair for pair in pairs if not pair[0].startswith("+")])


def _told(message: Written) -> dict[str, object]:
    return {
        "key": message.key,
        "subject": message.subject,
        "severity": message.severity,
        "text": message.text,
        "alerts": [dict(part) for part in message.parts],
    }


def _flat(told: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if name != "alerts"}
