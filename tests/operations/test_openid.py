"""OpenID Connect against a real provider, and against one that lies."""

import base64
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import Fault, Misuse, SettingsWrong, SignInRefused
from opsgauge.foundation.settings import Settings
from opsgauge.governance import audit, sessions
from opsgauge.governance import people_changes as changes
from opsgauge.governance.access import Assignment
from opsgauge.governance.people import user_named, user_of_subject
from opsgauge.governance.people_changes import By, NewUser
from opsgauge.operations.context import Context
from opsgauge.operations.openid import Away, Provider
from opsgauge.operations.signing_in import FromProvider, lasting, sign_in_from_provider
from tests.conftest import Intake
from tests.operations.real_provider import real_provider

pytestmark = pytest.mark.row("SEC-03")
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ISSUER, CLIENT, BACK = "https://id.example.org", "gauge", "https://gauge.example.org/sign-in/return"
SECONDS = int(NOW.timestamp())
Claims = dict[str, Any]


class Liar:
    """A provider without a network, whose ID token says whatever a test wants."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.other = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.away = Away.begin()
        self.sent: dict[str, list[str]] = {}
        self.token = ""
        self.metadata: Claims = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.provider = Provider(
            ISSUER, CLIENT, "hush", "Example", asks=httpx.MockTransport(self.answer)
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer what the server asks."""
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.metadata)
        if path == "/keys":
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        self.sent = parse_qs(request.content.decode())
        told = {"access_token": "a", "token_type": "Bearer", "id_token": self.token}
        return httpx.Response(200, json=told)

    def claims(self, **others: Any) -> Claims:
        """Return claims that hold, but for those named; None leaves one out."""
        good = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "subject-1",
            "exp": SECONDS + 300,
            "iat": SECONDS,
            "nonce": self.away.part("nonce"),
            "preferred_username": "Ana",
            "email": "ana@example.org",
            "name": "Ana S.",
        }
        return {name: value for name, value in (good | others).items() if value is not None}

    def signed(self, claims: Claims) -> str:
        """Return an ID token as the provider signs it."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


@pytest.fixture(scope="module")
def liar() -> Liar:
    """Return a provider that can lie."""
    return Liar()


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Make a workspace with an administrator."""
    held = Intake(tmp_path_factory.mktemp("openid"))
    made = Context(held.workspace, clock=fixed_clock(NOW))
    by = By(made.database, made.clock, made.actor)
    changes.make_user(
        by, NewUser("root", email="a@example.org", roles=(Assignment("administrator"),))
    )
    yield made
    made.database.close()
    held.close()


def told_by(liar: Liar, ctx: Context, **given: str) -> FromProvider:
    """Come back from the provider."""
    answer = {"state": liar.away.part("state"), "code": "c", **given}
    return liar.provider.answered(ctx, liar.away, BACK, answer)


