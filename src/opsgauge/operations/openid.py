"""Signing in with an OpenID provider: authorization code with PKCE, and a checked ID token.

Floor 5. The provider's address comes from the workspace's settings alone, and so do all requests
of the server: what it says of itself must be under its own host or https. Nothing is kept here
while somebody is away at the provider: a secret in their browser's cookie is what state, nonce and
PKCE verifier are made of, so an answer is of use in that browser alone.
Source: OpenID Connect Core 1.0; RFC 7636 (PKCE); RFC 9207 (issuer in the answer).
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import socket
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from opsgauge.foundation.errors import Fault, SettingsWrong, SignInRefused
from opsgauge.foundation.settings import Settings
from opsgauge.governance.sessions import SECRET
from opsgauge.operations.context import Context
from opsgauge.operations.signing_in import FromProvider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")  # never none, nor HS
SCOPE = "openid profile email"
SECONDS = 10.0  # how long to wait for the provider
LEEWAY = 60  # seconds that clocks may differ
KEPT = timedelta(hours=1)  # how long what the provider says of itself is held
KEYS_EACH = timedelta(minutes=1)  # how often keys are fetched anew at most
VARIABLE = "OPSGAUGE_OIDC_SECRET"
LONGEST_ANSWER = 1_000_000
METADATA = ip_network("fd00:ec2::/32")  # of a cloud, over IPv6; over IPv4 it is link-local


@dataclass(frozen=True)
class Away:
    """What holds together the two halves of one sign-in: a secret of the browser's cookie."""

    secret: str

    @classmethod
    def begin(cls) -> "Away":
        """Return a fresh one."""
        return cls(secrets.token_urlsafe(32))

    def part(self, name: str) -> str:
        """Return the state, nonce or verifier of this sign-in, 43 characters."""
        made = hmac.new(self.secret.encode(), name.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")


@dataclass
class Provider:
    """One OpenID provider, and what it said of itself."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    asks: httpx.BaseTransport | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _told: tuple[datetime, dict[str, Any]] | None = None
    _keys: tuple[datetime, KeySet] | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Provider":
        """Return the provider that the settings name.

        Raises
        ------
        SettingsWrong : they lack the client, or its secret cannot be read
        """
        if not settings.oidc_client_id:
            raise SettingsWrong("oidc_issuer is set, and oidc_client_id is not.")
        _must_be_safe(settings.oidc_issuer, "oidc_issuer")
        secret = _client_secret(settings)
        return cls(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)

    def address(self, ctx: Context, away: Away, back: str) -> str:
        """Return where to send a browser to sign in.

        Parameters
        ----------
        back : the address of this server to which the provider sends the browser back

        Raises
        ------
        Fault : the provider cannot be reached, or says of itself what cannot be
        """
        told = self._metadata(ctx)
        return str(
            prepare_grant_uri(
                told["authorization_endpoint"],
                client_id=self.client_id,
                response_type="code",
                redirect_uri=back,
                scope=SCOPE,
                state=away.part("state"),
                nonce=away.part("nonce"),
                code_challenge=create_s256_code_challenge(away.part("verifier")),
                code_challenge_method="S256",
            )
        )

    def answered(self, ctx: Context, away: Away, back: str, given: dict[str, str]) -> FromProvider:
        """Return who somebody is, by what the provider's answer and its ID token say.

        Parameters
        ----------
        given : the parameters with which the browser came back

        Raises
        ------
        SignInRefused : anything of it does not hold
        Fault : the provider cannot be reached
        """
        state = away.part("state").encode()
        begun = SECRET.fullmatch(away.secret) is not None
        if not begun or not hmac.compare_digest(given.get("state", "").encode(), state):
            raise SignInRefused("This sign-in was not begun in this browser, or long ago.")
        if given.get("iss", self.issuer) != self.issuer:
            raise SignInRefused("The answer is of another provider.")
        if given.get("error") or not given.get("code"):
            raise SignInRefused(f"{self.name} did not let you in.")
        token = self._token(ctx, away, back, given["code"])
        return self._told_by(self._claims(ctx, token, away.part("nonce")))

    def _token(self, ctx: Context, away: Away, back: str, code: str) -> str:
        endpoint = self._metadata(ctx)["token_endpoint"]
        known = {} if self.client_secret else {"client_id": self.client_id}
        form = prepare_token_request(
            "authorization_code",
            redirect_uri=back,
            code=code,
            code_verifier=away.part("verifier"),
            **known,
        )
        status, answer = self._asked("POST", endpoint, form)
        if status != httpx.codes.OK:
            raise SignInRefused(f"{self.name} does not take the code.")
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > LONGEST_ANSWER:
            raise SignInRefused(f"{self.name} gave no ID token.")
        return token

    def _claims(self, ctx: Context, token: str, nonce: str) -> dict[str, Any]:
        """Return what an ID token says, once its signature and every claim hold."""
        now = int(ctx.clock().timestamp())
        wanted = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decoded(ctx, token)
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError) as wrong:
            raise SignInRefused(f"The ID token of {self.name} does not hold.") from wrong
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client_id:
            raise SignInRefused(f"The ID token of {self.name} is for another program.")
        return claims

    def _decoded(self, ctx: Context, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key_set(ctx, anew=False), list(ALGORITHMS)).claims
        except (JoseError, ValueError):
            # The provider may have other keys since; they are fetched anew once a minute at most.
            return jwt.decode(token, self._key_set(ctx, anew=True), list(ALGORITHMS)).claims

    def _told_by(self, claims: dict[str, Any]) -> FromProvider:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise SignInRefused(f"{self.name} names nobody.")
        said = {key: value for key, value in claims.items() if isinstance(value, str)}
        email = said.get("email", "")
        name = said.get("preferred_username") or email or subject
        return FromProvider(self.issuer, subject, name, said.get("name", ""), email)

    def _metadata(self, ctx: Context) -> dict[str, Any]:
        now = ctx.clock()
        with self._lock:
            if self._told and now - self._told[0] < KEPT:
                return self._told[1]
            told = self._get(f"{self.issuer}/.well-known/openid-configuration")
            if told.get("issuer") != self.issuer:
                raise Fault(f"{self.name} calls itself {str(told.get('issuer'))[:100]!r}.")
            here = _is_here(urlsplit(self.issuer).hostname or "")
            for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _must_be_safe(str(told.get(key, "")), f"{key} of {self.name}", here)
            self._told = now, told
            return told

    def _key_set(self, ctx: Context, anew: bool) -> KeySet:
        address = self._metadata(ctx)["jwks_uri"]
        now = ctx.clock()
        with self._lock:
            old = self._keys
            if old and now - old[0] < (KEYS_EACH if anew else KEPT):
                return old[1]
            fresh = KeySet.import_key_set(self._get(address))  # type: ignore[arg-type]  # checked by it
            self._keys = now, fresh
            return fresh

    def _get(self, address: str) -> dict[str, Any]:
        status, told = self._asked("GET", address)
        if status != httpx.codes.OK:
            raise self._out_of_reach(f"it answers {status}")
        return told

    def _asked(self, method: str, address: str, form: str = "") -> tuple[int, dict[str, Any]]:
        """Ask the provider; return the status and the object it answered.

        No redirect is followed, and no more is read than an answer may be long.
        """
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            if self.client_secret:
                headers["Authorization"] = _basic(self.client_id, self.client_secret)
        try:
            with httpx.Client(timeout=SECONDS, transport=self.asks, trust_env=False) as client:
                asked = client.build_request(
                    method, address, content=form.encode(), headers=headers
                )
                answer = client.send(asked, stream=True)
                told = json.loads(_read_of(answer))
        except (httpx.HTTPError, ValueError) as wrong:
            raise self._out_of_reach(type(wrong).__name__) from wrong
        if not isinstance(told, dict):
            raise self._out_of_reach("it answers no object")
        return answer.status_code, told

    def _out_of_reach(self, why: str) -> Fault:
        return Fault(
            f"{self.name} cannot be asked: {why}.",
            hint="Try again; if it stays so, see oidc_issuer in opsgauge.toml.",
        )


def _basic(client_id: str, secret: str) -> str:
    """Return how a client shows who it is (RFC 6749, 2.3.1), each part encoded as in a form."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _client_secret(settings: Settings) -> str:
    if not settings.oidc_secret_file:
        return os.environ.get(VARIABLE, "")
    try:
        return Path(settings.oidc_secret_file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(
            f"The client's secret cannot be read: {settings.oidc_secret_file}.",
            hint=f"See oidc_secret_file, or set {VARIABLE} instead.",
        ) from wrong


def _read_of(answer: httpx.Response) -> bytes:
    """Return what a provider answered, as long as it may be; a packed one grows part by part.

    Raises
    ------
    ValueError : it is longer
    """
    with contextlib.closing(answer):
        read = b""
        for part in answer.iter_bytes():
            read += part
            if len(read) > LONGEST_ANSWER:
                raise ValueError("too long")
        return read


def _must_be_safe(address: str, what: str, here: bool = True) -> None:
    """Refuse an address that is neither https nor on this machine, or that no provider can have.

    Parameters
    ----------
    here : whether it may be on this machine: a provider elsewhere has no business there

    Raises
    ------
    SettingsWrong : it is none
    """
    try:
        parts = urlsplit(address)
        host, named = parts.hostname or "", parts.username is not None
    except ValueError:
        host, named = "", False
    local = _is_here(host)
    web = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and local))
    if not web or named or (local and not here) or _is_nowhere(host):
        raise SettingsWrong(f"{what} is no https address of a provider: {address[:100]!r}.")


def _is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost")


def _is_nowhere(host: str) -> bool:
    """Say whether a host is an address at which no provider is, such as a cloud's own metadata.

    Examples
    --------
    >>> [_is_nowhere(each) for each in ("169.254.169.254", "::", "0x7f.1", "id.example.org")]
    [True, True, True, False]
    """
    try:
        told = ip_address(host)
    except ValueError:
        return _is_odd_number(host)
    plain = getattr(told, "ipv4_mapped", None) or told
    return (
        plain.is_link_local
        or plain.is_multicast
        or plain.is_unspecified
        or told in METADATA
        or (plain is not told and plain.is_loopback)
    )


def _is_odd_number(host: str) -> bool:
    """Say whether a host is an IPv4 address in a form that only old programs read."""
    try:
        socket.inet_aton(host)
    except (OSError, UnicodeError):
        return False
    return True