def test_a_token_that_holds_says_who_it_is(liar: Liar, ctx: Context) -> None:
    """The code is traded with the verifier that the address only hashed."""
    address = liar.provider.address(ctx, liar.away, BACK)
    asked = {name: each for name, [each] in parse_qs(urlsplit(address).query).items()}
    liar.token = liar.signed(liar.claims())
    who = told_by(liar, ctx)

    assert who == FromProvider(ISSUER, "subject-1", "Ana", "Ana S.", "ana@example.org")
    assert address.startswith(f"{ISSUER}/authorize?")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == BACK
    assert liar.sent["code_verifier"] == [liar.away.part("verifier")]
    assert liar.away.part("verifier") not in address
    assert "openid" in asked["scope"].split()


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["gauge", "another"]},
        {"aud": ["gauge", "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": SECONDS - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": SECONDS + 3_600},
        {"nbf": SECONDS + 3_600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
)
def test_a_claim_that_does_not_hold_lets_nobody_in(
    liar: Liar, ctx: Context, others: Claims
) -> None:
    """Each by itself, in a token that is signed well."""
    liar.token = liar.signed(liar.claims(**others))
    with pytest.raises(SignInRefused):
        told_by(liar, ctx)


def _by_another_key(liar: Liar) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, liar.claims(), liar.other)


def _unsigned(liar: Liar) -> str:
    head = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    return f"{head}.{liar.signed(liar.claims()).split('.')[1]}."


def _by_the_public_key_as_a_secret(liar: Liar) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode()
    body = liar.signed(liar.claims()).split(".")[1]
    made = hmac.new(liar.key.as_pem(private=False), f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def _changed(liar: Liar) -> str:
    head, _, end = liar.signed(liar.claims()).split(".")
    other = liar.signed(liar.claims(sub="root")).split(".")[1]
    return f"{head}.{other}.{end}"


@pytest.mark.parametrize(
    "forge",
    [
        _by_another_key,
        _unsigned,
        _by_the_public_key_as_a_secret,
        _changed,
        lambda liar: "",
        lambda liar: "a.b.c",
        lambda liar: "." * 10_000,
        lambda liar: liar.signed(liar.claims()) + "x",
        lambda liar: "é.é.é",
    ],
)
def test_a_forged_token_lets_nobody_in(
    liar: Liar, ctx: Context, forge: Callable[[Liar], str]
) -> None:
    """Another key, no signature, the public key as a secret, one claim changed, no token."""
    liar.token = forge(liar)
    with pytest.raises(SignInRefused):
        told_by(liar, ctx)


@pytest.mark.parametrize(
    "given",
    [
        {"state": "another"},
        {"state": ""},
        {"state": "é"},
        {"iss": "https://evil.example"},
        {"code": ""},
        {"error": "access_denied"},
    ],
)
def test_an_answer_that_does_not_belong_here_lets_nobody_in(
    liar: Liar, ctx: Context, given: dict[str, str]
) -> None:
    """Its state is of another browser, it is another provider's, or none."""
    liar.token = liar.signed(liar.claims())
    with pytest.raises(SignInRefused):
        told_by(liar, ctx, **given)


@pytest.mark.parametrize("secret", ["", "x", "x" * 42 + "."])
def test_without_the_cookie_of_the_beginning_there_is_no_state(
    liar: Liar, ctx: Context, secret: str
) -> None:
    """A state that anybody can compute holds nothing together."""
    away = Away(secret)
    with pytest.raises(SignInRefused, match="not begun"):
        liar.provider.answered(ctx, away, BACK, {"state": away.part("state"), "code": "c"})


@pytest.mark.parametrize(
    "others",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_says_odd_things_of_itself_is_not_asked(
    ctx: Context, others: Claims
) -> None:
    """No address of it leads to what is neither https nor this machine."""
    odd = Liar()
    odd.metadata |= others
    with pytest.raises((Fault, SettingsWrong)):
        odd.provider.address(ctx, odd.away, BACK)


def test_new_keys_of_the_provider_are_fetched(ctx: Context) -> None:
    """Not more than once a minute, however many bad tokens come."""
    liar = Liar()
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return liar.answer(request)

    liar.provider.asks = httpx.MockTransport(answer)
    liar.token = liar.signed(liar.claims())
    told_by(liar, ctx)
    liar.key = liar.other
    liar.token = liar.signed(liar.claims())
    with pytest.raises(SignInRefused):
        told_by(liar, ctx)
    later = Context(ctx.workspace, clock=fixed_clock(datetime(2026, 1, 5, 8, 2, tzinfo=UTC)))
    told_by(liar, later)

    assert asked.count("/keys") == 2


def test_a_new_subject_becomes_a_user_without_roles(ctx: Context) -> None:
    """Known again by issuer and subject, whatever they call themselves; never by e-mail."""
    first = FromProvider(ISSUER, "s-7", "Root", "Ann", "a@example.org")
    secret = sign_in_from_provider(ctx, first, "10.0.0.1")
    found = sessions.known(ctx.database, secret, NOW, lasting(ctx))
    again = FromProvider(ISSUER, "s-7", "other", "Other", "root@example.org")
    sign_in_from_provider(ctx, again, "10.0.0.1")
    elsewhere = FromProvider("https://other.example", "s-7", "x", "X", "")
    sign_in_from_provider(ctx, elsewhere, "10.0.0.1")
    user, other = (
        user_of_subject(ctx.database, i, "s-7") for i in (ISSUER, "https://other.example")
    )

    assert found is not None
    assert found.actor.assignments == ()
    assert user is not None
    assert other is not None
    assert user.name.startswith("root-")  # the name was another's, and stays theirs
    assert other.id != user.id
    assert audit.lines(ctx.database, action="sign-in")[0].why == "by https://other.example"
    assert user_named(ctx.database, "root").issuer == ""


def test_a_user_who_is_shut_out_stays_out(ctx: Context) -> None:
    """The provider does not know that."""
    told = FromProvider(ISSUER, "s-8", "eve", "", "")
    sign_in_from_provider(ctx, told, "10.0.0.1")
    changes.set_active(By(ctx.database, ctx.clock, ctx.actor), "eve", False)
    with pytest.raises(SignInRefused, match="no longer active"):
        sign_in_from_provider(ctx, told, "10.0.0.1")


@pytest.mark.parametrize(
    "said",
    [
        {"oidc_issuer": "http://id.example.org", "oidc_client_id": "a"},
        {"oidc_issuer": "https://id.example.org"},
        {"oidc_issuer": "https://id.example.org", "oidc_client_id": "a", "oidc_secret_file": "/no"},
    ],
)
def test_settings_that_cannot_be_are_refused(said: dict[str, str]) -> None:
    """Plain http beyond this machine, no client, a secret that is not there."""
    with pytest.raises(SettingsWrong):
        Provider.of(Settings.model_validate(said))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Claims]:
    """Start a real provider."""
    with real_provider(tmp_path_factory.mktemp("provider")) as told:
        yield told


def test_a_real_provider_lets_somebody_in(real: Claims, ctx: Context) -> None:
    """Authorization code, PKCE, RS256: somebody signs in there, and is known here."""
    provider = Provider(real["issuer"], real["client_id"], real["client_secret"], "Django")
    now = Context(ctx.workspace)
    away = Away.begin()
    address = provider.address(now, away, real["back"])
    with httpx.Client(follow_redirects=False, timeout=30) as browser:
        page = browser.get(address, follow_redirects=True)
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        fields = {"username": "ana", "password": "correct horse", "csrfmiddlewaretoken": token}
        answer = browser.post(str(page.url), data=fields)
        while not answer.headers["location"].startswith(real["back"]):
            answer = browser.get(str(page.url.join(answer.headers["location"])))
    given = {k: v for k, [v] in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    who = provider.answered(now, away, real["back"], given)

    assert (who.issuer, who.subject) == (real["issuer"], real["subject"])
    with pytest.raises(SignInRefused):  # a code is good once
        provider.answered(now, away, real["back"], given)
    with pytest.raises(Misuse):
        provider.answered(now, Away.begin(), real["back"], given)


NOWHERE = (
    "http://id.example.org/keys",
    "http://169.254.169.254/latest/meta-data",
    "https://169.254.169.254/keys",
    "https://[fe80::1]/keys",
    "https://[fd00:ec2::254]/keys",
    "https://[::ffff:169.254.169.254]/keys",
    "https://[::ffff:127.0.0.1]/keys",
    "https://0.0.0.0/keys",
    "https://2130706433/keys",
    "https://0x7f.1/keys",
    "https://id.example.org@127.0.0.1/keys",
    "https://[x/keys",
    "file:///etc/passwd",
    "gopher://id.example.org/",
)
HERE = ("http://127.0.0.1:8500/keys", "https://localhost/keys", "https://[::1]/keys")


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("address", [*NOWHERE, *HERE])
@pytest.mark.parametrize("key", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_sends_the_server_nowhere_it_has_no_business(
    liar: Liar, ctx: Context, key: str, address: str
) -> None:
    """Neither to this machine nor to what a cloud says of it, in whatever way it is written."""
    lies = httpx.MockTransport(lambda _: httpx.Response(200, json=liar.metadata | {key: address}))
    provider = Provider(ISSUER, CLIENT, "hush", "Example", asks=lies)
    with pytest.raises(SettingsWrong, match=f"{key} of Example is no https address"):
        provider.address(ctx, liar.away, BACK)


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("address", [each.rsplit("/", 1)[0] for each in NOWHERE])
def test_an_issuer_is_an_address_that_a_provider_can_have(address: str) -> None:
    """Its own machine is one, for a provider that runs beside."""
    told = Settings.model_construct(oidc_issuer=address, oidc_client_id="x")
    with pytest.raises(SettingsWrong, match="oidc_issuer is no https address"):
        Provider.of(told)
    Provider.of(Settings(oidc_issuer="http://127.0.0.1:8500", oidc_client_id="x"))


@pytest.mark.row("SEC-04")
def test_no_redirect_of_a_provider_is_followed_and_no_endless_answer_read(ctx: Context) -> None:
    """A redirect is an answer that cannot be; of an answer without end one megabyte is read."""
    asked: list[str] = []
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 100_000
            yield b" " * 100_000

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if "endless" in asked[0]:
            return httpx.Response(200, content=endless())
        return httpx.Response(302, headers={"Location": "http://169.254.169.254/"}, json={})

    for issuer in (ISSUER, f"{ISSUER}/endless"):
        asked.clear()
        provider = Provider(issuer, CLIENT, "hush", "Example", asks=httpx.MockTransport(answer))
        with pytest.raises(Fault, match="Example cannot be asked"):
            provider.address(ctx, Away.begin(), BACK)
        assert asked == [f"{issuer}/.well-known/openid-configuration"]
    assert sent <= 1_200_000
